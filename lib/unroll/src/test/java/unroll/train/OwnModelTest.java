package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import unroll.tensor.CheckpointException;
import unroll.text.Batches;
import unroll.nn.Dropout;
import unroll.nn.Initializer;
import unroll.nn.Linear;
import unroll.nn.Module;
import unroll.nn.ResidualBlock;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Cell;
import unroll.recurrent.Gru;
import unroll.recurrent.Hidden;
import unroll.recurrent.Lstm;
import unroll.recurrent.Unrolled;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A model that a user writes is known by its structure: in another process, from another cell of a notebook, and
 * without a toString.
 */
class OwnModelTest {
    /** The example of {@link Module}. */
    static final class Mlp extends Module {
        private final Linear first, second;

        Mlp(int hidden, long seed) {
            Rng rng = Rng.seed(seed);
            first = child("first", new Linear(3, hidden, rng));
            second = child("second", new Linear(hidden, 2, rng));
        }

        Tensor loss(Tensor x) { return second.apply(first.apply(x).relu()).square().mean(); }
    }

    /** The same under another name, as a class of the next cell is. */
    private static final class Renamed extends Module {
        Renamed(long seed) {
            Rng rng = Rng.seed(seed);
            child("first", new Linear(3, 4, rng));
            child("second", new Linear(4, 2, rng));
        }
    }

    private static final class Leaky extends Module {
        private final double slope;
        private final String kind;
        private final int[] passes = {0};

        Leaky(double slope, String kind) {
            this.slope = slope;
            this.kind = kind;
            child("linear", new Linear(3, 2, Rng.seed(1)));
        }

        double changing() { return slope + kind.length() + passes[0]++; }
    }

    @TempDir Path folder;

    private static float[] weights(Module model) { return model.parameters().get(0).data(); }

    @Test void itIsLoadedIntoANewOneAndIntoOneOfAnotherName() {
        Mlp model = new Mlp(4, 1);
        Checkpoint.of(model).write(folder, "final");
        for (Module other : List.of(new Mlp(4, 2), new Renamed(3))) {
            Checkpoint.read(folder, "final").into(other);
            assertArrayEquals(weights(model), weights(other));
        }
    }

    /** Arguments: the folder. */
    static final class Writer {
        public static void main(String[] arguments) {
            Checkpoint.of(new Mlp(4, 1)).write(Path.of(arguments[0]), "final");
            System.out.println("written");
        }
    }

    @Test void itIsLoadedInAnotherProcess() throws Exception {
        try (ChildJvm child = new ChildJvm(folder, List.of("-Xmx256m"), Writer.class, folder.toString())) {
            assertEquals("written", child.line());
        }
        Mlp model = new Mlp(4, 2);
        Checkpoint.read(folder, "final").into(model);
        assertArrayEquals(weights(new Mlp(4, 1)), weights(model));
    }

    @Test void aRunOfItIsResumed() {
        Batches<Tensor> batches = Batches.generated(4, Rng.seed(1), rng -> rng.normal(5, 3));
        Mlp whole = new Mlp(4, 1), first = new Mlp(4, 1), second = new Mlp(4, 9);
        List<Double> losses = SmallRun
                .losses(Trainer.of(whole, new Adam(whole.parameters(), .01), whole::loss).fit(batches));
        Trainer.of(first, new Adam(first.parameters(), .01), first::loss).checkpoint(folder)
                .listen(SmallRun.after(2, Thread.currentThread()::interrupt)).fit(batches);
        assertTrue(Thread.interrupted());
        TrainingRun rest = Trainer.of(second, new Adam(second.parameters(), .01), second::loss).checkpoint(folder)
                .resume(batches);
        assertEquals(losses.subList(2, 4), SmallRun.losses(rest));
    }

