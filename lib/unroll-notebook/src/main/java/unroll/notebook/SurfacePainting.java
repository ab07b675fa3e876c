package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

import unroll.analysis.Axis;
import unroll.analysis.DescentPath;
import unroll.analysis.LossSurface;

/** Paints a {@link SurfaceChart}: XChart has neither a logarithmic colour scale nor lines over a heat map. */
record SurfacePainting(String title, LossSurface surface, List<DescentPath> paths) {
    private static final Font PLAIN = ChartStyle.font(Font.PLAIN, 12), LABEL = ChartStyle.font(Font.PLAIN, 14),
            BOLD = ChartStyle.font(Font.BOLD, 16);
    private static final Color[] PATHS = {ChartStyle.VERMILION, ChartStyle.GREEN, ChartStyle.ORANGE, ChartStyle.PURPLE,
            ChartStyle.BLACK};
    private static final Color WHITE = Color.WHITE;

    void paint(Graphics2D graphics, int width, int height) {
        LossColours colours = LossColours.of(surface);
        Legend legend = new Legend(width);
        if (surface.notFinite() > 0) legend.add("loss not finite", ChartStyle.NOT_FINITE, null);
        for (int p = 0; p < paths.size(); p++) legend.add(named(paths.get(p)), colour(p), ChartStyle.SOLID);
        // else one entry: no legend
        if (surface.notFinite() > 0 ^ paths.size() == 1)
            legend.add("lines of equal loss", LossColours.LINE, ChartStyle.THIN);
        int bottom = height - legend.height() - 58;
        Rectangle2D plot = new Rectangle2D.Double(78, 44, width - 78 - 118, bottom - 44.0);
        graphics.setFont(BOLD);
        graphics.setColor(ChartStyle.INK);
        String head = ChartStyle.cut(title, BOLD, width - 30.0);
        graphics.drawString(head, (float) ((width - ChartStyle.length(head, BOLD)) / 2), 28);
        graphics.setRenderingHint(java.awt.RenderingHints.KEY_ANTIALIASING,
                java.awt.RenderingHints.VALUE_ANTIALIAS_OFF);
        cells(graphics, plot, colours);
        graphics.setRenderingHint(java.awt.RenderingHints.KEY_ANTIALIASING, java.awt.RenderingHints.VALUE_ANTIALIAS_ON);
        contours(graphics, plot, colours);
        for (int p = 0; p < paths.size(); p++) path(graphics, plot, paths.get(p), colour(p));
        axes(graphics, plot);
        colours.paint(graphics, new Rectangle2D.Double(plot.getMaxX() + 18, plot.getMinY(), 14, plot.getHeight()));
        legend.paint(graphics, height - legend.height());
    }

    private static Color colour(int path) { return PATHS[path % PATHS.length]; }

    private String named(DescentPath path) {
        int step = path.leaves(surface);
        return step < 0
                ? path.name()
                : path.name() + " (leaves the picture "
                        + (step == 0 ? "before its first step)" : "at step " + step + ")");
    }

    private double x(Rectangle2D plot, double a) {
        return plot.getMinX() + plot.getWidth() * (a - surface.a().low()) / (surface.a().high() - surface.a().low());
    }

    private double y(Rectangle2D plot, double b) {
        return plot.getMaxY() - plot.getHeight() * (b - surface.b().low()) / (surface.b().high() - surface.b().low());
    }

    /** A rectangle around each point of the grid; those at the border are cut. */
    private void cells(Graphics2D graphics, Rectangle2D plot, LossColours colours) {
        Axis a = surface.a(), b = surface.b();
        double[][] losses = surface.losses();
        Shape clip = graphics.getClip();
        graphics.clip(plot);
        double w = plot.getWidth() / (a.points() - 1), h = plot.getHeight() / (b.points() - 1);
        for (int i = 0; i < a.points(); i++)
            for (int j = 0; j < b.points(); j++) {
                graphics.setColor(colours.of(losses[i][j]));
                graphics.fill(new Rectangle2D.Double(x(plot, a.value(i)) - w / 2 - 0.25,
                        y(plot, b.value(j)) - h / 2 - 0.25, w + 0.5, h + 0.5));
            }
        graphics.setClip(clip);
    }

