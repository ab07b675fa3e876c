package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
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
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

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

    private void write() { Checkpoint.of(model, sgd, sgd.steps(), 1.25, 1, 0).write(folder, "last"); }

    /** All that is in it, for comparison. */
    private static String content(Checkpoint c) {
        Function<Map<String, Tensor>, String> arrays = map -> map.entrySet().stream()
                .map(e -> e.getKey() + Arrays.toString(e.getValue().shape()) + Arrays.toString(e.getValue().data()))
                .collect(Collectors.joining(";"));
        return String.join("|", c.model(), c.structure().toString(), c.data().toString(), c.settings().toString(),
                c.optimizer(), "" + c.step(),
                "" + c.batches(), "" + c.best(), "" + c.waited(), "" + c.validated(),
                arrays.apply(c.parameters()), arrays.apply(c.memory()), arrays.apply(c.moments()),
                c.generators().toString());
    }

    private String read() { return content(Checkpoint.read(folder, "last")); }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private Path arrays() throws IOException {
        return folder.resolve(files().stream().filter(name -> name.endsWith(".npz")).findFirst().orElseThrow());
    }

    private static void assertMessage(Path file, String part, Executable code) {
        String message = assertThrows(CheckpointException.class, code).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(part), message);
    }

    @Test void givesBackAllThatWasWritten() {
        assertEquals(content(Checkpoint.of(model, sgd, 1, 1.25, 1, 0)), read());
    }

    @Test void givesBackTheStateThatARecurrentModelCarries() {
        LanguageModel language = SmallRun.model(), other = SmallRun.model();
        language.loss(SmallRun.ADAM_CARRIED.batches().epoch(0).next());
        Optimizer adam = SmallRun.ADAM_CARRIED.optimizer(language);
        Checkpoint.of(language, adam, 0, Double.POSITIVE_INFINITY, 0, 0).write(folder, "language");
        Checkpoint.read(folder, "language").into(other, SmallRun.ADAM_CARRIED.optimizer(other));
        assertEquals(4, other.memory().size());
        language.memory().forEach((name, t) -> assertArrayEquals(t.data(), other.memory().get(name).data(), name));
    }

    @Test void equalStatesGiveEqualFiles() throws IOException {
        byte[] json = Files.readAllBytes(folder.resolve("last.json")), npz = Files.readAllBytes(arrays());
        write();
        assertArrayEquals(json, Files.readAllBytes(folder.resolve("last.json")));
        assertArrayEquals(npz, Files.readAllBytes(arrays()));
    }

    @Test void onlyTheFilesOfTheLastOneAreKept() throws IOException {
        Checkpoint.of(model).write(folder, "last-2");                      // another one with a similar name
        List<String> before = files();
        for (int i = 0; i < 3; i++) {
            step();
            write();
        }
        assertEquals(4, files().size(), files().toString());
        assertTrue(files().containsAll(before.stream().filter(name -> name.startsWith("last-2")).toList()));
        assertEquals(4, Checkpoint.read(folder, "last").step());
        assertEquals(0, Checkpoint.read(folder, "last-2").step());
    }

    @Test void everyFlippedByteOfTheJsonIsNoticedOrHarmless() throws IOException {
        String sound = read();
        flipEachByte(folder.resolve("last.json"), at -> {
            try {
                assertEquals(sound, read(), "byte " + at);
            } catch (CheckpointException e) {
                assertTrue(e.getMessage().startsWith("Checkpoint " + folder), e.getMessage());
            }
        });
    }

    @Test void everyFlippedByteOfTheArraysIsNoticed() throws IOException {
        Path npz = arrays();
        flipEachByte(npz, at -> assertMessage(npz, "checksum", this::read));
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
        for (Path file : List.of(arrays(), folder.resolve("last.json"))) {
            byte[] bytes = Files.readAllBytes(file);
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                // the last byte of the JSON is only the end of its line
                for (int n = bytes.length - 2; n >= 0; n--) {
                    open.setLength(n);
                    assertThrows(CheckpointException.class, this::read, "cut off after " + n + " of " + bytes.length);
                }
            }
            Files.write(file, bytes);
        }
        read();
    }

    @Test void whatIsMissingIsNamed() throws IOException {
        assertMessage(folder.resolve("best.json"), "does not exist", () -> Checkpoint.read(folder, "best"));
        assertFalse(Checkpoint.exists(folder, "best"));
        Path npz = arrays();
        Files.delete(npz);
        assertMessage(npz, "cannot be read", this::read);
    }

    @Test void whatIsNoCheckpointIsNamed() throws IOException {
        Path json = folder.resolve("last.json");
        for (String text : List.of("", "hello", "[]", "null", "{}", "{\"checkpoint\": 3}",
                "{\"checkpoint\": {}, \"sha256\": [1]}",
                "[".repeat(100_000),
                "{\"checkpoint\":".repeat(10_000), "\u0000\u0000", "{\"checkpoint\": {}} {}")) {
            Files.writeString(json, text);
            assertMessage(json, "", this::read);
        }
        Files.write(json, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertMessage(json, "cannot be read", this::read);
    }

    /** Somebody else's file, with sums that hold. */
    @Test void aForgedDescriptionIsNamed() throws IOException {
        for (String change : List.of("\"arrays\":\"\\u0000\"", "\"arrays\":\"\"", "\"arrays\":\"/\"",
                "\"arrays\":7e999", "\"arrayBytes\":1e999",
                "\"arrayBytes\":-1", "\"step\":\"many\"", "\"best\":\"none\"",
                "\"generators\":{\"a\":{\"key\":\"xyz\",\"calls\":1}}", "\"format\":1",
                "\"generators\":[]", "\"model\":null")) {
            Forged.rewrite(folder.resolve("last.json"), change);
            assertThrows(CheckpointException.class, this::read, change);
            write();
        }
    }

    @Test void numbersThatNoRunCanHaveAreNamed() throws IOException {
        for (String change : List.of("\"step\":-5", "\"batches\":-1", "\"waited\":-2", "\"validated\":-1", "\"step\":0",
                "\"batches\":2147483648",
                "\"validated\":2", "\"waited\":2147483648", "\"waited\":99", "\"best\":\"NaN\"",
                "\"best\":\"-Infinity\"", "\"step\":1.5",
                "\"step\":1e3", "\"step\":9223372036854775808",
                "\"generators\":{\"dropout.rng\":{\"key\":\"1\",\"calls\":-1}}",
                "\"generators\":{\"a\\u0000\":{\"key\":\"1\",\"calls\":1}}", "\"model\":\"a\\u0000b\"",
                "\"optimizer\":\"\\u0007\"",
                "\"structure\":{\"a\\u0000\":\"b\"}", "\"structure\":{\"a\":\"b\\u0000\"}", "\"data\":{}",
                "\"data\":{\"perEpoch\":-1,\"firstBatch\":\"\",\"batches\":\"\"}",
                "\"data\":{\"perEpoch\":0,\"firstBatch\":\"1\",\"batches\":\"1\"}",
                "\"settings\":{\"epochs\":\"\\u0000\"}")) {
            Forged.rewrite(folder.resolve("last.json"), change);
            assertMessage(folder.resolve("last.json"), "damaged", this::read);
            write();
        }
    }

    /** Whoever wrote them: this library does not. */
    @Test void weightsThatAreNotFiniteAreNoneToGoOnFrom() {
        Checkpoint sound = Checkpoint.of(model);
        String first = sound.parameters().keySet().iterator().next();
        float[] values = sound.parameters().get(first).data().clone();
        values[values.length - 1] = Float.NaN;
        sound.parameters().put(first, Tensor.of(values, sound.parameters().get(first).shape()));
        CheckpointFiles.write(sound, folder, "forged");
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
        assertMessage(folder.resolve("none.json"), "neither weights nor buffers",
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

    /** Arguments: the folder. Its files cannot become larger than 8 KB: first the arrays are, then the JSON. */
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
                            parameters, c.memory(), c.moments(),
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
            for (String what : List.of("the arrays", "the JSON")) {
                String line = child.line();
                assertTrue(line.contains(folder.resolve("last.json").toString()) && line.contains("room on the disk"),
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

    /** One array of 64 MB, named 33 times. */
    @Test void moreThanCanBeReadIsRefusedBeforeAnythingIsWritten() {
        Tensor large = Tensor.zeros(1 << 24);
        Map<String, Tensor> many = new LinkedHashMap<>();
        for (int i = 0; i < 33; i++) many.put("w" + i, large);
        Path other = folder.resolve("other");
        Checkpoint c = new Checkpoint("m", Map.of(), "", 0, 0, 0, 0, 0, Checkpoint.Data.NONE, Map.of(), many, Map.of(),
                Map.of(), Map.of());
        assertMessage(other.resolve("large.json"), "at most 2147483639", () -> c.write(other, "large"));
        assertFalse(Files.exists(other));
    }
}
