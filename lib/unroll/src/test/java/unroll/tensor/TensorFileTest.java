package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        assertNames("w.pt: expected a name that ends in .npz or .safetensors", () -> TensorFile.write(folder.resolve("w.pt"), Map.of()));
    }

    @Test void aFileThatCannotBeReadIsNamedWithTheReason() throws IOException {
        assertNames("missing.npz", () -> TensorFile.read(folder.resolve("missing.npz")));
        Path file = Files.write(folder.resolve("bad.safetensors"), new byte[3]);
        assertNames("bad.safetensors cannot be read: not a .safetensors file: it has 3 bytes", () -> TensorFile.read(file));
    }

    @Test void aFileThatCannotBeWrittenLeavesTheOneOfBefore() throws IOException {
        Path file = folder.resolve("w.safetensors");
        TensorFile.write(file, Map.of("w", Tensor.ones(1)));
        Files.createDirectory(folder.resolve("w.safetensors.part"));
        assertNames("cannot be written to " + file, () -> TensorFile.write(file, Map.of("w", Tensor.zeros(1))));
        assertEquals(1, TensorFile.read(file).get("w").item());
    }

    private static void assertNames(String part, Runnable work) {
        String message = assertThrows(TensorFileException.class, work::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
