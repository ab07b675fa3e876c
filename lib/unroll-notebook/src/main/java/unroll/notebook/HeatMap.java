package unroll.notebook;

import java.awt.Graphics2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
        if (values.length == 0 || values[0].length == 0) throw wrong("the matrix is empty");
        for (double[] row : values)
            if (row.length != values[0].length)
                throw wrong("rows of " + values[0].length + " and of " + row.length
                        + " values; a heat map needs a matrix");
        this.values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        columns = numbers(values[0].length);
        rows = numbers(values.length);
    }

    private static List<String> numbers(int n) { return IntStream.range(0, n).mapToObj(Integer::toString).toList(); }

    /** Names for the columns (along x) and the rows (along y); repeated ones are allowed. */
    public HeatMap labels(List<String> columns, List<String> rows) {
        if (columns.size() != values[0].length || rows.size() != values.length)
            throw wrong(columns.size() + " column and " + rows.size() + " row labels for a matrix of " + values.length
                    + " × " + values[0].length);
        this.columns = List.copyOf(columns);
        this.rows = List.copyOf(rows);
        return this;
    }

    /** The values that the ends of the colour scale stand for. */
    public HeatMap range(double low, double high) {
        range = range("range", low, high);
        return this;
    }

    /** The size on the page. */
    public HeatMap size(int width, int height) {
        resize(width, height);
        return this;
    }

    /** The rows, from the top. */
    @Override public List<Series> series() {
        return IntStream.range(0, values.length).mapToObj(r -> Series.of(rows.get(r), values[r])).toList();
    }

    @Override public String toString() {
        return "Chart \"" + title() + "\" (" + yLabel() + " over " + xLabel() + "): " + size();
    }

    private String size() { return values.length + " × " + values[0].length + " values " + Series.range(series()); }

    @Override String kind() { return "Heat map"; }

    @Override String inWords() { return size() + named(". Columns: ", columns) + named(". Rows from the top: ", rows); }

    /** Numbers are no names: the size says how many there are. */
    private static String named(String which, List<String> labels) {
        return labels.stream().allMatch(label -> label.matches("-?[0-9]+")) ? "" : which + list(labels);
    }

    @Override String xTitle() {
        return xLabel() + (cells().allMatch(Double::isFinite) ? "" : " (grey: not finite)");
    }

    private DoubleStream cells() { return Arrays.stream(values).flatMapToDouble(Arrays::stream); }

    @Override void paint(Graphics2D graphics) {
        double[] ends = range == null ? ends() : range;
        Colours colours = Colours.between(ends[0], ends[1]);
        Plot plot = new Plot(graphics, this, Scale.of(columns), Scale.of(rows).turned(), new Legend(width()),
                Colours.ROOM);
        for (int r = 0; r < values.length; r++)
            for (int c = 0; c < values[r].length; c++)
                colours.cell(graphics, values[r][c], plot.x(c - 0.5), plot.y(r - 0.5), plot.x(c + 0.5),
                        plot.y(r + 0.5));
        plot.frame();
        colours.paint(plot, "");
    }

    private double[] ends() {
        double[] finite = cells().filter(Double::isFinite).sorted().toArray();
        double low = finite[0], high = finite[finite.length - 1];
        if (low >= 0) return new double[] {0, high > 0 ? round(high) : 1};
        double most = round(Math.max(-low, high));
        return new double[] {-most, most};
    }

    /** Up to two significant digits. */
    private static double round(double value) {
        return new BigDecimal(value).round(new MathContext(2, RoundingMode.CEILING)).doubleValue();
    }
}
