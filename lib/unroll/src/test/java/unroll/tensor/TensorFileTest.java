package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFileTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"w.npz", "w.safetensors"}) void givesBackWhatWasWritten(String name) throws IOException {
        Path file = folder.resolve("new").resolve(name);
        Tensor w = Rng.seed(1).normal(300, 400);
        TensorFile.write(file, Map.of("w", Tensor.ones(1)));
        TensorFile.write(file, Map.of("w", w));
        assertArrayEquals(w.data(), TensorFile.read(file).get("w").data());
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList(), "nothing else is left");
        }
    }

    @Test void theFormatIsThatOfTheName() throws IOException {
        TensorFile.write(folder.resolve("w.npz"), Map.of("w", Tensor.ones(1)));
        TensorFile.write(folder.resolve("w.safetensors"), Map.of("w", Tensor.ones(1)));
        assertEquals('P', Files.readAllBytes(folder.resolve("w.npz"))[0], "a zip file");
        assertEquals('{', Files.readAllBytes(folder.resolve("w.safetensors"))[8]);
        assertNames("w.pt: expected a name that ends in .npz or .safetensors",
                () -> TensorFile.write(folder.resolve("w.pt"), Map.of()));
    }

    @Test void aFileThatCannotBeReadIsNamedWithTheReason() throws IOException {
        assertNames("missing.npz", () -> TensorFile.read(folder.resolve("missing.npz")));
        Path file = Files.write(folder.resolve("bad.safetensors"), new byte[3]);
        assertNames("bad.safetensors cannot be read: not a .safetensors file: it has 3 bytes",
                () -> TensorFile.read(file));
    }

    @Test void aFileThatCannotBeWrittenLeavesTheOneOfBefore() throws IOException {
        Path file = folder.resolve("w.safetensors");
        TensorFile.write(file, Map.of("w", Tensor.ones(1)));
        assertThrows(IllegalArgumentException.class,
                () -> TensorFile.write(file, Map.of("__metadata__", Tensor.zeros(1))));
        assertNames("cannot be written to " + file.resolve("below.npz"),
                () -> TensorFile.write(file.resolve("below.npz"), Map.of("w", Tensor.zeros(1))));
        assertEquals(1, TensorFile.read(file).get("w").item());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing else is left");
        }
    }

    /** What another writer has begun, or left when it was killed, and what somebody else has put there in the way. */
    @Test void whatIsBesideTheFileIsNotTouched() throws IOException {
        Path file = folder.resolve("w.npz"), other = Files.writeString(folder.resolve("other"), "mine");
        Files.createSymbolicLink(part(file, 0), other);
        Files.createDirectory(part(file, 1));
        TensorFile.write(file, Map.of("w", Tensor.ones(2)));
        assertEquals("mine", Files.readString(other));
        assertArrayEquals(new float[] {1, 1}, TensorFile.read(file).get("w").data());
    }

    private static Path part(Path file, int n) {
        return file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + "-" + n + ".part");
    }

    @ParameterizedTest
    @ValueSource(strings = {"w.npz", "w.safetensors"}) void tensorsAreReadByName(String name) throws IOException {
        Path file = folder.resolve(name);
        TensorFile.write(file, Map.of("a", Tensor.ones(2), "b", Tensor.zeros(3)));
        assertEquals(Set.of("b"), TensorFile.read(file, "b").keySet());
        assertNames("there is no array c; there are 2: ", () -> TensorFile.read(file, "b", "c"));
        assertThrows(IllegalArgumentException.class, () -> TensorFile.read(file, new String[0]));
    }

    @Test void textsAndTensorsAreOneFile() {
        Path file = folder.resolve("w.safetensors");
        Safetensors.write(file, Map.of("w", Tensor.ones(2)), Map.of("epoch", "3"));
        assertEquals(Map.of("epoch", "3"), Safetensors.read(file).metadata());
        assertArrayEquals(new float[] {1, 1}, Safetensors.read(file).tensors().get("w").data());
        assertArrayEquals(new float[] {1, 1}, TensorFile.read(file).get("w").data());
    }

    @Test void oneArrayByItself() throws IOException {
        Path file = folder.resolve("w.v1.npy");
        TensorFile.write(file, Map.of("any", Tensor.of(new float[] {1, 2, 3}, 3)));
        assertEquals(Set.of("w.v1"), TensorFile.read(file).keySet());
        assertArrayEquals(new float[] {1, 2, 3}, TensorFile.read(file, "w.v1").get("w.v1").data());
        assertNames("no array x; there are 1: w.v1", () -> TensorFile.read(file, "x"));
        byte[] bytes = Files.readAllBytes(file);
        for (int n = 0; n < bytes.length; n++) {
            Path part = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(bytes, n));
            assertThrows(CheckpointException.class, () -> TensorFile.read(part), "cut off after " + n);
        }
        assertThrows(IllegalArgumentException.class,
                () -> TensorFile.write(file, Map.of("a", Tensor.ones(1), "b", Tensor.ones(1))));
    }

    /**
     * Shapes beyond all memory are refused by what they state, before anything is unpacked; in proportion to the file
     * they may be as large as deflate can make them.
     */
    @Test void arraysAreLimitedByMemoryAndNotByHowWellTheyArePacked() throws IOException {
        Path file = folder.resolve("zeros.npz");
        byte[] zeros = NpzTest.array("(1000, 1000)", new float[1_000_000]);
        assertTrue(zeros.length < 10_000);
        Files.write(file, zeros);
        assertEquals(1_000_000, TensorFile.read(file).get("w").size());
        Files.write(file, NpzTest.array("(2147483000,)", 1, 2));
        assertNames("zeros.npz cannot be read: ", () -> TensorFile.read(file));
        Files.write(file, NpzTest.array("(2147483000, 2)", 1, 2));
        assertNames("of memory are all that Java may take, see its option -Xmx", () -> TensorFile.read(file));
    }

    /** A notebook's stop button leaves the flag set: what was learned is written all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"w.npz", "w.safetensors", "w.npy"}) void anInterruptLosesNothing(String name) {
        Thread.currentThread().interrupt();
        try {
            TensorFile.write(folder.resolve(name), Map.of("w", Tensor.ones(3)));
            assertEquals(3, TensorFile.read(folder.resolve(name)).get("w").size());
        } finally {
            assertTrue(Thread.interrupted(), "the flag stays for the loop that looks at it");
        }
    }

    private static void assertNames(String part, Runnable work) {
        String message = assertThrows(CheckpointException.class, work::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
