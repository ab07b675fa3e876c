package unroll.notebook;

import java.util.Arrays;
import java.util.stream.IntStream;

import unroll.tensor.Tensor;

/**
 * Starts a chart; every chart says what its axes are.
 *
 * <pre>{@code
 * Charts.lines("Loss", "step", "nats").add("training", losses).logY()
 * Charts.bars("Nats per character", "model", "nats").add("validation", models, nats)
 * Charts.heatMap("Hidden states", "time", "unit", states)
 * }</pre>
 */
public final class Charts {
    private Charts() {
    }

    public static XyChart lines(String title, String xLabel, String yLabel) {
        return new XyChart(title, xLabel, yLabel, false);
    }

    public static XyChart scatter(String title, String xLabel, String yLabel) {
        return new XyChart(title, xLabel, yLabel, true);
    }

    public static BarChart bars(String title, String xLabel, String yLabel) {
        return new BarChart(title, xLabel, yLabel);
    }

    /** The matrix as colours, row 0 at the top. */
    public static HeatMap heatMap(String title, String xLabel, String yLabel, double[][] values) {
        return new HeatMap(title, xLabel, yLabel, values);
    }

    /** The tensor [rows, columns] as colours, row 0 at the top. */
    public static HeatMap heatMap(String title, String xLabel, String yLabel, Tensor values) {
        int[] shape = values.shape();
        if (shape.length != 2)
            throw new ChartException(
                    "Chart " + title + ": a heat map needs a tensor [rows, columns] but got " + Arrays.toString(shape));
        return heatMap(title, xLabel, yLabel,
                IntStream.range(0, shape[0]).mapToObj(r -> XyChart.doubles(values.at(r).data()))
                        .toArray(double[][]::new));
    }

    /** How many of the finite values fall into each of {@code bins} equal intervals. */
    public static XyChart histogram(String title, String xLabel, double[] values, int bins) {
        if (bins < 1 || bins > 1000)
            throw new ChartException("Chart " + title + ": a histogram has 1 to 1000 bins, not " + bins);
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0)
            throw new ChartException("Chart " + title + ": nothing to count, no value is a finite number");
        double low = Arrays.stream(finite).min().orElseThrow(), high = Arrays.stream(finite).max().orElseThrow();
        double width = (high > low ? high - low : 1) / bins;
        double[] edges = new double[bins + 1], counts = new double[bins + 1];
        for (int i = 0; i <= bins; i++) edges[i] = low + i * width;
        for (double v : finite) counts[Math.min(bins - 1, (int) ((v - low) / width))]++;
        counts[bins] = counts[bins - 1];                                   // the last step is as wide as the others
        return new XyChart(title, xLabel, "count", false).addSteps("count", edges, counts);
    }
}
