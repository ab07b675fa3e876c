package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import jdk.jfr.FlightRecorder;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.Close;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.tensor.Blas;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A Java that multiplies with another library gives the same layer, forward and back. The library is chosen once a
 * process, hence processes.
 */
@Tag("slow")
class BlasLibrariesTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"java", "openblas", "onednn", "recorded"}) void layerIsTheSame(String library)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out"), err = folder.resolve("err");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dunroll.blas=" + (library.equals("recorded") ? "auto" : library), "-cp",
                System.getProperty("java.class.path"), "-Xmx1g", "--enable-native-access=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                Printed.class.getName(), library).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(err));
        assertEquals("", read(err), "nothing goes to standard error");
        List<String> lines = read(out).lines().toList();
        String name = switch (library) {
            case "java" -> "plain Java";
            case "openblas" -> "OpenBLAS";
            case "recorded" -> "OpenBLAS, because Java Flight Recorder";
            default -> "oneDNN";
        };
        assertTrue(lines.get(0).startsWith(name), lines.get(0));
        List<Tensor> ours = Printed.results();
        assertEquals(ours.size(), lines.size() - 1);
        for (int i = 0; i < ours.size(); i++) {
            double[] theirs = Arrays.stream(lines.get(i + 1).split(" ")).mapToDouble(Double::parseDouble).toArray();
            Close.assertClose("result " + i + " of " + library + " and " + Blas.description(), theirs, ours.get(i),
                    1e-5);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What the other process runs: prints the library, and each result in a line. */
    static final class Printed {
        public static void main(String[] args) {
            if (args[0].equals("recorded")) FlightRecorder.getFlightRecorder();
            StringBuilder text = new StringBuilder(Blas.description()).append('\n');
            for (Tensor t : results()) {
                for (float v : t.data()) text.append(v).append(' ');
                text.append('\n');
            }
            System.out.print(text);
        }

        /**
         * Outputs and gradients of an LSTM, unrolled and over the whole sequence, and of a GRU. 128 hidden units: rows
         * of weights are padded.
         */
        static List<Tensor> results() {
            List<Tensor> all = new ArrayList<>();
            LstmCell cell = new LstmCell(20, 128, Rng.seed(1));
            Gru gru = new Gru(new GruCell(20, 128, GruConvention.KEEPS_NEW_RESET_BEFORE, Rng.seed(3)));
            for (SequenceLayer layer : List.of(new Unrolled<>(cell), new Lstm(cell), gru)) {
                layer.zeroGradients();
                Tensor x = Rng.seed(2).normal(7, 9, 20).tracked();
                Output out = layer.apply(x);
                Close.weighted(out.states()).backward();
                all.addAll(List.of(out.states(), x.gradient()));
                all.addAll(out.last().tensors());
                layer.parameters().forEach(p -> all.add(p.gradient()));
            }
            return all;
        }
    }
}
