package unroll.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import unroll.notebook.BarChart;
import unroll.notebook.Charts;

/**
 * Draws how many times as long the others take as this library, for {@code run.py}: a bar from 1 for each workload, a
 * ring for DL4J.
 *
 * <pre>{@code
 * printf 'LSTM layer\tlayer-lstm-B16-T32-I32-H64\t1.69\t20\n' | java -cp … unroll.bench.RatioChart RESULTS.png 'AMD EPYC, 2 cores'
 * }</pre>
 *
 * Reads lines of group, workload, ratio to PyTorch and ratio to DL4J, with tabs between them; the last may be missing.
 */
public final class RatioChart {
    private RatioChart() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2)
            throw new IllegalArgumentException("expected FILE.png and the machine but got " + List.of(arguments));
        List<String> rows = new ArrayList<>();
        List<Double> torch = new ArrayList<>(), dl4j = new ArrayList<>();
        String group = "";
        for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 4)
                throw new IllegalArgumentException(
                        "RatioChart: expected group, workload and two ratios but got " + line);
            if (!parts[0].equals(group)) {                                 // a row without a bar
                rows.add(parts[0]);
                torch.add(Double.NaN);
                dl4j.add(Double.NaN);
            }
            group = parts[0];
            rows.add(parts[1]);
            torch.add(Double.parseDouble(parts[2]));
            dl4j.add(parts[3].isEmpty() ? Double.NaN : Double.parseDouble(parts[3]));
        }
        BarChart chart = Charts
                .bars("How many times as long the others take (" + arguments[1] + ")",
                        "time of the other / time of Unroll, logarithmic", "workload")
                .ratios().size(860, 160 + 20 * rows.size()).add("PyTorch / Unroll", rows, doubles(torch));
        if (dl4j.stream().anyMatch(ratio -> !ratio.isNaN())) chart.add("DL4J / Unroll", rows, doubles(dl4j));
        chart.save(Path.of(arguments[0]));
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
