package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines and points over a numeric axis. Values that are not finite, or not above zero on a logarithmic axis, leave a
 * gap; a value between two gaps is a point.
 *
 * <pre>{@code
 * Charts.lines("How far back does the gradient reach?", "steps back", "norm")
 *       .add("tanh", norms).addDashed("bound", bounds).logY()
 * }</pre>
 */
public final class XyChart extends Chart {
    private static final double POINT = 4;                                 // the radius

    private enum Mark {
        LINE(ChartStyle.SOLID), DASHES(ChartStyle.DASHED), THIN(ChartStyle.THIN), POINTS(ChartStyle.POINT), MARKED(
                ChartStyle.SOLID), STEPS(ChartStyle.THIN), BAND(null);

        private final BasicStroke stroke;

        Mark(BasicStroke stroke) { this.stroke = stroke; }
    }

    /** @param labels of the points, which may be empty; no labels for a series without */
    private record Drawn(Series series, Mark mark, Color colour, List<String> labels) {
        boolean pointsOnly() { return mark == Mark.POINTS || series.size() == 1 && mark != Mark.BAND; }

        /** The values that the axis has to show: steps stand on zero. */
        double[] shown() {
            double[] y = series.y();
            return mark == Mark.STEPS ? DoubleStream.concat(DoubleStream.of(0), Arrays.stream(y)).toArray() : y;
        }

        BasicStroke stroke() { return pointsOnly() ? ChartStyle.POINT : mark.stroke; }
    }

    private final List<Drawn> drawn = new ArrayList<>();
    private final boolean points;
    private int colours;
    private boolean logX;
    private boolean logY;
    private double[] xRange;
    private double[] yRange;
    private List<String> xNames;

    XyChart(String title, String xLabel, String yLabel, boolean points) {
        super(title, xLabel, yLabel);
        this.points = points;
    }

    /** Adds values at the positions 0, 1, 2, … */
    public XyChart add(String name, double... y) {
        return add(name, Series.of(name, y).x(), y);
    }

    /** Adds values at the given positions. */
    public XyChart add(String name, double[] x, double[] y) {
        return add(name, x, y, points ? Mark.POINTS : Mark.LINE, ChartStyle.colour(colours++));
    }

    public XyChart add(String name, float[] y) { return add(name, doubles(y)); }

    /** Adds a dashed line, such as a bound, in the colour of the series that was added before it. */
    public XyChart addDashed(String name, double... y) {
        return addDashed(name, Series.of(name, y).x(), y);
    }

    /** Adds a dashed line, such as a bound, in the colour of the series that was added before it. */
    public XyChart addDashed(String name, double[] x, double[] y) {
        Color previous = drawn.isEmpty() ? ChartStyle.BLACK : drawn.get(drawn.size() - 1).colour;
        return add(name, x, y, Mark.DASHES, previous);
    }

    /**
     * Adds a shaded band from low to high, such as the range over seeds, in the colour of the series that was added
     * before it.
     */
    public XyChart addBand(String name, double[] x, double[] low, double[] high) {
        if (low.length != x.length || high.length != x.length)
            throw wrong("band " + name + " has " + low.length + " and " + high.length + " values for " + x.length
                    + " positions");
        double[] around = new double[2 * x.length], edge = new double[2 * x.length];
        for (int i = 0, back = edge.length - 1; i < x.length; i++, back--) {
            around[i] = around[back] = x[i];
            edge[i] = low[i];
            edge[back] = high[i];
        }
        Color previous = drawn.isEmpty() ? ChartStyle.BLACK : drawn.get(drawn.size() - 1).colour;
        return add(name, around, edge, Mark.BAND, previous);
    }

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
            throw wrong("series " + name + " has " + labels.size() + " labels for " + x.length + " points");
        drawn.add(new Drawn(new Series(name, x, y), Mark.MARKED, ChartStyle.colour(colours++), List.copyOf(labels)));
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

    private XyChart add(String name, double[] x, double[] y, Mark mark, Color colour) {
        drawn.add(new Drawn(new Series(name, x, y), mark, colour, List.of()));
        return this;
    }

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

    /** The positions 0, 1, 2, … on the x axis have these names instead of numbers. */
    public XyChart xNames(List<String> names) {
        xNames = List.copyOf(names);
        return this;
    }

