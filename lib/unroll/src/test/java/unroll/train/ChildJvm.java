package unroll.train;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process with the classes of the tests, which multiplies with the same library. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final File errors;
    private final BufferedReader lines;

    ChildJvm(Path folder, List<String> options, Class<?> main, String... arguments) throws IOException {
        this(folder, List.of(), options, main, arguments);
    }

    /** With a command before that of the process, which runs what follows it. */
    ChildJvm(Path folder, List<String> before, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "-Dunroll.blas=" + System.getProperty("unroll.blas", "auto")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        errors = folder.resolve("stderr.txt").toFile();
        process = new ProcessBuilder(command).redirectError(errors).start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line that it prints. */
    String line() throws IOException {
        String line = lines.readLine();
        if (line == null)
            throw new IllegalStateException("the process ended: " + java.nio.file.Files.readString(errors.toPath()));
        return line;
    }

    /** kill -9; gives what it had printed until then. */
    List<String> kill() throws IOException, InterruptedException {
        process.destroyForcibly();
        List<String> rest = new ArrayList<>();
        try {
            for (String line; (line = lines.readLine()) != null;) rest.add(line);
        } catch (IOException e) {
            rest.clear();                                                  // the pipe was closed with the process
        }
        process.waitFor();
        return rest;
    }

    @Override public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }
}
