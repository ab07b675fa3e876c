package unroll;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library is small, and shows a reader where to begin. */
final class HouseTest {
    private static final Path LIB = Path.of("..").toAbsolutePath().normalize();

    /**
     * How many lines the main sources of a module may have, Javadoc, imports and blank lines too. They grow only by a
     * decision that docs/ARCHITECTURE.md explains.
     */
    private static final Map<String, Integer> BUDGETS = Map.of("unroll", 19_750, "unroll-models", 8_000, "unroll-data",
            6_150, "unroll-notebook", 5_850);

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> files = Files.walk(LIB.resolve(module).resolve("src/main/java"))) {
            return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
    }

    @Test void everyModuleKeepsItsBudget() throws IOException {
        Map<String, Long> over = new TreeMap<>();
        for (String module : BUDGETS.keySet()) {
            long lines = 0;
            for (Path file : sources(module)) lines += Files.readAllLines(file).size();
            if (lines > BUDGETS.get(module)) over.put(module, lines);
        }
        assertEquals(Map.of(), over, () -> "lines, of " + new TreeMap<>(BUDGETS));
    }

    @Test void noLineIsCutOff() throws IOException {
        List<String> wide = new ArrayList<>();
        for (String module : BUDGETS.keySet())
            for (Path file : sources(module)) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++)
                    if (lines.get(i).length() > 120) wide.add(file.getFileName() + ":" + (i + 1));
            }
        assertEquals(List.of(), wide, "lines of more than 120 columns");
    }

    /** Each file of the core once, with a line on what it is. */
    @Test void readingOrderNamesEveryFileOfTheCore() throws IOException {
        List<String> named = new ArrayList<>();
        Matcher links = Pattern.compile("\\]\\(\\.\\./(lib/unroll/src/main/java/[\\w/]+\\.java)\\): \\S")
                .matcher(Files.readString(LIB.resolve("../docs/READING.md")));
        while (links.find()) named.add(links.group(1));
        List<String> there = sources("unroll").stream()
                .map(f -> "lib/" + LIB.relativize(f).toString().replace('\\', '/'))
                .filter(f -> !f.endsWith("package-info.java")).toList();
        assertEquals(there, named.stream().sorted().toList());
    }

    /** What a package says of itself begins with code, and that code compiles. */
    @Test void packagesShowCodeThatCompiles(@TempDir Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : BUDGETS.keySet())
            for (Path file : sources(module)) {
                if (!file.endsWith("package-info.java")) continue;
                String name = file.getParent().getFileName().toString();
                Matcher code = Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n \\* }</pre>")
                        .matcher(Files.readString(file));
                assertTrue(code.find(), () -> "unroll." + name + " shows no code");
                Path program = folder.resolve("Uses_" + name + ".java");
                Files.writeString(program, program(name, code.group(1).replaceAll("(?m)^ \\* ?", "")));
                files.add(program);
            }
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(said, manager, null,
                    List.of("-proc:none", "-d", folder.toString(), "-cp", classPath()), null,
                    manager.getJavaFileObjectsFromPaths(files)).call();
            assertTrue(compiled, said::toString);
        }
    }

    private static String program(String name, String code) {
        return Stream.of("analysis", "data", "metrics", "model", "nn", "notebook", "picture", "recurrent", "sequence",
                "statespace", "tensor", "text", "train").map(p -> "import unroll." + p + ".*;").collect(joining("\n"))
                + "\nimport unroll.nn.Module;\nimport static unroll.notebook.Notebook.*;\nimport java.util.*;\nclass Uses_"
                + name + " {\n    void use() throws Exception {\n" + code
                + "\n    }\n}\n";
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
