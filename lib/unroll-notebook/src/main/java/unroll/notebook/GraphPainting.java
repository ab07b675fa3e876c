package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** Paints a {@link GraphFigure}: arrows first, boxes over them; each weight and its arrows in a colour of their own. */
final class GraphPainting {
    private static final Font FONT = ChartStyle.font(Font.PLAIN, 12), BOLD = ChartStyle.font(Font.BOLD, 12),
            TITLE = ChartStyle.font(Font.BOLD, 16);
    private static final int BOX = 26, ROW = 62, GAP = 13, MARGIN = 18, TOP = 46, LEAST = 320;
    private static final Color NAMED = new Color(0xD6E6F2), INPUT = new Color(0xECECEC), EDGE = new Color(0x6E6E6E);

    private final GraphFigure figure;
    private final List<GraphNode> nodes;
    private final GraphLayout layout;
    private final double[] centres;                                        // of the columns
    private final int right, width;
    private final Legend legend;

    GraphPainting(GraphFigure figure) {
        this.figure = figure;
        nodes = figure.nodes();
        layout = figure.layout();
        double[] widest = new double[layout.width() + 1];
        for (int i = 0; i < nodes.size(); i++) {
            int column = (int) Math.round(layout.columns()[i]);
            widest[column] = Math.max(widest[column], boxWidth(i));
        }
        centres = new double[widest.length];
        double x = MARGIN;
        for (int c = 0; c < widest.length; c++) {
            centres[c] = x + widest[c] / 2;
            x += widest[c] + GAP;
        }
        right = (int) Math.ceil(x - GAP);
        width = Math.max(right, LEAST);
        legend = legend();
    }

    private Legend legend() {
        Legend all = new Legend(width);
        for (int i = 0; i < nodes.size(); i++)
            if (weight(i))
                all.add(nodes.get(i).label() + (figure.uses(i) == 1 ? ", 1 use" : ", " + figure.uses(i) + " uses"),
                        colour(i), null);
        if (nodes.stream().anyMatch(node -> node.kind() == GraphNode.Kind.INPUT)) all.add("input", INPUT, null);
        if (nodes.stream().anyMatch(GraphNode::named)) all.add("value with a name", NAMED, null);
        return all;
    }

    int width() { return width; }

    int height() { return TOP + ROW * (layout.height() - 1) + BOX + 12 + legend.height(); }

    private boolean weight(int i) { return nodes.get(i).kind() == GraphNode.Kind.WEIGHT; }

    private Color colour(int i) {
        return ChartStyle.colour(
                (int) nodes.subList(0, i).stream().filter(node -> node.kind() == GraphNode.Kind.WEIGHT).count());
    }

    private double boxWidth(int i) { return Math.max(34, ChartStyle.length(nodes.get(i).label(), BOLD) + 12); }

    /** The middle of a box; the whole graph stands in the middle of the picture. */
    private Point2D at(int i) {
        double column = layout.columns()[i], part = column - Math.floor(column);
        double x = centres[(int) column] * (1 - part) + centres[Math.min(centres.length - 1, (int) column + 1)] * part;
        return new Point2D.Double(x + (width - right) / 2.0, TOP + ROW * layout.lanes()[i] + BOX / 2.0);
    }

    void paint(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setFont(TITLE);
        graphics.setColor(ChartStyle.INK);
        String head = ChartStyle.cut(figure.title(), TITLE, width - 20.0);
        graphics.drawString(head, (float) ((width - ChartStyle.length(head, TITLE)) / 2), 26);
        for (int i = 0; i < nodes.size(); i++) for (int input : nodes.get(i).inputs()) arrow(graphics, input, i);
        for (int i = 0; i < nodes.size(); i++) box(graphics, i);
        legend.paint(graphics, height() - legend.height());
    }