    private static String refusal(Path folder, Module other) {
        return assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "final").into(other)).getMessage();
    }

    @Test void whatDiffersIsSaidReadably() {
        Checkpoint.of(new Mlp(4, 1)).write(folder, "final");
        String shapes = refusal(folder, new Mlp(5, 1));
        assertTrue(shapes.contains("it is of Mlp(first=Linear(in=3, out=4), second=Linear(in=4, out=2)), the model is")
                || shapes.contains("part first is Linear(in=3, out=4) there and Linear(in=3, out=5) in the model"),
                shapes);
        assertTrue(shapes.contains("first.w has shape [3, 4] there and [3, 5] in the model"), shapes);
        assertFalse(shapes.contains("@"), shapes);

        Checkpoint.of(new Leaky(.2, "tanh")).write(folder, "final");
        new Leaky(.2, "tanh").changing();
        Checkpoint.read(folder, "final").into(new Leaky(.2, "tanh"));
        String slope = refusal(folder, new Leaky(.3, "tanh"));
        assertTrue(slope.contains("slope=0.2") && slope.contains("slope=0.3"), slope);
        assertTrue(refusal(folder, new Leaky(.2, "relu")).contains("kind=relu"));
    }

    @Test void aPartWithAnotherSettingIsAnotherModel() {
        Checkpoint.of(new Holder(new Dropout(.5, Rng.seed(1)))).write(folder, "final");
        Checkpoint.read(folder, "final").into(new Holder(new Dropout(.5, Rng.seed(2))));
        String message = refusal(folder, new Holder(new Dropout(.1, Rng.seed(1))));
        assertTrue(message.contains("part inside is Dropout(p=0.5) there and Dropout(p=0.1) in the model"), message);
    }

    private static final class Holder extends Module {
        Holder(Module inside) {
            child("inside", inside);
            child("linear", new Linear(2, 2, Rng.seed(1)));
        }
    }

    /** A configuration of one's own, without a toString; each call gives another object. */
    private static SequenceLayer.Spec ownSpec() {
        return new SequenceLayer.Spec() {
            @Override public SequenceLayer build(Rng rng) { return Gru.of(3, 4).build(rng); }

            @Override public int inputSize() { return 3; }
        };
    }

    /** A cell that is a record: its text holds the numbers of its weights, and the name of a lambda. */
    private record Decaying(Parameter w, java.util.function.DoubleSupplier rate) implements Cell<Hidden> {
        @Override public Hidden step(Tensor x, Hidden before) {
            return new Hidden(before.h().mul(rate.getAsDouble()).add(x.matmul(w)));
        }

        @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, 4)); }

        @Override public List<Parameter> parameters() { return List.of(w); }

        @Override public int inputSize() { return 3; }

        @Override public int hiddenSize() { return 4; }
    }

    static Stream<java.util.function.Function<Rng, Module>> ownParts() {
        Initializer plain = (in, out, rng) -> rng.normal(in, out).mul(.1);
        return Stream.of(rng -> ResidualBlock.of(ownSpec()).build(rng),
                rng -> Lstm.of(3, 4).inputInit((in, out, r) -> r.normal(in, out)).build(rng),
                rng -> Lstm.of(3, 4).recurrentInit(plain.times(2)).build(rng),
                rng -> Lstm.of(3, 4).inputInit(new Initializer() {
                    @Override public Tensor values(int in, int out, Rng r) { return r.normal(in, out); }
                }).layers(2).build(rng),
                rng -> new Unrolled<>(new Decaying(new Parameter("w", rng.normal(3, 4)), () -> .9)));
    }

    @ParameterizedTest
    @MethodSource("ownParts") void configurationsCellsAndInitializersOfOnesOwn(
            java.util.function.Function<Rng, Module> build) {
        Module model = build.apply(Rng.seed(1)), other = build.apply(Rng.seed(2));
        Checkpoint.of(model).write(folder, "final");
        Checkpoint.read(folder, "final").into(other);
        assertArrayEquals(weights(model), weights(other));
        assertEquals(model.structure(), other.structure());
        assertFalse(model.structure().toString().matches("(?s).*(@[0-9a-f]{5}|Lambda).*"),
                model.structure().toString());
    }

    private static final class FixedLeak implements Cell<Hidden> {
        private final double leak;
        private final Parameter w = new Parameter("w", Rng.seed(1).normal(3, 4));

        FixedLeak(double leak) { this.leak = leak; }

        @Override public Hidden step(Tensor x, Hidden before) {
            return new Hidden(before.h().mul(leak).add(x.matmul(w)));
        }

        @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, 4)); }

        @Override public List<Parameter> parameters() { return List.of(w); }

        @Override public int inputSize() { return 3; }

        @Override public int hiddenSize() { return 4; }
    }

    @Test void aCellOfOnesOwnHasSettingsToo() {
        Checkpoint.of(new Unrolled<>(new FixedLeak(.9))).write(folder, "final");
        Checkpoint.read(folder, "final").into(new Unrolled<>(new FixedLeak(.9)));
        String message = refusal(folder, new Unrolled<>(new FixedLeak(.5)));
        assertTrue(message.contains("leak=0.9") && message.contains("leak=0.5"), message);
    }

    /** A notebook's kernel gives the class of each cell another name. */
    @ParameterizedTest
    @ValueSource(strings = {"",
            "@Override public String toString() { return \"Mine of \" + getClass().getName() + \" \" + "
                    + "super.toString(); }"}) void aCellThatIsRunAgainMakesTheSameModel(
                            String toString) {
        String cell = """
                final class Mine extends unroll.nn.Module {
                    private final double slope = 0.2;
                    Mine(long seed) { child("linear", new unroll.nn.Linear(3, 2, unroll.tensor.Rng.seed(seed))); }
                    %s
                }
                """.formatted(toString), path = folder.toString().replace("\\", "\\\\");
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            for (Class<?> of : List.of(Module.class, Checkpoint.class)) shell.addToClasspath(place(of));
            run(shell, cell);
            run(shell, "var first = new Mine(1); unroll.train.Checkpoint.of(first).write(java.nio.file.Path.of(\""
                    + path + "\"), \"final\");");
            run(shell, "int between = 3;");
            run(shell, cell + "// again");
            run(shell, cell.replace("long seed", "int seed"));
            run(shell, "var second = new Mine(2); unroll.train.Checkpoint.read(java.nio.file.Path.of(\"" + path
                    + "\"), \"final\").into(second);");
        }
    }

    private static String place(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(JShell shell, String cell) {
        for (String rest = cell; !rest.isBlank();) {
            var part = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent e : shell.eval(part.source())) {
                assertEquals(null, e.exception(), () -> e.exception().getMessage());
                assertFalse(e.status() == jdk.jshell.Snippet.Status.REJECTED,
                        () -> shell.diagnostics(e.snippet()).map(d -> d.getMessage(java.util.Locale.ROOT)).toList()
                                + part.source());
            }
            rest = part.remaining();
        }
    }
}
