package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The number of threads is chosen once a process, hence one for each value. */
class ThreadsPropertyTest {
    @ParameterizedTest
    @CsvSource({"two,refused", "0,refused", "-4,refused", "100000,refused", "2.0,refused", "99999999999,refused",
            "'',refused", "3,3",
            "256,256"}) void isANumberThatMakesSenseOrNamed(String value, String expected) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dunroll.threads=" + value, "-cp",
                System.getProperty("java.class.path"), Asking.class.getName())
                .redirectError(new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null"))
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        assertEquals(
                expected.equals("refused")
                        ? "-Dunroll.threads=" + value + " is not known; expected a number of threads from 1 to 256"
                        : expected,
                text);
    }

    static final class Asking {
        public static void main(String[] args) {
            try {
                Parallel.run(2, part -> {});
                System.out.println(Parallel.threads());
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