    /** Lines of equal loss by marching squares, at the ticks of the colour scale. */
    private void contours(Graphics2D graphics, Rectangle2D plot, LossColours colours) {
        double[][] losses = surface.losses();
        graphics.setStroke(new BasicStroke(0.7f));
        graphics.setColor(LossColours.LINE);
        for (double level : colours.ticks())
            for (int i = 0; i + 1 < losses.length; i++)
                for (int j = 0; j + 1 < losses[i].length; j++) {
                    int[][] corners = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}};
                    double[] z = new double[4];
                    for (int c = 0; c < 4; c++) z[c] = colours.place(losses[corners[c][0]][corners[c][1]]) - level;
                    cell(graphics, plot, corners, z);
                }
    }

    /** The one or two pieces of the line z = 0 in the square between four points of the grid. */
    private void cell(Graphics2D graphics, Rectangle2D plot, int[][] corners, double[] z) {
        double[] xs = new double[4], ys = new double[4];
        int n = 0;
        for (int c = 0; c < 4; c++) {
            int d = (c + 1) % 4;
            if (!(z[c] < 0 && z[d] >= 0 || z[c] >= 0 && z[d] < 0)) continue;       // nor where one is not a number
            double part = Double.isInfinite(z[c] - z[d]) ? 0.5 : z[c] / (z[c] - z[d]);
            xs[n] = x(plot, between(surface.a(), corners[c][0], corners[d][0], part));
            ys[n++] = y(plot, between(surface.b(), corners[c][1], corners[d][1], part));
        }
        for (int k = 0; k + 1 < n; k += 2) graphics.draw(new Line2D.Double(xs[k], ys[k], xs[k + 1], ys[k + 1]));
    }

    private static double between(Axis axis, int from, int to, double part) {
        return axis.value(from) + part * (axis.value(to) - axis.value(from));
    }

    /**
     * The way until it leaves the picture: a ring at its start, dots at its points, a disc at its end or an arrow at
     * the border.
     */
    private void path(Graphics2D graphics, Rectangle2D plot, DescentPath path, Color colour) {
        double[] a = path.a(), b = path.b();
        int leaves = path.leaves(surface), inside = leaves < 0 ? path.size() : leaves;
        if (inside == 0) return;
        Path2D line = new Path2D.Double();
        for (int i = 0; i < inside; i++)
            if (i == 0) line.moveTo(x(plot, a[0]), y(plot, b[0]));
            else
            line.lineTo(x(plot, a[i]), y(plot, b[i]));
        double[] exit = leaves < 0
                ? null
                : exit(plot, x(plot, a[leaves - 1]), y(plot, b[leaves - 1]), a[leaves], b[leaves]);
        if (exit != null) line.lineTo(exit[0], exit[1]);
        stroke(graphics, line, colour);
        for (int i = 1; i < inside; i++)
            disc(graphics, x(plot, a[i]), y(plot, b[i]), inside > 40 ? 1.4 : 2.4, colour, colour);
        disc(graphics, x(plot, a[0]), y(plot, b[0]), 5, WHITE, colour);
        if (exit != null) arrow(graphics, exit, colour);
        else
            disc(graphics, x(plot, a[inside - 1]), y(plot, b[inside - 1]), 5, colour, WHITE);
    }

    /** Where the step to (a, b) crosses the border, and its angle; null if that point is nowhere. */
    private double[] exit(Rectangle2D plot, double fromX, double fromY, double a, double b) {
        double toX = x(plot, a), toY = y(plot, b), dx = toX - fromX, dy = toY - fromY;
        if (!Double.isFinite(dx) || !Double.isFinite(dy)) return null;
        double part = 1;
        if (toX < plot.getMinX()) part = Math.min(part, (plot.getMinX() - fromX) / dx);
        if (toX > plot.getMaxX()) part = Math.min(part, (plot.getMaxX() - fromX) / dx);
        if (toY < plot.getMinY()) part = Math.min(part, (plot.getMinY() - fromY) / dy);
        if (toY > plot.getMaxY()) part = Math.min(part, (plot.getMaxY() - fromY) / dy);
        return new double[] {fromX + part * dx, fromY + part * dy, Math.atan2(dy, dx)};
    }

    /** A coloured line with a white rim, to be seen on any ground. */
    private static void stroke(Graphics2D graphics, Shape line, Color colour) {
        graphics.setColor(WHITE);
        graphics.setStroke(new BasicStroke(3.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(line);
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(line);
    }

    private static void disc(Graphics2D graphics, double x, double y, double radius, Color fill, Color rim) {
        Ellipse2D disc = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
        graphics.setColor(fill);
        graphics.fill(disc);
        graphics.setColor(rim);
        graphics.setStroke(new BasicStroke(1.5f));
        if (rim != fill) graphics.draw(disc);
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

    private void axes(Graphics2D graphics, Rectangle2D plot) {
        graphics.setFont(PLAIN);
        graphics.setColor(ChartStyle.INK);
        graphics.setStroke(new BasicStroke(0.8f));
        graphics.draw(plot);
        double each = step(surface.a().high() - surface.a().low());
        for (double v = Math.ceil(surface.a().low() / each - 1e-9) * each; v <= surface.a().high()
                + 1e-9 * each; v += each) {
            String text = Numbers.tick(v, each);
            double at = x(plot, v);
            graphics.draw(new Line2D.Double(at, plot.getMaxY(), at, plot.getMaxY() + 4));
            graphics.drawString(text, (float) (at - ChartStyle.length(text, PLAIN) / 2), (float) plot.getMaxY() + 18);
        }
        each = step(surface.b().high() - surface.b().low());
        for (double v = Math.ceil(surface.b().low() / each - 1e-9) * each; v <= surface.b().high()
                + 1e-9 * each; v += each) {
            String text = Numbers.tick(v, each);
            double at = y(plot, v);
            graphics.draw(new Line2D.Double(plot.getMinX() - 4, at, plot.getMinX(), at));
            graphics.drawString(text, (float) (plot.getMinX() - 8 - ChartStyle.length(text, PLAIN)), (float) at + 4);
        }
        graphics.setFont(LABEL);
        String a = surface.a().name(), b = surface.b().name();
        graphics.drawString(a, (float) (plot.getCenterX() - ChartStyle.length(a, LABEL) / 2),
                (float) plot.getMaxY() + 42);
        AffineTransform before = graphics.getTransform();
        graphics.rotate(-Math.PI / 2, 24, plot.getCenterY());
        graphics.drawString(b, (float) (24 - ChartStyle.length(b, LABEL) / 2), (float) plot.getCenterY() + 4);
        graphics.setTransform(before);
    }

    /** 1, 2 or 5 times a power of ten, for five to ten ticks. */
    static double step(double length) {
        double wanted = length / 5, power = Math.pow(10, Math.floor(Math.log10(wanted))), m = wanted / power;
        return Double.parseDouble(
                String.format(Locale.ROOT, "%.0fe%d", m < 2 ? 1.0 : m < 5 ? 2.0 : 5.0, Math.round(Math.log10(power))));
    }
}
