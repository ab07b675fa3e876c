package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import unroll.analysis.Axis;
import unroll.analysis.DescentPath;
import unroll.analysis.LossSurface;
import unroll.notebook.Scale.Tick;

/**
 * A loss over two parameters as colours with lines of equal loss, and ways of descent on it. Where no loss is below
 * zero the colours are logarithmic.
 *
 * <pre>{@code
 * Figures.of(surface, plain, clipped)
 * }</pre>
 *
 * A path that leaves the picture is cut at its border, with an arrow there and the step in the legend. Losses that are
 * not finite are grey.
 */
public final class SurfaceChart extends Chart {
    private static final Color[] PATHS = {ChartStyle.VERMILION, ChartStyle.GREEN, ChartStyle.ORANGE, ChartStyle.PURPLE,
            ChartStyle.BLACK};

    private final LossSurface surface;
    private final List<DescentPath> paths;

    SurfaceChart(String title, LossSurface surface, List<DescentPath> paths) {
        super(title, surface.a().name(), surface.b().name());
        this.surface = surface;
        this.paths = List.copyOf(paths);
        resize(680, 520);
    }

    /** The size on the page. */
    public SurfaceChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    /** The losses over the first parameter, a row for each value of the second; then the losses along each path. */
    @Override public List<Series> series() {
        Axis a = surface.a(), b = surface.b();
        double[][] losses = surface.losses();
        double[] x = IntStream.range(0, a.points()).mapToDouble(a::value).toArray();
        List<Series> series = new ArrayList<>();
        for (int j = 0; j < b.points(); j++) {
            int row = j;
            series.add(new Series(b.name() + " = " + Numbers.text(b.value(j)), x,
                    Arrays.stream(losses).mapToDouble(column -> column[row]).toArray()));
        }
        for (DescentPath path : paths) series.add(Series.of(path.name(), path.losses()));
        return series;
    }

    @Override public String toString() {
        return "Chart \"" + title() + "\": " + surface
                + String.join("", paths.stream().map(path -> "\n  " + path).toList());
    }

    @Override String kind() { return "Loss surface"; }

    @Override String inWords() {
        List<Series> series = series();
        int rows = series.size() - paths.size();
        List<String> ways = series.subList(rows, series.size()).stream()
                .map(s -> s.name() + " (loss from " + Numbers.text(s.first()) + " to " + Numbers.text(s.last()) + ")")
                .toList();
        return "Losses " + Series.range(series.subList(0, rows)) + (ways.isEmpty() ? "" : ". Paths: " + list(ways));
    }

    @Override void paint(Graphics2D graphics) {
        Colours colours = Colours.of(surface);
        Legend legend = new Legend(width());
        if (surface.notFinite() > 0) legend.add("loss not finite", ChartStyle.NOT_FINITE, null);
        for (int p = 0; p < paths.size(); p++) legend.add(named(paths.get(p)), colour(p), ChartStyle.SOLID);
        // else one entry: no legend
        if (surface.notFinite() > 0 ^ paths.size() == 1)
            legend.add("lines of equal loss", ChartStyle.LEVEL, ChartStyle.THIN);
        Plot plot = new Plot(graphics, this, scale(surface.a()), scale(surface.b()), legend,
                Colours.ROOM + Colours.LABEL);
        plot.within(0, () -> {
            cells(plot, colours);
            levels(plot, colours);
        });
        plot.frame();
        for (int p = 0; p < paths.size(); p++) path(plot, paths.get(p), colour(p));
        colours.paint(plot, "loss");
    }

    private static Scale scale(Axis axis) {
        return Scale.of(false, null, Stream.of(new double[] {axis.low(), axis.high()}));
    }

    private static Color colour(int path) { return PATHS[path % PATHS.length]; }

    private String named(DescentPath path) {
        int step = path.leaves(surface);
        return step < 0
                ? path.name()
                : path.name() + " (leaves the picture "
                        + (step == 0 ? "before its first step)" : "at step " + step + ")");
    }

    /** A rectangle around each point of the grid; those at the border are cut. */
    private void cells(Plot plot, Colours colours) {
        Axis a = surface.a(), b = surface.b();
        double[][] losses = surface.losses();
        double w = plot.area.getWidth() / (a.points() - 1) / 2 + 0.25,
                h = plot.area.getHeight() / (b.points() - 1) / 2 + 0.25;
        for (int i = 0; i < a.points(); i++)
            for (int j = 0; j < b.points(); j++) {
                double x = plot.x(a.value(i)), y = plot.y(b.value(j));
                colours.cell(plot.graphics, losses[i][j], x - w, y - h, x + w, y + h);
            }
    }

