package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines and points over a numeric axis. Values that are not finite, or not above zero on a logarithmic axis, leave a gap.
 *
 * <pre>{@code
 * Charts.lines("How far back does the gradient reach?", "steps back", "norm").add("tanh", norms).addDashed("bound", bounds).logY()
 * }</pre>
 */
public final class XyChart extends Chart {
    private enum Mark {
        LINE, DASHES, THIN, POINTS, MARKED, STEPS
    }

    private record Drawn(Series series, Mark mark, Color colour, boolean right) {
    }

    private final List<Drawn> drawn = new ArrayList<>();
    private final boolean points;
    private int colours;
    private boolean logX;
    private boolean logY;
    private double[] xRange;
    private double[] yRange;
    private String rightLabel;

    XyChart(String title, String xLabel, String yLabel, boolean points) {
        super(title, xLabel, yLabel);
        this.points = points;
    }

    /** Adds values at the positions 0, 1, 2, … */
    public XyChart add(String name, double... y) { return add(name, positions(y.length), y); }

    /** Adds values at the given positions. */
    public XyChart add(String name, double[] x, double[] y) {
        return add(name, x, y, points ? Mark.POINTS : Mark.LINE, ChartStyle.colour(colours++));
    }

    public XyChart add(String name, float[] y) { return add(name, doubles(y)); }

    public XyChart add(String name, float[] x, float[] y) { return add(name, doubles(x), doubles(y)); }

    /** Adds a dashed line, such as a bound, in the colour of the series that was added before it. */
    public XyChart addDashed(String name, double... y) {
        return addDashed(name, positions(y.length), y);
    }

