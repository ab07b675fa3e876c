package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** The names of the series in rows below the plot; a single series needs none. */
final class Legend {
    private static final int ROW = 22, SAMPLE = 24, GAP = 8, BETWEEN = 22, MARGIN = 16;
    private static final Font FONT = ChartStyle.font(Font.PLAIN, 13);

    /** {@code stroke} is null for a patch of colour, as wide as 0 for a point. */
    private record Entry(String name, Color colour, BasicStroke stroke) {
        double width() { return SAMPLE + GAP + ChartStyle.length(name, FONT); }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final int width;

    Legend(int width) { this.width = width; }

    /** Once for each name. */
    void add(String name, Color colour, BasicStroke stroke) {
        String shown = ChartStyle.cut(name, FONT, width - 2 * MARGIN - SAMPLE - GAP);
        if (entries.stream().noneMatch(entry -> entry.name.equals(shown)))
            entries.add(new Entry(shown, colour, stroke));
    }

    int height() { return entries.size() < 2 ? 0 : rows().size() * ROW + 6; }

    private List<List<Entry>> rows() {
        List<List<Entry>> rows = new ArrayList<>();
        double used = Double.POSITIVE_INFINITY;
        for (Entry entry : entries) {
            if (used + BETWEEN + entry.width() > width - 2 * MARGIN) {
                rows.add(new ArrayList<>());
                used = -BETWEEN;
            }
            rows.get(rows.size() - 1).add(entry);
            used += BETWEEN + entry.width();
        }
        return rows;
    }

    /** Each row in the middle, the last at the bottom of the picture. */
    void paint(Graphics2D graphics, int bottom) {
        if (height() == 0) return;
        double y = bottom - height() + ROW / 2.0 - 2;
        for (List<Entry> row : rows()) {
            double x = (width - row.stream().mapToDouble(Entry::width).sum() - BETWEEN * (row.size() - 1)) / 2;
            for (Entry entry : row) {
                sample(graphics, entry, x, y);
                graphics.setColor(ChartStyle.INK);
                ChartStyle.write(graphics, FONT, entry.name, x + SAMPLE + GAP, y + 4.5, 0);
                x += entry.width() + BETWEEN;
            }
            y += ROW;
        }
    }

    private static void sample(Graphics2D graphics, Entry entry, double x, double y) {
        graphics.setColor(entry.colour);
        if (entry.stroke == null) {
            graphics.fill(new Rectangle2D.Double(x + 8, y - 6, 14, 12));
        } else if (entry.stroke.getLineWidth() == 0) {
            graphics.fill(new Ellipse2D.Double(x + 11, y - 4, 8, 8));
        } else {
            graphics.setStroke(entry.stroke);
            graphics.draw(new Line2D.Double(x, y, x + SAMPLE, y));
        }
    }
}
