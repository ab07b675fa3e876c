package unroll.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged kit behind the jars that IJava, JJava and Spark put before it. */
final class ClassPathTest {
    private static final Path KIT = Path.of("..", "kit"), IJAVA = Path.of("target", "ijava"),
            SPARK = Path.of("target", "spark"),
            JJAVA = Path.of("..", "..", "notebooks", ".venv", "share", "jupyter", "kernels", "java");
    /** What notebooks call; the kit's other jars are there for these. */
    private static final String[] CALLED = {"unroll-", "nd4j-", "tablesaw-", "xchart-", "tribuo-", "commons-math3-",
            "javacpp-", "openblas-",
            "dnnl-"};
    private static final List<String> USES = List.of("checkpoint", "safetensors", "npz", "captions", "catalogue",
            "corpus", "svd", "eigenvalues",
            "nd4j",
            "chart");
    @TempDir Path folder;

    private static ClassPath behind(Path kernel) throws IOException {
        return new ClassPath(ClassPath.jars(kernel), ClassPath.jars(KIT));
    }

    @Test void everySharedClassIsListed() throws IOException {
        for (Path kernel : List.of(IJAVA, SPARK)) {
            behind(kernel).shared().forEach((jar, names) -> {
                System.out.println(
                        names.size() + " classes of " + jar + " are those of " + kernel.getFileName()
                                + "'s jars where it is before the kit:");
                names.forEach(name -> System.out.println("  " + name));
            });
        }
    }

    @Test void theLibrarysJarSharesNoClassWithAnybody() throws IOException {
        for (Path kernel : List.of(IJAVA, SPARK))
            assertFalse(behind(kernel).shared().keySet().stream().anyMatch(jar -> jar.startsWith("unroll-")));
    }

    @Test void ofIJavasClassesTheKitHasThoseOfCommonsLangOnlyAndMissesNothingInThem() throws IOException {
        ClassPath classPath = behind(IJAVA);
        assertEquals(Set.of("commons-lang3-3.18.0.jar"), classPath.shared().keySet());
        assertEquals(Set.of(), classPath.missing(CALLED));
    }

    @Test void jjavaRelocatesAllOfItsLibraries() throws IOException {
        assumeTrue(Files.exists(JJAVA), "notebooks/run.py installs it");
        assertEquals(Map.of(), behind(JJAVA).shared());
    }

    /**
     * Tablesaw wants a younger guava and Tribuo's stored models a younger protobuf than Spark's; training on a cluster
     * uses neither.
     */
    @Test void behindSparkNothingIsMissingButInTablesAndStoredTrees() throws IOException {
        Set<String> missing = behind(SPARK).missing("unroll-", "nd4j-", "xchart-", "commons-math3-", "javacpp-",
                "openblas-", "dnnl-");
        assertEquals(Set.of(),
                missing.stream().filter(m -> !m.startsWith("tech/tablesaw/") && !m.startsWith("com/google/common/"))
                        .collect(
                                Collectors.toSet()));
        assertTrue(missing.stream().anyMatch(m -> m.startsWith("tech/tablesaw/")),
                "else nothing is left to leave out here");
    }

    @Test void everythingRunsBehindIJavasLibraries() throws IOException, InterruptedException {
        List<String> uses = new ArrayList<>(USES);
        uses.add("tables");
        assertEquals(uses, uses(IJAVA, "tables"));
    }

    @Test void everythingButTablesRunsBehindSparks() throws IOException, InterruptedException {
        assertEquals(USES, uses(SPARK));
    }

    /**
     * What {@link Uses} says in a JVM of its own, where the classes of the kernel are loaded before those of the kit.
     */
    private List<String> uses(Path kernel, String... more) throws IOException, InterruptedException {
        Path out = folder.resolve("out"), err = folder.resolve("err"), loaded = folder.resolve("loaded");
        String tests = Path.of("target", "test-classes").toString();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED", "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dunroll.blas=" + System.getProperty("unroll.blas", "auto"), "-Xlog:class+load:file=" + loaded, "-cp",
                joined(ClassPath.jars(kernel)) + File.pathSeparator + tests, Behind.class.getName(),
                joined(ClassPath.jars(KIT)) + File.pathSeparator + Path.of("target", "classes"), Uses.class.getName(),
                Files.createDirectories(folder.resolve("files")).toString()));
        command.addAll(List.of(more));
        int status = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start()
                .waitFor();
        // Spark's slf4j looks for its own log4j, which has no class in common with the kit and so is not here.
        List<String> errors = Files.readAllLines(err, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("SLF4J: ")).toList();
        assertEquals(List.of(), errors, "nothing goes to standard error");
        assertEquals(0, status);
        try (Stream<String> lines = Files.lines(loaded)) {
            assertTrue(
                    lines.anyMatch(line -> line.contains("org.apache.commons.lang3.")
                            && line.contains(kernel.getFileName() + File.separator)),
                    "classes were loaded from " + kernel);
        }
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }

    private static String joined(List<Path> jars) {
        return jars.stream().map(jar -> jar.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