    /** Adds a dashed line, such as a bound, in the colour of the series that was added before it. */
    public XyChart addDashed(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.DASHES, previous());
    }

    public XyChart addDashed(String name, float[] y) { return addDashed(name, doubles(y)); }

    /** Adds separate points. */
    public XyChart addPoints(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.POINTS, ChartStyle.colour(colours++));
    }

    /** Adds a thin, faint line in the colour of the next series: the raw values behind a smoothed line. */
    XyChart addFaint(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.THIN, ChartStyle.faint(ChartStyle.colour(colours), 0.35));
    }

    /** Adds a line with a mark at each value: few values, far apart. */
    XyChart addMarked(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.MARKED, ChartStyle.colour(colours++));
    }

    XyChart addSteps(String name, double[] x, double[] y) { return add(name, x, y, Mark.STEPS, ChartStyle.colour(colours++)); }

    /** Adds a line that belongs to an axis of its own, on the right. */
    XyChart addRight(String name, String label, double[] x, double[] y) {
        drawn.add(new Drawn(new Series(name, x, y), Mark.LINE, ChartStyle.colour(colours++), true));
        rightLabel = label;
        return this;
    }

    private XyChart add(String name, double[] x, double[] y, Mark mark, Color colour) {
        drawn.add(new Drawn(new Series(name, x, y), mark, colour, false));
        return this;
    }

    private Color previous() { return drawn.isEmpty() ? ChartStyle.BLACK : drawn.get(drawn.size() - 1).colour; }

    /** A logarithmic x axis. */
    public XyChart logX() {
        logX = true;
        return this;
    }

    /** A logarithmic y axis. */
    public XyChart logY() {
        logY = true;
        return this;
    }

    public XyChart xRange(double low, double high) {
        xRange = range("xRange", low, high);
        return this;
    }

    public XyChart yRange(double low, double high) {
        yRange = range("yRange", low, high);
        return this;
    }

    private double[] range(String what, double low, double high) {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high))
            throw new ChartException("Chart " + title() + ": " + what + " needs low < high but got " + low + " and " + high);
        return new double[] {low, high};
    }

    /** The size on the page. */
    public XyChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    @Override public List<Series> series() { return drawn.stream().map(Drawn::series).toList(); }

    @Override void paint(Graphics2D graphics, int width, int height) {
        XYChart chart = new XYChart(width, height);
        var style = chart.getStyler();
        ChartStyle.apply(style);
        Scale x = Scale.of(logX, xRange, drawn.stream().map(d -> d.series.x())),
                y = Scale.of(logY, yRange, drawn.stream().filter(d -> !d.right).map(d -> d.series.y()));
        style.setXAxisLogarithmic(x.nativeLog()).setYAxisLogarithmic(y.nativeLog());
        if (!x.nativeLog()) chart.setCustomXAxisTickLabelsFormatter(x::label);    // with a formatter XChart would place a logarithmic axis' ticks linearly
        if (!y.nativeLog()) chart.setCustomYAxisTickLabelsFormatter(y::label);
        if (x.spacing(width) > 0) style.setXAxisTickMarkSpacingHint(x.spacing(width));
        if (y.spacing(height) > 0) style.setYAxisTickMarkSpacingHint(y.spacing(height));
        if (xRange != null) style.setXAxisMin(x.place(xRange[0])).setXAxisMax(x.place(xRange[1]));
        if (yRange != null) style.setYAxisMin(y.place(yRange[0])).setYAxisMax(y.place(yRange[1]));
        Legend legend = new Legend(width);
        for (Drawn d : drawn) add(chart, d, x, y, legend);
        if (chart.getSeriesMap().isEmpty())
            throw new ChartException("Chart " + title() + ": nothing to draw; a logarithmic axis takes values above zero only");
        roundTicks(chart, logX ? 0 : (int) (0.85 * width));
        if (rightLabel != null) {
            chart.setYAxisGroupTitle(1, rightLabel);
            style.setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
        }
        chart.setTitle(ChartStyle.title(style, title(), width));
        chart.setXAxisTitle(xLabel());
        chart.setYAxisTitle(yLabel());
        int plot = height - legend.height();
        chart.paint(graphics, width, plot);
        legend.paint(graphics, plot);
    }

    private static void add(XYChart chart, Drawn d, Scale xScale, Scale yScale, Legend legend) {
        double[] x = d.mark == Mark.STEPS ? corners(d.series.x(), 1) : d.series.x(),
                y = d.mark == Mark.STEPS ? corners(d.series.y(), 0) : d.series.y();
        boolean some = false;
        for (int i = 0; i < y.length; i++) {
            x[i] = xScale.place(x[i]);
            y[i] = Double.isNaN(x[i]) ? Double.NaN : (d.right ? Scale.LINEAR : yScale).place(y[i]);
            some |= !Double.isNaN(y[i]);
        }
        if (!some) return;                                                 // XChart has no axis for a series without values
        XYSeries series = chart.addSeries("series " + chart.getSeriesMap().size(), x, y);
        boolean pointsOnly = d.mark == Mark.POINTS || d.series.size() == 1;
        BasicStroke stroke = switch (d.mark) {
            case DASHES -> ChartStyle.DASHED;
            case THIN -> ChartStyle.THIN;
            default -> ChartStyle.SOLID;
        };
        series.setXYSeriesRenderStyle(
                d.mark == Mark.STEPS ? XYSeriesRenderStyle.Area : pointsOnly ? XYSeriesRenderStyle.Scatter : XYSeriesRenderStyle.Line);
        series.setMarker(pointsOnly || d.mark == Mark.MARKED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(d.colour).setLineStyle(stroke).setLineColor(d.colour);
        if (d.mark == Mark.STEPS) series.setFillColor(ChartStyle.faint(d.colour, 0.4));
        if (d.right) series.setYAxisGroup(1);
        if (d.mark != Mark.THIN && !legend.has(d.series.name())) legend.add(d.series.name(), d.colour, pointsOnly ? ChartStyle.POINT : stroke);
    }

    /**
     * XChart puts ticks at the values themselves when these are equally spaced; a hidden series with uneven ones brings it back to round numbers.
     * Between whole numbers, such as steps, there are no ticks.
     */
    private static void roundTicks(XYChart chart, int length) {
        double[] x = chart.getSeriesMap().values().stream().flatMapToDouble(s -> Arrays.stream(s.getXData())).filter(Double::isFinite).toArray();
        double low = Arrays.stream(x).min().orElse(0), high = Arrays.stream(x).max().orElse(1);
        double y = Arrays.stream(chart.getSeriesMap().values().iterator().next().getYData()).filter(Double::isFinite).findFirst().orElse(1);
        chart.addSeries("ticks", new double[] {low, low + 0.37 * (high - low), high}, new double[] {y, y, y}).setEnabled(false);
        if (high > low && high - low < 10 && Arrays.stream(x).allMatch(v -> v == Math.rint(v)))
            chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(80, length / (high - low)));
    }

    /** Each value twice, shifted against the other axis by one: the corners of a flight of steps. */
    private static double[] corners(double[] values, int shift) {
        double[] corners = new double[2 * values.length - 1];
        for (int i = 0; i < corners.length; i++) corners[i] = values[(i + shift) / 2];
        return corners;
    }

    private static double[] positions(int n) { return IntStream.range(0, n).asDoubleStream().toArray(); }

    static double[] doubles(float[] values) { return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray(); }
}
