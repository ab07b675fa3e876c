package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.CheckpointException;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.text.LanguageModel;
import unroll.nn.Dropout;
import unroll.nn.Linear;
import unroll.nn.Module;
import unroll.nn.State;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

class CheckpointTest {
    /** As little as has parameters, a generator and moments. */
    private static final class Tiny extends Module {
        private final Linear linear;
        private final Dropout dropout;

        Tiny(int inputs, long seed) {
            linear = child("linear", new Linear(inputs, 2, Rng.seed(seed)));
            dropout = child("dropout", new Dropout(0.5, Rng.seed(seed)));
        }

        Tensor loss(Tensor x) { return dropout.apply(linear.apply(x)).square().mean(); }

        @Override public String toString() { return "Tiny(" + linear + ")"; }
    }

    @TempDir Path folder;
    private final Tiny model = new Tiny(3, 1);
    private final Sgd sgd = new Sgd(model.parameters(), 0.1).momentum(0.9);

    private void step() {
        sgd.zeroGrad();
        model.loss(Rng.seed(sgd.steps()).normal(4, 3)).backward();
        sgd.step();
    }

    @BeforeEach void writeOne() {
        step();
        write();
    }

    private void write() { at(model, sgd, sgd.steps(), 1.25, 1, 0).write(folder, "last"); }

    /** Where a run without data and settings would be. */
    static Checkpoint at(Module model, Optimizer optimizer, long batches, double best, int waited, long validated) {
        return Checkpoint.of(model, optimizer, null, batches, best, waited, validated, Checkpoint.Data.NONE, Map.of());
    }

    /** All that is in it, for comparison. */
    private static String content(Checkpoint c) {
        Function<Map<String, Tensor>, String> arrays = map -> map.entrySet().stream()
                .map(e -> e.getKey() + Arrays.toString(e.getValue().shape()) + Arrays.toString(e.getValue().data()))
                .collect(Collectors.joining(";"));
        return String.join("|", c.model(), c.structure().toString(), c.data().toString(), c.settings().toString(),
                c.optimizer(), "" + c.step(),
                "" + c.batches(), "" + c.best(), "" + c.waited(), "" + c.validated(),
                arrays.apply(c.parameters()), arrays.apply(c.buffers()),
                c.state().stream().map(t -> Arrays.toString(t.data())).toList().toString(),
                arrays.apply(c.moments()), c.generators().toString());
    }

    private String read() { return content(Checkpoint.read(folder, "last")); }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private Path last() { return folder.resolve("last.safetensors"); }