    private void arrow(Graphics2D graphics, int from, int to) {
        Point2D a = at(from), b = at(to);
        graphics.setColor(weight(from) ? colour(from) : EDGE);
        graphics.setStroke(new BasicStroke(weight(from) ? 1.5f : 1.2f));
        double dx = b.getX() - a.getX(), dy = b.getY() - a.getY(),
                columns = layout.columns()[to] - layout.columns()[from];
        // the boxes between
        boolean over = !weight(from) && Math.abs(columns) > 1.5 && (dy == 0 || dy > 0 && !layout.overTime());
        if (over) over(graphics, a, b);
        else if (dy != 0 && Math.abs(dx) < 1 && Math.abs(dy) > 1.5 * ROW && layout.overTime()) beside(graphics, a, b);
        else if (dy != 0 && (weight(from) || layout.overTime() || Math.abs(dx) < 1))
            upright(graphics, a, b, layout.overTime());
        else
            along(graphics, a.getX() + Math.signum(dx) * boxWidth(from) / 2, a.getY(),
                    b.getX() - Math.signum(dx) * boxWidth(to) / 2, b.getY());
    }

    /** An arc from top to top. */
    private static void over(Graphics2D graphics, Point2D a, Point2D b) {
        double side = Math.signum(b.getX() - a.getX()), from = a.getX() + 8 * side, to = b.getX() - 8 * side;
        double high = a.getY() - BOX / 2.0 - 12 - 0.05 * Math.abs(to - from);
        draw(graphics, from, a.getY() - BOX / 2.0, from + side * 8, high, to, high, to, b.getY() - BOX / 2.0,
                Math.PI / 2);
    }

    /** In one column, round the boxes between. */
    private void beside(Graphics2D graphics, Point2D a, Point2D b) {
        double side = Math.signum(b.getY() - a.getY()), x = a.getX() - 36;
        draw(graphics, a.getX() - 10, a.getY() + side * BOX / 2, x, a.getY() + side * ROW, x, b.getY() - side * ROW,
                b.getX() - 10,
                b.getY() - side * BOX / 2, side * 1.1);
    }

    /**
     * From the upper or lower edge; those that go aslant end beside the middle, if {@code apart}, where others go
     * straight.
     */
    private static void upright(Graphics2D graphics, Point2D a, Point2D b, boolean apart) {
        double side = Math.signum(b.getY() - a.getY()), start = a.getY() + side * BOX / 2,
                end = b.getY() - side * BOX / 2;
        double aside = apart && Math.abs(b.getX() - a.getX()) > 1 ? 9 * Math.signum(b.getX() - a.getX()) : 0,
                from = a.getX() + aside,
                to = b.getX() - aside;
        draw(graphics, from, start, from, start + side * 16, to, end - side * 24, to, end, side * Math.PI / 2);
    }

    /** From the right edge to the left one, or back. */
    private static void along(Graphics2D graphics, double start, double from, double end, double to) {
        double bend = from == to ? 0 : Math.max(12, (end - start) / 2);
        draw(graphics, start, from, start + bend, from, end - bend, to, end, to, end < start ? Math.PI : 0);
    }

    private static void draw(Graphics2D graphics, double x, double y, double x1, double y1, double x2, double y2,
            double endX, double endY,
            double angle) {
        graphics.draw(new CubicCurve2D.Double(x, y, x1, y1, x2, y2, endX, endY));
        head(graphics, endX, endY, angle);
    }

    private static void head(Graphics2D graphics, double x, double y, double angle) {
        Path2D head = new Path2D.Double();
        head.moveTo(x, y);
        for (double turn : new double[] {2.7, -2.7})
            head.lineTo(x + 7 * Math.cos(angle + turn), y + 7 * Math.sin(angle + turn));
        head.closePath();
        graphics.fill(head);
    }

    private void box(Graphics2D graphics, int i) {
        GraphNode node = nodes.get(i);
        Point2D at = at(i);
        double w = boxWidth(i);
        var box = new RoundRectangle2D.Double(at.getX() - w / 2, at.getY() - BOX / 2.0, w, BOX, 10, 10);
        graphics.setColor(weight(i)
                ? colour(i)
                : node.kind() == GraphNode.Kind.INPUT ? INPUT : node.named() ? NAMED : Color.WHITE);
        graphics.fill(box);
        graphics.setColor(weight(i) ? colour(i) : EDGE);
        graphics.setStroke(new BasicStroke(1f));
        graphics.draw(box);
        Font font = weight(i) || node.named() ? BOLD : FONT;
        graphics.setFont(font);
        graphics.setColor(weight(i) ? Color.WHITE : ChartStyle.INK);
        graphics.drawString(node.label(), (float) (at.getX() - ChartStyle.length(node.label(), font) / 2),
                (float) (at.getY() + 4.5));
    }
}
