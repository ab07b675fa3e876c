package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

import unroll.notebook.Scale.Tick;

/**
 * What is the same in all charts, painted once: title, axes with their ticks and lines, legend; and the area between
 * them, in which a chart paints what it has.
 */
final class Plot {
    private static final int TOP = 44, SIDE = 20, NUMBER = 32, WIDE_NUMBER = 48, ROW = 16;
    private static final int SHORT = 40;                                   // names that never slant
    private static final double SLANT = Math.PI / 4;

    final Graphics2D graphics;
    final Rectangle2D area;
    private final Scale x, y;
    private final double longestBelow, longestBeside;                      // names below and left of the area

    /** @param right room for what stands right of the area */
    Plot(Graphics2D graphics, Chart chart, Scale x, Scale y, Legend legend, int right) {
        this.graphics = graphics;
        this.x = x;
        this.y = y;
        longestBelow = 0.45 * Math.min(chart.width(), chart.height());
        longestBeside = 0.45 * chart.width();
        int width = chart.width(), bottom = chart.height() - legend.height() - 34;
        List<Tick> rows = y.ticks(Math.max(1, (bottom - TOP - 20) / (y.names() == null ? NUMBER : ROW)));
        double left = 48 + longest(rows, longestBeside);
        double widest = x.names() == null ? 0 : longest(x.ticks(x.names().size()), longestBelow);
        int n = x.names() == null ? 1 : x.names().size();
        double column = (width - left - right - SIDE) / n;
        double gap = Math.min(8, 2 + widest / 6);
        boolean slanted = widest > SHORT && widest + gap > column;
        if (slanted) left = Math.max(left, 36 + widest * Math.cos(SLANT) - column / 2);
        double above = slanted ? 16 + widest * Math.sin(SLANT) : 22;
        area = new Rectangle2D.Double(left, TOP, width - left - right - SIDE, bottom - TOP - above);
        double number = Math.max(WIDE_NUMBER, longest(x.ticks(10), longestBelow) + 16);
        double each = slanted ? ROW : x.names() == null ? number : widest + gap;
        List<Tick> columns = x.ticks((int) Math.max(1, Math.min(area.getWidth() / each, 1000)));

        ChartStyle.title(graphics, chart.title(), width);
        graphics.setStroke(new BasicStroke(0.8f));
        for (Tick tick : columns) column(tick, slanted);
        for (Tick tick : rows) row(tick);
        ChartStyle.write(graphics, ChartStyle.PLAIN, ChartStyle.cut(chart.xTitle(), ChartStyle.PLAIN, width - 20),
                area.getCenterX(), bottom + 20, 0.5);
        upwards(ChartStyle.cut(chart.yTitle(), ChartStyle.PLAIN, bottom), 24);
        legend.paint(graphics, chart.height());
    }

    private static double longest(List<Tick> ticks, double most) {
        return ticks.stream().mapToDouble(tick -> ChartStyle.length(label(tick, most), ChartStyle.SMALL)).max()
                .orElse(0);
    }

    /** Cut where it would take more than the half of a picture. */
    private static String label(Tick tick, double most) {
        return ChartStyle.cut(tick.label(), ChartStyle.SMALL, most);
    }

    private void column(Tick tick, boolean slanted) {
        double at = atX(tick.place()), under = area.getMaxY();
        line(x, at, area.getMinY(), at, under + 4);
        if (!slanted) {
            ChartStyle.write(graphics, ChartStyle.SMALL, label(tick, longestBelow), at, under + 18, 0.5);
            return;
        }
        AffineTransform before = graphics.getTransform();
        graphics.rotate(-SLANT, at + 4, under + 12);
        ChartStyle.write(graphics, ChartStyle.SMALL, label(tick, longestBelow), at + 4, under + 14, 1);
        graphics.setTransform(before);
    }

    private void row(Tick tick) {
        double at = atY(tick.place());
        line(y, area.getMinX() - 4, at, area.getMaxX(), at);
        ChartStyle.write(graphics, ChartStyle.SMALL, label(tick, longestBeside), area.getMinX() - 8, at + 4, 1);
    }

    /** Between names there are no lines. */
    private void line(Scale scale, double x1, double y1, double x2, double y2) {
        graphics.setColor(ChartStyle.GRID);
        if (scale.names() == null) graphics.draw(new Line2D.Double(x1, y1, x2, y2));
        graphics.setColor(ChartStyle.INK);
    }

    /** Writes a text that is read from below, beside the middle of the area. */
    void upwards(String text, double at) {
        AffineTransform before = graphics.getTransform();
        graphics.rotate(-Math.PI / 2, at, area.getCenterY());
        ChartStyle.write(graphics, ChartStyle.PLAIN, text, at, area.getCenterY(), 0.5);
        graphics.setTransform(before);
    }

    /** Where a value is from left to right; NaN if it has no place. */
    double x(double value) {
        return atX(x.place(value));
    }

    /** Where a value is from top to bottom; NaN if it has no place. */
    double y(double value) {
        return atY(y.place(value));
    }

    private double atX(double place) { return area.getMinX() + area.getWidth() * x.part(place); }

    private double atY(double place) { return area.getMaxY() - area.getHeight() * y.part(place); }

    /** Paints nothing outside the area and the room around it. */
    void within(double room, Runnable painting) {
        Shape before = graphics.getClip();
        graphics.clip(new Rectangle2D.Double(area.getX() - room, area.getY() - room, area.getWidth() + 2 * room,
                area.getHeight() + 2 * room));
        painting.run();
        graphics.setClip(before);
    }

    void frame() {
        graphics.setColor(ChartStyle.INK);
        graphics.setStroke(new BasicStroke(0.8f));
        graphics.draw(area);
    }

    void disc(double atX, double atY, double radius, Color fill, Color rim) {
        Ellipse2D disc = new Ellipse2D.Double(atX - radius, atY - radius, 2 * radius, 2 * radius);
        graphics.setColor(fill);
        graphics.fill(disc);
        graphics.setColor(rim);
        graphics.setStroke(new BasicStroke(1.5f));
        if (rim != fill) graphics.draw(disc);
    }
}
