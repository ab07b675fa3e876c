package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import unroll.tensor.Blas;

/**
 * Where no native library loads, the tests of the fused layers pass in plain Java, which says so once. Libraries are
 * loaded once a process.
 */
@Tag("slow")
class NoNativeLibraryTest {
    private static final Pattern NATIVE = Pattern.compile(".*-(linux|macosx|windows)-(x86_64|arm64)\\.jar");

    @TempDir Path folder;

    @Test void missing() throws Exception {
        runs(Arrays.stream(classPath()).filter(jar -> !NATIVE.matcher(jar).matches())
                .collect(Collectors.joining(File.pathSeparator)));
    }

    /**
     * Each library is found, but its header names another processor: in an ELF file, byte 18. (Of a file that is none,
     * the JVM itself complains.)
     */
    @Test void unloadable() throws Exception {
        Path broken = folder.resolve("broken");
        for (String jar : classPath()) {
            if (!NATIVE.matcher(jar).matches()) continue;
            try (JarFile file = new JarFile(jar)) {
                for (JarEntry entry : file.stream().filter(e -> !e.isDirectory() && !e.getName().startsWith("META-INF"))
                        .toList()) {
                    Path copy = broken.resolve(entry.getName());
                    Files.createDirectories(copy.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        byte[] start = in.readNBytes(1 << 16);
                        if (start.length > 18) start[18] ^= 1;
                        Files.write(copy, start);
                    }
                }
            }
        }
        assertTrue(Files.exists(broken), "there are native libraries to replace");
        runs(broken + File.pathSeparator + String.join(File.pathSeparator, classPath()));
    }

    private static String[] classPath() { return System.getProperty("java.class.path").split(File.pathSeparator); }

    private void runs(String classPath) throws IOException, InterruptedException {
        Path out = folder.resolve("out"), err = folder.resolve("err");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                classPath,
                "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"), "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions", "--sun-misc-unsafe-memory-access=allow", Suite.class.getName())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        int status = process.waitFor();
        String said = Files.readString(out, StandardCharsets.UTF_8);
        assertEquals(0, status, said);
        assertEquals("", Files.readString(err, StandardCharsets.UTF_8), "nothing goes to standard error");
        List<String> notices = said.lines().filter(line -> line.contains("plain Java")).toList();
        assertEquals(1, notices.size(), said);
        assertTrue(notices.get(0).startsWith(
                "Unroll multiplies matrices in plain Java, because no native library loads (oneDNN: "), said);
        assertTrue(notices.get(0).contains("UnsatisfiedLinkError") && notices.get(0).contains("; OpenBLAS: "), said);
    }

    /** What the other process runs: the tests of fused layers. */
    static final class Suite {
        private static final List<Class<?>> TESTS = List.of(FusedLayersTest.class, LengthsTest.class, PaddingTest.class,
                TorchWeightsTest.class);

        public static void main(String[] args) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(TESTS.stream().map(DiscoverySelectors::selectClass).toList()).build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, listener);
            TestExecutionSummary summary = listener.getSummary();
            summary.getFailures()
                    .forEach(f -> System.out.println(f.getTestIdentifier().getUniqueId() + ": " + f.getException()));
            System.out.println(
                    summary.getTestsSucceededCount() + " of " + summary.getTestsFoundCount() + " tests passed");
            boolean plain = Blas.description().startsWith("plain Java, because");
            System.exit(plain && summary.getTestsSucceededCount() == summary.getTestsFoundCount()
                    && summary.getTestsFoundCount() > 150 ? 0 : 1);
        }
    }
}