    /** Lines of equal loss by marching squares, at the ticks of the colour scale. */
    private void levels(Plot plot, Colours colours) {
        double[][] losses = surface.losses();
        plot.graphics.setStroke(new BasicStroke(0.7f));
        plot.graphics.setColor(ChartStyle.LEVEL);
        for (Tick level : colours.ticks())
            for (int i = 0; i + 1 < losses.length; i++)
                for (int j = 0; j + 1 < losses[i].length; j++) {
                    int[][] corners = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}};
                    double[] above = Arrays.stream(corners)
                            .mapToDouble(at -> colours.place(losses[at[0]][at[1]]) - level.place()).toArray();
                    level(plot, corners, above);
                }
    }

    /** The one or two pieces of the line where z = 0 in the square between four points of the grid. */
    private void level(Plot plot, int[][] corners, double[] z) {
        double[] xs = new double[4], ys = new double[4];
        int n = 0;
        for (int c = 0; c < 4; c++) {
            int d = (c + 1) % 4;
            if (!(z[c] < 0 && z[d] >= 0 || z[c] >= 0 && z[d] < 0)) continue;       // nor where one is not a number
            double part = Double.isInfinite(z[c] - z[d]) ? 0.5 : z[c] / (z[c] - z[d]);
            xs[n] = plot.x(between(surface.a(), corners[c][0], corners[d][0], part));
            ys[n++] = plot.y(between(surface.b(), corners[c][1], corners[d][1], part));
        }
        for (int k = 0; k + 1 < n; k += 2) plot.graphics.draw(new Line2D.Double(xs[k], ys[k], xs[k + 1], ys[k + 1]));
    }

    private static double between(Axis axis, int from, int to, double part) {
        return axis.value(from) + part * (axis.value(to) - axis.value(from));
    }

    /**
     * The way until it leaves the picture: a ring at its start, dots at its points, a disc at its end or an arrow at
     * the border.
     */
    private void path(Plot plot, DescentPath path, Color colour) {
        double[] a = path.a(), b = path.b();
        int leaves = path.leaves(surface), inside = leaves < 0 ? path.size() : leaves;
        if (inside == 0) return;
        Path2D line = new Path2D.Double();
        line.moveTo(plot.x(a[0]), plot.y(b[0]));
        for (int i = 1; i < inside; i++) line.lineTo(plot.x(a[i]), plot.y(b[i]));
        double[] exit = leaves < 0 ? null : exit(plot, a[leaves - 1], b[leaves - 1], a[leaves], b[leaves]);
        if (exit != null) line.lineTo(exit[0], exit[1]);
        for (boolean rim : new boolean[] {true, false}) {                  // white, to be seen on any ground
            plot.graphics.setColor(rim ? Color.WHITE : colour);
            plot.graphics.setStroke(ChartStyle.stroke(rim ? 3.4 : 1.6));
            plot.graphics.draw(line);
        }
        for (int i = 1; i < inside; i++)
            plot.disc(plot.x(a[i]), plot.y(b[i]), inside > 40 ? 1.4 : 2.4, colour, colour);
        plot.disc(plot.x(a[0]), plot.y(b[0]), 5, Color.WHITE, colour);
        if (exit == null) plot.disc(plot.x(a[inside - 1]), plot.y(b[inside - 1]), 5, colour, Color.WHITE);
        else
            arrow(plot.graphics, exit, colour);
    }

    /** Where the step to (a, b) crosses the border, and its angle; null if that point is nowhere. */
    private static double[] exit(Plot plot, double fromA, double fromB, double a, double b) {
        double fromX = plot.x(fromA), fromY = plot.y(fromB), dx = plot.x(a) - fromX, dy = plot.y(b) - fromY;
        if (!Double.isFinite(dx) || !Double.isFinite(dy)) return null;
        Rectangle2D area = plot.area;
        double part = Math.min(part(fromX, dx, area.getMinX(), area.getMaxX()),
                part(fromY, dy, area.getMinY(), area.getMaxY()));
        return new double[] {fromX + part * dx, fromY + part * dy, Math.atan2(dy, dx)};
    }

    /** The part of a step that stays between two borders. */
    private static double part(double from, double step, double low, double high) {
        if (from + step < low) return (low - from) / step;
        return from + step > high ? (high - from) / step : 1;
    }

    /** A head that points out of the picture. */
    private static void arrow(Graphics2D graphics, double[] at, Color colour) {
        Path2D head = new Path2D.Double();
        head.moveTo(9, 0);
        head.lineTo(-4, 6);
        head.lineTo(-4, -6);
        head.closePath();
        AffineTransform place = AffineTransform.getTranslateInstance(at[0], at[1]);
        place.rotate(at[2]);
        graphics.setColor(colour);
        graphics.fill(place.createTransformedShape(head));
    }
}
