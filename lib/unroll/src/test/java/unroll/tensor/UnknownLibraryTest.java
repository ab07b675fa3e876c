package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/**
 * A misspelt library is named by the first product instead of silently giving a slow one. The library is chosen once a
 * process, hence one.
 */
class UnknownLibraryTest {
    @Test void isNamedWithTheAllowedOnes() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dunroll.blas=opneblas", "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                Multiplying.class.getName())
                .redirectError(new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null"))
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        String message = "-Dunroll.blas=opneblas is not known; expected one of auto, onednn, openblas, java";
        assertEquals("none, because " + message + "\n" + message + "\n", text);
    }

    static final class Multiplying {
        public static void main(String[] args) {
            StringBuilder text = new StringBuilder(Blas.description()).append('\n');
            try {
                Tensor.ones(100, 100).matmul(Tensor.ones(100, 100));
            } catch (IllegalArgumentException e) {
                text.append(e.getMessage()).append('\n');
            }
            System.out.print(text);
        }
    }
}