    private static void assertMessage(Path file, String part, Executable code) {
        String message = assertThrows(CheckpointException.class, code).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(part), message);
    }

    @Test void givesBackAllThatWasWritten() {
        assertEquals(content(at(model, sgd, 1, 1.25, 1, 0)), read());
    }

    @Test void givesBackTheStateThatARecurrentModelCarries() {
        LanguageModel language = SmallRun.model(), other = SmallRun.model();
        State state = language.loss(SmallRun.ADAM_CARRIED.batches().epoch(0).next(), null).state();
        Checkpoint.of(language, SmallRun.ADAM_CARRIED.optimizer(language), state, 0, Double.POSITIVE_INFINITY, 0, 0,
                Checkpoint.Data.NONE, Map.of()).write(folder, "language");
        List<Tensor> read = Checkpoint.read(folder, "language").state(other::start).tensors();
        assertEquals(4, read.size());
        for (int i = 0; i < 4; i++) assertArrayEquals(state.tensors().get(i).data(), read.get(i).data());
        LanguageModel larger = new LanguageModel(SmallRun.VOCABULARY, Lstm.of(6, 11).layers(2), Rng.seed(7));
        String message = assertThrows(CheckpointException.class,
                () -> Checkpoint.read(folder, "language").state(larger::start)).getMessage();
        assertTrue(message.contains("the carried state does not fit: it has the shapes [[4, 10], ")
                && message.contains("that of the model [[4, 11], "), message);
    }

    @Test void equalStatesGiveEqualFiles() throws IOException {
        byte[] before = Files.readAllBytes(last());
        write();
        assertArrayEquals(before, Files.readAllBytes(last()));
    }

    @Test void eachIsOneFile() throws IOException {
        Checkpoint.of(model).write(folder, "last-2");                      // another one with a similar name
        for (int i = 0; i < 3; i++) {
            step();
            write();
        }
        assertEquals(List.of("last-2.safetensors", "last.safetensors"), files());
        assertEquals(4, Checkpoint.read(folder, "last").step());
        assertEquals(0, Checkpoint.read(folder, "last-2").step());
    }

    /** What is left is only a blank or another way to write the same. */
    @Test void everyFlippedByteIsNoticedOrHarmless() throws IOException {
        String sound = read();
        int[] harmless = {0};
        flipEachByte(last(), at -> {
            try {
                assertEquals(sound, read(), "byte " + at);
                harmless[0]++;
            } catch (CheckpointException e) {
                assertTrue(e.getMessage().contains(last().toString()), e.getMessage());
            }
        });
        assertTrue(harmless[0] < 8, harmless[0] + " flips were harmless");
    }

    private static void flipEachByte(Path file, IntConsumer test) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            for (int at = 0; at < bytes.length; at++) {
                open.seek(at);
                open.write(bytes[at] ^ 1 << at % 8);
                test.accept(at);
                open.seek(at);
                open.write(bytes[at]);
            }
        }
    }

    @Test void cutOffAnywhereItIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(last());
        try (RandomAccessFile open = new RandomAccessFile(last().toFile(), "rw")) {
            for (int n = bytes.length - 1; n >= 0; n--) {
                open.setLength(n);
                assertThrows(CheckpointException.class, this::read, "cut off after " + n + " of " + bytes.length);
            }
        }
        Files.write(last(), bytes);
        read();
    }

    @Test void whatIsMissingIsNamed() {
        assertMessage(folder.resolve("best.safetensors"), "does not exist", () -> Checkpoint.read(folder, "best"));
        assertFalse(Checkpoint.exists(folder, "best"));
    }

    @Test void whatIsNoCheckpointIsNamed() throws IOException {
        for (String text : List.of("", "hello", "\u0000\u0000", "{\"__metadata__\":{\"sha256\":\"".repeat(10_000))) {
            Files.writeString(last(), text);
            assertMessage(last(), "cannot be read", this::read);
        }
        TensorFile.write(last(), Map.of("w", Tensor.ones(2)));
        assertMessage(last(), "TensorFile.read(path)", this::read);
    }

    /** Somebody else's file, with sums that hold. */
    @Test void aForgedDescriptionIsNamed() throws IOException {
        for (String change : List.of("step=many", "best=none", "format=1", "generators/a=xyz 1",
                "generators/dropout.rng=1", "generators/dropout.rng=", "model", "data/batches")) {
            rewrite(change);
            assertMessage(last(), "is damaged: it does not say", this::read);
            write();
        }
    }

    private void rewrite(String change) throws IOException {
        String[] nameAndText = change.split("=", 2);
        Forged.rewrite(last(), nameAndText[0], nameAndText.length == 1 ? null : nameAndText[1]);
    }

    @Test void numbersThatNoRunCanHaveAreNamed() throws IOException {
        for (String change : List.of("step=-5", "batches=-1", "waited=-2", "validated=-1", "step=0",
                "batches=2147483648", "validated=2", "waited=2147483648", "waited=99", "best=NaN", "best=-Infinity",
                "step=1.5", "step=1e3", "step=9223372036854775808", "generators/dropout.rng=1 -1",
                "generators/a\u0000=1 1", "model=a\u0000b", "optimizer=\u0007", "structure/a\u0000=b",
                "structure/a=b\u0000", "data/perEpoch=", "data/perEpoch=-1", "data/firstBatch=1",
                "settings/epochs=\u0000")) {
            rewrite(change);
            assertMessage(last(), "damaged", this::read);
            write();
        }
    }

    /** By hand, as another program does that knows only the format: eight bytes of length, JSON, numbers. */
    @Test void itIsASafetensorsFile() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(last())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[(int) file.getLong()];
        file.get(json);
        JsonObject header = JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject(),
                metadata = header.getAsJsonObject("__metadata__"), w = header.getAsJsonObject("parameters/linear.w");
        assertEquals("F32", w.get("dtype").getAsString());
        assertEquals("[3,2]", w.get("shape").toString());
        int from = 8 + json.length + w.getAsJsonArray("data_offsets").get(0).getAsInt();
        for (int i = 0; i < 6; i++)
            assertEquals(model.namedParameters().get("linear.w").data()[i], file.getFloat(from + Float.BYTES * i));
        assertEquals("1", metadata.get("step").getAsString());
        assertEquals(model.toString(), metadata.get("model").getAsString());
        assertTrue(metadata.entrySet().stream().allMatch(e -> e.getValue().getAsJsonPrimitive().isString()),
                "the format allows no other values");
        assertEquals(TensorFile.read(last()).keySet(), header.keySet().stream()
                .filter(name -> !name.equals("__metadata__")).collect(Collectors.toSet()));
    }

    /** Whoever wrote them: this library does not. */
    @Test void weightsThatAreNotFiniteAreNoneToGoOnFrom() {
        Checkpoint sound = Checkpoint.of(model);
        String first = sound.parameters().keySet().iterator().next();
        float[] values = sound.parameters().get(first).data().clone();
        values[values.length - 1] = Float.NaN;
        sound.parameters().put(first, Tensor.of(values, sound.parameters().get(first).shape()));
        CheckpointFile.write(sound, folder, "forged");
        assertTrue(assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "forged")).getMessage()
                .contains("weights " + first));
    }

    @Test void aNameThatIsNoFilesIsNamed() {
        for (String name : List.of("", " ", "a/b", "..", "../last", "a\\b", "a\u0000b", "a\nb", "n".repeat(200))) {
            for (Executable use : List.<Executable>of(() -> Checkpoint.of(model).write(folder, name),
                    () -> Checkpoint.read(folder, name),
                    () -> Checkpoint.exists(folder, name))) {
                String message = assertThrows(CheckpointException.class, use).getMessage();
                assertTrue(message.contains("expected a name like last")
                        && message.chars().noneMatch(Character::isISOControl), message);
            }
        }
    }

    @Test void aModelWithoutNumbersIsNotWritten() {
        assertMessage(folder.resolve("none.safetensors"), "neither weights nor buffers",
                () -> Checkpoint.of(new Dropout(.5, Rng.seed(1))).write(folder, "none"));
    }

    @Test void allDifferencesToAnotherModelAreNamedAtOnceAndNothingChanges() {
        Tiny wider = new Tiny(5, 1);
        float[] before = wider.parameters().get(0).data();
        String message = assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "last").into(wider))
                .getMessage();
        assertTrue(message.contains("it is of Tiny(Linear(in=3") && message.contains("the model is Tiny(Linear(in=5"),
                message);
        assertTrue(message.contains("linear.w has shape [3, 2] there and [5, 2] in the model"), message);
        assertArrayEquals(before, wider.parameters().get(0).data());

        LanguageModel language = new LanguageModel(Vocabulary.characters("abc"), Lstm.of(2, 2), Rng.seed(1));
        String all = assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "last").into(language))
                .getMessage();
        for (String name : language.namedParameters().keySet())
            assertTrue(all.contains(name + " is missing there"), all);
        for (String name : model.namedParameters().keySet())
            assertTrue(all.contains(name + " is not in the model"), all);
    }

    @Test void weightsAloneCanBeUsedInAnotherModel() {
        Checkpoint.of(model).write(folder, "final");
        Tiny other = new Tiny(3, 99);
        Checkpoint.read(folder, "final").into(other);
        for (int i = 0; i < 2; i++)
            assertArrayEquals(model.parameters().get(i).data(), other.parameters().get(i).data());
    }

    @Test void aFileInPlaceOfTheFolderIsNamedBeforeTheFirstStep() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "keep me");
        LanguageModel language = SmallRun.model();
        Trainer<SequenceBatch> trainer = SmallRun.ADAM_CARRIED.trainer(language).checkpoint(file.resolve("run"))
                .listen(SmallRun.after(1, () -> {
                    throw new IllegalStateException("a step was taken");
                }));
        assertMessage(file, "cannot be written", () -> trainer.fit(SmallRun.ADAM_CARRIED.batches()));
        assertMessage(file, "cannot be written", () -> Checkpoint.of(model).write(file, "last"));
        assertEquals("keep me", Files.readString(file));
    }

    /** Arguments: the folder. Its files cannot become larger than 8 KB: first the arrays are, then the texts. */
    static final class FullDisk {
        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            Checkpoint c = Checkpoint.read(folder, "last");
            for (int large = 0; large < 2; large++) {
                Map<String, Tensor> parameters = new LinkedHashMap<>(c.parameters());
                if (large == 0) parameters.put("large", Rng.seed(1).normal(10_000));
                Map<String, String> settings = large == 0 ? Map.of() : Map.of("large", "x".repeat(20_000));
                try {
                    new Checkpoint(c.model(), c.structure(), c.optimizer(), 7, 7, 1, 0, 0, c.data(), settings,
                            parameters, c.buffers(), c.state(), c.moments(),
                            c.generators()).write(folder, "last");
                    System.out.println("written");
                } catch (CheckpointException e) {
                    System.out.println(e.getMessage().replace('\n', ' '));
                }
            }
        }
    }

    @Test void aFullDiskLeavesTheCheckpointOfBefore(@TempDir Path elsewhere) throws IOException {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "a shell that limits the size of files");
        String sound = read();
        List<String> before = files();
        try (ChildJvm child = new ChildJvm(elsewhere, List.of("/bin/sh", "-c", "ulimit -f 16 && exec \"$@\"", "sh"),
                List.of("-XX:-UsePerfData"), FullDisk.class, folder.toString())) {
            for (String what : List.of("the arrays", "the texts")) {
                String line = child.line();
                assertTrue(line.contains(last().toString()) && line.contains("room on the disk"),
                        what + ": " + line);
            }
        }
        assertEquals(before, files(), "nothing half written is left");
        assertEquals(sound, read());
        step();
        write();
        assertEquals(2, Checkpoint.read(folder, "last").step());
    }

    @Test void anInterruptedThreadWritesAndReads() {
        step();
        Thread.currentThread().interrupt();
        try {
            write();
            assertEquals(2, Checkpoint.read(folder, "last").step());
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }
}
