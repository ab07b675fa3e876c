package unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.nn.Module;

/**
 * A shape too large for an array is an error that names the operation, the shapes and the number of elements: never a
 * crash or a wrong result.
 */
final class HugeShapesTest {
    @Test void everyOperationRefusesThem() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+SuppressFatalErrorMessage", "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "-Dunroll.blas=" + System.getProperty("unroll.blas", "auto"), HugeShapes.class.getName())
                .redirectError(new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null"))
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .toList();
        assertEquals(0, process.waitFor(), () -> "the process ended after " + lines.get(lines.size() - 1));
        assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("FAIL")).toList());
        assertEquals("end", lines.get(lines.size() - 1));
        for (String layer : layers())
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("ok " + layer + ":")), layer + " was not tried");
    }

    /** The layers of the packages that compute, but those that give no more than they read. */
    private static List<String> layers() {
        return Library.CLASSES.stream()
                .filter(c -> List
                        .of("unroll.nn", "unroll.recurrent", "unroll.picture", "unroll.sequence", "unroll.statespace")
                        .contains(c.getPackageName()))
                .filter(c -> c.isAssignableTo(Module.class)).map(c -> c.reflect())
                .filter(c -> !Modifier.isAbstract(c.getModifiers()))
                .map(Class::getSimpleName).filter(name -> !HugeShapes.LAYERS_NOT_LARGER.contains(name)).sorted()
                .toList();
    }
}
