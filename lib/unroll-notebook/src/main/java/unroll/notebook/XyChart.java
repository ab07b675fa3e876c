package unroll.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines and points over a numeric axis. Values that are not finite, or not above zero on a logarithmic axis, leave a
 * gap; a value between two gaps is a point.
 *
 * <pre>{@code
 * Charts.lines("How far back does the gradient reach?", "steps back", "norm").add("tanh", norms).addDashed("bound", bounds).logY()
 * }</pre>
 */
public final class XyChart extends Chart {
    enum Mark {
        LINE, DASHES, THIN, POINTS, MARKED, STEPS
    }

    /** @param labels of the points, which may be empty; no labels for a series without */
    record Drawn(Series series, Mark mark, Color colour, boolean right, List<String> labels) {
        Drawn(Series series, Mark mark, Color colour, boolean right) { this(series, mark, colour, right, List.of()); }
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
    public XyChart add(String name, double... y) {
        return add(name, positions(y.length), y);
    }

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

    /**
     * Adds points joined by a line, in their order, each with a label beside it where there is room: the way of a state
     * through a plane.
     */
    public XyChart addPath(String name, double[] x, double[] y, List<String> labels) {
        if (labels.size() != x.length)
            throw new ChartException("Chart " + title() + ": series " + name + " has " + labels.size() + " labels for "
                    + x.length + " points");
        drawn.add(new Drawn(new Series(name, x, y), Mark.MARKED, ChartStyle.colour(colours++), false,
                List.copyOf(labels)));
        return this;
    }

    /** Adds a thin, faint line in the colour of the next series: the raw values behind a smoothed line. */
    XyChart addFaint(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.THIN, ChartStyle.faint(ChartStyle.colour(colours), 0.35));
    }

    /** Adds a line with a mark at each value: few values, far apart. */
    XyChart addMarked(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.MARKED, ChartStyle.colour(colours++));
    }

    XyChart addSteps(String name, double[] x, double[] y) {
        return add(name, x, y, Mark.STEPS, ChartStyle.colour(colours++));
    }

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
            throw new ChartException(
                    "Chart " + title() + ": " + what + " needs low < high but got " + low + " and " + high);
        return new double[] {low, high};
    }

    /** The size on the page. */
    public XyChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    @Override public List<Series> series() { return drawn.stream().map(Drawn::series).toList(); }

    @Override String kind() {
        if (drawn.stream().anyMatch(d -> d.mark == Mark.STEPS)) return "Histogram";
        return !drawn.isEmpty() && drawn.stream().allMatch(d -> d.mark == Mark.POINTS) ? "Scatter chart" : "Line chart";
    }

    /** Without the thin lines, which are the strong ones again before they were smoothed. */
    @Override String inWords() {
        String logarithmic = logX && logY
                ? "Both axes are logarithmic. "
                : logX ? "The x axis is logarithmic. " : logY ? "The y axis is logarithmic. " : "";
        List<String> names = drawn.stream().filter(d -> d.mark != Mark.THIN).map(XyChart::inWords).toList();
        return logarithmic + "Series: " + AltText.list(names);
    }

    private static String inWords(Drawn d) {
        Series s = d.series;
        String what = switch (d.mark) {
            case POINTS, STEPS -> s.size() + (s.size() == 1 ? " value " : " values ") + AltText.range(List.of(s));
            default -> s.size() == 1
                    ? Numbers.text(s.last())
                    : "from " + Numbers.text(s.first()) + " to " + Numbers.text(s.last());
        };
        return s.name() + " (" + what + (d.mark == Mark.DASHES ? ", dashed" : "")
                + (d.right ? ", axis on the right" : "") + ")";
    }

    @Override void paint(Graphics2D graphics, int width, int height) {
        new XyPainting(this, drawn, new XyPainting.Axes(logX, logY, xRange, yRange, rightLabel)).paint(graphics, width,
                height);
    }

    private static double[] positions(int n) { return IntStream.range(0, n).asDoubleStream().toArray(); }

    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