    /** The size on the page. */
    public XyChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    /** Without the bands, which are no series of their own. */
    @Override public List<Series> series() {
        return drawn.stream().filter(d -> d.mark != Mark.BAND).map(Drawn::series).toList();
    }

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
        return logarithmic + "Series: " + list(names);
    }

    private static String inWords(Drawn d) {
        Series s = d.series;
        String what = switch (d.mark) {
            case BAND -> Series.range(List.of(s));
            case POINTS, STEPS -> s.size() + (s.size() == 1 ? " value " : " values ") + Series.range(List.of(s));
            default -> s.size() == 1
                    ? Numbers.text(s.last())
                    : "from " + Numbers.text(s.first()) + " to " + Numbers.text(s.last());
        };
        return s.name() + " (" + what + (d.mark == Mark.DASHES ? ", dashed" : d.mark == Mark.BAND ? ", shaded" : "")
                + ")";
    }

    @Override void paint(Graphics2D graphics) {
        boolean whole = drawn.stream().flatMapToDouble(d -> Arrays.stream(d.series.x())).filter(Double::isFinite)
                .allMatch(v -> v == Math.rint(v));
        Scale x = xNames == null ? Scale.of(logX, xRange, drawn.stream().map(d -> d.series.x())).free(whole) : named(),
                y = Scale.of(logY, yRange, drawn.stream().map(Drawn::shown)).free(false);
        Legend legend = new Legend(width());
        List<Drawn> visible = drawn.stream().filter(d -> d.series.drawable(x, y)).toList();
        if (visible.isEmpty()) throw wrong("nothing to draw; a logarithmic axis takes values above zero only");
        for (Drawn d : visible)
            if (d.mark != Mark.THIN)
                legend.add(d.series.name(), d.mark == Mark.BAND ? ChartStyle.faint(d.colour, 0.25) : d.colour,
                        d.stroke());
        Plot plot = new Plot(graphics, this, x, y, legend, 0);
        plot.within(POINT + 1, () -> {
            visible.stream().filter(d -> d.mark == Mark.BAND).forEach(d -> shade(plot, d));
            visible.stream().filter(d -> d.mark != Mark.BAND).forEach(d -> draw(plot, d));
        });
        label(plot);
    }

    private Scale named() {
        double last = drawn.stream().flatMapToDouble(d -> Arrays.stream(d.series.x())).max().orElse(0);
        if (last > xNames.size() - 1)
            throw wrong(xNames.size() + " names for positions up to " + Numbers.text(last));
        return Scale.of(xNames);
    }

    private static void shade(Plot plot, Drawn d) {
        double[] x = d.series.x(), y = d.series.y();
        Path2D edge = new Path2D.Double();
        for (int i = 0; i < x.length; i++) {
            double atX = plot.x(x[i]), atY = plot.y(y[i]);
            if (Double.isNaN(atX) || Double.isNaN(atY)) continue;
            if (edge.getCurrentPoint() == null) edge.moveTo(atX, atY);
            else
                edge.lineTo(atX, atY);
        }
        plot.graphics.setColor(ChartStyle.faint(d.colour, 0.25));
        plot.graphics.fill(edge);
    }

    private static void draw(Plot plot, Drawn d) {
        boolean steps = d.mark == Mark.STEPS;
        double[] x = steps ? corners(d.series.x(), 1) : d.series.x();
        double[] y = steps ? corners(d.series.y(), 0) : d.series.y();
        Path2D line = new Path2D.Double();
        for (int i = 0; i < x.length; i++) {
            x[i] = plot.x(x[i]);
            y[i] = Double.isNaN(x[i]) ? Double.NaN : plot.y(y[i]);
        }
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(y[i])) continue;
            boolean after = i > 0 && !Double.isNaN(y[i - 1]);
            if (after) line.lineTo(x[i], y[i]);
            else
                line.moveTo(x[i], y[i]);
            // a point between two gaps: no line leads to it
            boolean lone = !after && (i == x.length - 1 || Double.isNaN(y[i + 1]));
            if (lone || d.pointsOnly() || d.mark == Mark.MARKED) plot.disc(x[i], y[i], POINT, d.colour, d.colour);
        }
        if (steps) {
            Path2D ground = new Path2D.Double(line);
            double low = Double.isNaN(plot.y(0)) ? plot.area.getMaxY() : plot.y(0);
            ground.lineTo(x[x.length - 1], low);
            ground.lineTo(x[0], low);
            plot.graphics.setColor(ChartStyle.faint(d.colour, 0.4));
            plot.graphics.fill(ground);
        }
        plot.graphics.setColor(d.colour);
        plot.graphics.setStroke(d.stroke());
        if (!d.pointsOnly()) plot.graphics.draw(line);
    }

    /**
     * Writes the labels of paths above their points, first come, first served: one that would touch another is left
     * out.
     */
    private void label(Plot plot) {
        List<Rectangle2D> taken = new ArrayList<>();
        for (Drawn d : drawn)
            for (int i = 0; i < d.labels.size(); i++) {
                double at = plot.x(d.series.x()[i]), base = plot.y(d.series.y()[i]) - 6;
                String text = d.labels.get(i);
                if (Double.isNaN(at) || Double.isNaN(base) || text.isEmpty()) continue;
                double length = ChartStyle.length(text, ChartStyle.SMALL);
                // on the other side where the picture ends
                double left = at + 5 + length > width() - 4 ? at - 5 - length : at + 5;
                Rectangle2D room = new Rectangle2D.Double(left - 2, base - 11, length + 4, 14);
                if (taken.stream().anyMatch(room::intersects)) continue;
                taken.add(room);
                plot.graphics.setColor(d.colour);
                ChartStyle.write(plot.graphics, ChartStyle.SMALL, text, left, base, 0);
            }
    }

    /** Each value twice, shifted against the other axis by one: the corners of a flight of steps. */
    private static double[] corners(double[] values, int shift) {
        double[] corners = new double[2 * values.length - 1];
        for (int i = 0; i < corners.length; i++) corners[i] = values[(i + shift) / 2];
        return corners;
    }

    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
