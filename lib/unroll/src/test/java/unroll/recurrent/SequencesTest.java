package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import unroll.Close;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What is true of every recurrent layer: unrolled, whole-sequence, stacked. */
class SequencesTest {
    private static final int T = 6, B = 3, I = 4, H = 5;

    private static List<SequenceLayer> layers() {
        List<SequenceLayer> all = new ArrayList<>(List.of(new Unrolled<>(new LstmCell(I, H, Rng.seed(1)))));
        for (RecurrentSpec<?> spec : List.of(Rnn.of(I, H), Rnn.of(I, H, Nonlinearity.LOGISTIC), Lstm.of(I, H),
                Gru.of(I, H))) {
            all.add(spec.build(Rng.seed(2)));
            all.add(spec.layers(2).build(Rng.seed(3)));
        }
        return all;
    }

    private static Stream<DynamicTest> each(Consumer<SequenceLayer> test) {
        return layers().stream().map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> test.accept(layer)));
    }

    /** A state of the layer's kind with random numbers. */
    private static State start(SequenceLayer layer, int batch) {
        Rng rng = Rng.seed(7);
        State zero = layer.initialState(batch);
        return zero.with(zero.tensors().stream().map(t -> rng.normal(t.shape()).tracked()).toList());
    }

    private static final Tensor X = Rng.seed(5).normal(T, B, I);

    @TestFactory Stream<DynamicTest> shapes() {
        return each(layer -> {
            Output out = layer.apply(X);
            assertArrayEquals(new int[] {T, B, H}, out.states().shape());
            assertArrayEquals(new int[] {B, H}, out.last().h().shape());
            Close.assertClose("the last output is the last h", out.states().at(T - 1), out.last().h(), 0);
        });
    }

    /**
     * Two halves with the state carried over: outputs, last state and all gradients are those of the whole sequence.
     */
    @TestFactory Stream<DynamicTest> halvesAreTheWhole() {
        return each(layer -> {
            Tensor whole = X.tracked(), first = X.slice(0, 0, 2).detach().tracked(),
                    second = X.slice(0, 2, T).detach().tracked();
            State startWhole = start(layer, B), startHalf = start(layer, B);
            Output all = layer.apply(whole, startWhole);
            loss(all.states(), all.last()).backward();
            List<Tensor> expected = layer.parameters().stream().map(Parameter::gradient).toList();
            layer.zeroGradients();
            Output one = layer.apply(first, startHalf), two = layer.apply(second, one.last());
            Tensor states = Tensor.concat(0, List.of(one.states(), two.states()));
            loss(states, two.last()).backward();
            Close.assertClose("states", all.states(), states, 1e-6);
            for (int i = 0; i < startHalf.tensors().size(); i++) {
                Close.assertClose("last state", all.last().tensors().get(i), two.last().tensors().get(i), 1e-6);
                Close.assertClose("gradient of the start", startWhole.tensors().get(i).gradient(),
                        startHalf.tensors().get(i).gradient(), 3e-6);
            }
            Close.assertClose("gradient of x", whole.gradient(),
                    Tensor.concat(0, List.of(first.gradient(), second.gradient())), 3e-6);
            for (int i = 0; i < expected.size(); i++)
                Close.assertClose("gradient of " + layer.parameters().get(i).name(), expected.get(i),
                        layer.parameters().get(i).gradient(), 3e-6);
        });
    }

    private static Tensor loss(Tensor states, State last) {
        return Close.weighted(states).add(Close.weighted(Tensor.concat(1, last.tensors())));
    }

    /** The state that a layer carries over without {@code detach} would reach into a graph that is gone. */
    @TestFactory Stream<DynamicTest> truncatedBackpropagation() {
        return each(layer -> {
            Output one = layer.apply(X);
            one.states().sum().backward();
            assertThrows(IllegalStateException.class, () -> layer.apply(X, one.last()).states().sum().backward());
            layer.apply(X, one.last().detach()).states().sum().backward();
        });
    }

    @TestFactory Stream<DynamicTest> sequencesOfABatchAreIndependent() {
        return each(layer -> {
            State start = start(layer, B);
            Tensor all = layer.apply(X, start).states();
            for (int b = 0; b < B; b++) {
                int row = b;
                State own = start.with(start.tensors().stream().map(t -> t.slice(0, row, row + 1)).toList());
                Close.assertClose("sequence " + b, all.slice(1, b, b + 1),
                        layer.apply(X.slice(1, b, b + 1), own).states(), 1e-6);
            }
        });
    }

    /** What comes later does not change what was put out before. */
    @TestFactory Stream<DynamicTest> noLookAhead() {
        return each(layer -> {
            Tensor x = X.tracked();
            layer.apply(x).states().slice(0, 0, 3).sum().backward();
            Tensor later = x.gradient().slice(0, 3, T);
            assertArrayEquals(new float[later.size()], later.data());
        });
    }

    @TestFactory Stream<DynamicTest> wrongInputs() {
        return each(layer -> {
            assertSays(() -> layer.apply(Tensor.zeros(T, B, I + 1)), "[T, B, 4]", "[6, 3, 5]", "vocabulary");
            assertSays(() -> layer.apply(Tensor.zeros(T, I)), layer.toString(), "[T, B, 4]", "[6, 4]");
            assertSays(() -> layer.apply(Tensor.zeros(0, B, I)), "at least one step", "[0, 3, 4]");
            assertSays(() -> layer.apply(Tensor.zeros(T, 0, I)), "at least one", "[6, 0, 4]");
        });
    }

    private record Other(Tensor h) implements State {
        @Override public List<Tensor> tensors() { return List.of(h); }

        @Override public Other with(List<Tensor> tensors) { return new Other(tensors.get(0)); }
    }

    @TestFactory Stream<DynamicTest> wrongStates() {
        return each(layer -> {
            assertSays(() -> layer.apply(X, new Other(Tensor.zeros(B, H))), "expected", "but got Other");
            assertSays(() -> layer.apply(X, layer.initialState(B + 1)), "[3, 5]", "[4, 5]");
            State zero = layer.initialState(B);
            assertSays(
                    () -> layer.apply(X, zero.with(zero.tensors().stream().map(t -> Tensor.zeros(B, H + 1)).toList())),
                    "[3, 5]", "[3, 6]");
        });
    }

    @TestFactory Stream<DynamicTest> wrongSteps() {
        return CellsTest.cells().stream().map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> wrongStep(cell)));
    }

    private static <S extends State> void wrongStep(Cell<S> cell) {
        assertSays(() -> cell.step(Tensor.zeros(2, 7), cell.initialState(2)), cell.toString(), "[B, 3]", "[2, 7]");
        assertSays(() -> cell.step(Tensor.zeros(3), cell.initialState(2)), "[B, 3]", "[3]");
        assertSays(() -> cell.step(Tensor.zeros(2, 3), cell.initialState(5)), "[2, 4]", "[5, 4]");
    }

    @TestFactory Stream<DynamicTest> wrongSizes() {
        return Stream
                .<Executable>of(() -> new LstmCell(0, 4, Rng.seed(1)), () -> Gru.of(0, 4),
                        () -> new ElmanCell(0, 4, Nonlinearity.TANH, Rng.seed(1)),
                        () -> new GruCell(0, 2, Rng.seed(1)), () -> Lstm.of(0, 3))
                .map(
                        call -> DynamicTest.dynamicTest("input size 0",
                                () -> assertSays(call, "input size", "at least 1", "got 0")));
    }

    private static void assertSays(Executable call, String... words) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        for (String word : words) assertTrue(message.contains(word), "«" + message + "» does not say " + word);
    }
}
