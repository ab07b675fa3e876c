package unroll.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.Styler;

/**
 * A matrix as colours, row 0 at the top: attention weights, hidden states over time.
 *
 * <pre>{@code
 * Charts.heatMap("Attention", "source", "target", weights).labels(source, target)
 * }</pre>
 *
 * Values of one sign go from white to blue; values of both signs from blue over white (zero) to vermilion; those that
 * are not finite are grey.
 */
public final class HeatMap extends Chart {
    private final double[][] values;
    private List<String> columns;
    private List<String> rows;
    private double[] range;

    HeatMap(String title, String xLabel, String yLabel, double[][] values) {
        super(title, xLabel, yLabel);
        if (values.length == 0 || values[0].length == 0)
            throw new ChartException("Chart " + title + ": the matrix is empty");
        for (double[] row : values)
            if (row.length != values[0].length)
                throw new ChartException(
                        "Chart " + title + ": rows of " + values[0].length + " and of " + row.length
                                + " values; a heat map needs a matrix");
        this.values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        columns = numbers(values[0].length);
        rows = numbers(values.length);
    }

    private static List<String> numbers(int n) { return IntStream.range(0, n).mapToObj(Integer::toString).toList(); }

    /** Names for the columns (along x) and the rows (along y); repeated ones are allowed. */
    public HeatMap labels(List<String> columns, List<String> rows) {
        if (columns.size() != values[0].length || rows.size() != values.length)
            throw new ChartException("Chart " + title() + ": " + columns.size() + " column and " + rows.size()
                    + " row labels for a matrix of "
                    + values.length + " × " + values[0].length);
        this.columns = List.copyOf(columns);
        this.rows = List.copyOf(rows);
        return this;
    }

    /** The values that the ends of the colour scale stand for. */
    public HeatMap range(double low, double high) {
        if (!(low < high))
            throw new ChartException("Chart " + title() + ": range needs low < high but got " + low + " and " + high);
        range = new double[] {low, high};
        return this;
    }

    /** The size on the page. */
    public HeatMap size(int width, int height) {
        resize(width, height);
        return this;
    }

    /** The rows, from the top. */
    @Override public List<Series> series() {
        List<Series> series = new ArrayList<>();
        double[] x = IntStream.range(0, values[0].length).asDoubleStream().toArray();
        for (int i = 0; i < values.length; i++) series.add(new Series(rows.get(i), x, values[i]));
        return series;
    }

    @Override public String toString() {
        return "Chart \"" + title() + "\" (" + yLabel() + " over " + xLabel() + "): " + size();
    }

    private String size() { return values.length + " × " + values[0].length + " values " + AltText.range(series()); }

    @Override String kind() { return "Heat map"; }

    @Override String inWords() {
        return size() + named(". Columns: ", columns) + named(". Rows from the top: ", rows);
    }

    /** Numbers are no names: the size says how many there are. */
    private static String named(String which, List<String> labels) {
        return labels.stream().allMatch(label -> label.matches("-?[0-9]+")) ? "" : which + AltText.list(labels);
    }

    @Override void paint(Graphics2D graphics, int width, int height) {
        HeatMapChart chart = new HeatMapChart(width, height, Styler.ChartTheme.XChart);
        var style = chart.getStyler();
        ChartStyle.apply(style);
        style.setLegendVisible(true).setLegendFont(ChartStyle.font(Font.PLAIN, 12)).setLegendBorderColor(Color.WHITE);
        double[] ends = range == null ? ends() : range;
        style.setPlotGridLinesVisible(false);
        boolean gaps = Arrays.stream(values).flatMapToDouble(Arrays::stream).anyMatch(v -> !Double.isFinite(v));
        if (gaps) style.setPlotBackgroundColor(ChartStyle.NOT_FINITE);    // shows where no cell lies
        style.setMin(ends[0]).setMax(ends[1]);
        style.setRangeColors(
                ends[0] < 0
                        ? new Color[] {ChartStyle.BLUE, Color.WHITE, ChartStyle.VERMILION}
                        : new Color[] {Color.WHITE, ChartStyle.BLUE});
        style.setHeatMapDecimalValueFormatter(Numbers::text);
        style.setPlotContentSize(1);
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        List<Number[]> cells = new ArrayList<>();
        for (int r = 0; r < values.length; r++)
            for (int c = 0; c < values[r].length; c++) {
                double v = values[values.length - 1 - r][c];               // XChart counts rows from the bottom
                if (Double.isFinite(v)) cells.add(new Number[] {c, r, Math.max(ends[0], Math.min(ends[1], v))});
            }
        int longest = columns.stream().mapToInt(String::length).max().orElse(0);
        double column = (width - 220.0) / columns.size();
        boolean slanted = longest > 4 && 9.0 * longest > column;
        if (slanted) style.setXAxisLabelRotation(45);
        List<String> upwards = every((int) Math.ceil(16.0 * rows.size() / (height - 110)), rows);
        Collections.reverse(upwards);
        chart.addSeries("values", distinct(every((int) Math.ceil((slanted ? 16 : 9.0 * longest) / column), columns)),
                distinct(upwards), cells);
        chart.setTitle(ChartStyle.title(style, title(), width));
        chart.setXAxisTitle(xLabel() + (gaps ? " (grey: not finite)" : ""));
        chart.setYAxisTitle(yLabel());
        chart.paint(graphics, width, height);
    }

    private double[] ends() {
        double low = series().stream().mapToDouble(Series::min).filter(Double::isFinite).min().orElse(0);
        double high = series().stream().mapToDouble(Series::max).filter(Double::isFinite).max().orElse(1);
        if (low >= 0) return new double[] {0, high > 0 ? round(high) : 1};
        double most = round(Math.max(-low, high));
        return new double[] {-most, most};
    }

    /** Up to two significant digits. */
    private static double round(double value) {
        return new BigDecimal(value).round(new MathContext(2, RoundingMode.CEILING)).doubleValue();
    }

    /** Every n-th label, nothing for the others. */
    private static List<String> every(int n, List<String> labels) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) some.add(i % Math.max(1, n) == 0 ? labels.get(i) : "");
        return some;
    }

    /**
     * XChart takes equal labels for one place, so marks of no width make them differ. It also measures only the label
     * of most characters, so the widest gets the most marks.
     */
    private static List<String> distinct(List<String> labels) {
        String[] result = new String[labels.size()];
        List<Integer> order = IntStream.range(0, result.length).boxed()
                .sorted(Comparator.comparingInt(i -> labels.get(i).length())).toList();
        for (int rank = 0; rank < result.length; rank++)
            result[order.get(rank)] = labels.get(order.get(rank)) + "\u200b".repeat(rank + 1);
        return List.of(result);
    }
}
