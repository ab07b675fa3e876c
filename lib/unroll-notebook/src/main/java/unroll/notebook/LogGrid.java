package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

import org.knowm.xchart.XYChart;

/** The lines and labels of logarithmic axes, under a chart that XChart has laid out. */
record LogGrid(XYChart picture, Scale x, Scale y) {
    private static final Font FONT = ChartStyle.font(Font.PLAIN, 12);

    void paint(Graphics2D graphics) {
        int hint = picture.getStyler().getXAxisTickMarkSpacingHint();
        // XChart has no positions on an axis, not even on y, that is shorter than this
        picture.getStyler().setXAxisTickMarkSpacingHint(1);
        lines(graphics, plot());
        picture.getStyler().setXAxisTickMarkSpacingHint(hint);
    }

    private void lines(Graphics2D graphics, Rectangle2D plot) {
        graphics.setFont(FONT);
        graphics.setStroke(new BasicStroke(0.8f));
        if (x.log()) {
            for (double place : x.logTicks()) {
                double at = picture.getScreenXFromChart(place);
                line(graphics, at, plot.getMinY(), at, plot.getMaxY());
                String label = Numbers.powerOfTen(place);
                graphics.drawString(label, (float) (at - ChartStyle.length(label, FONT) / 2),
                        (float) plot.getMaxY() + 18);
            }
        }
        if (y.log()) {
            for (double place : y.logTicks()) {
                double at = picture.getScreenYFromChart(place);
                line(graphics, plot.getMinX(), at, plot.getMaxX(), at);
                String label = Numbers.powerOfTen(place);
                graphics.drawString(label, (float) (plot.getMinX() - 6 - ChartStyle.length(label, FONT)),
                        (float) at + 4);
            }
        }
    }

    private static void line(Graphics2D graphics, double x1, double y1, double x2, double y2) {
        graphics.setColor(ChartStyle.GRID);
        graphics.draw(new Line2D.Double(x1, y1, x2, y2));
        graphics.setColor(ChartStyle.INK);
    }

    /** The plot reaches beyond the ends of the axes, by the part that XChart keeps free. */
    private Rectangle2D plot() {
        double left = picture.getScreenXFromChart(x.low()), right = picture.getScreenXFromChart(x.high());
        double top = picture.getScreenYFromChart(y.high()), bottom = picture.getScreenYFromChart(y.low());
        double free = (1 / picture.getStyler().getPlotContentSize() - 1) / 2;
        double sides = free * (right - left), ends = free * (bottom - top);
        return new Rectangle2D.Double(left - sides, top - ends, right - left + 2 * sides, bottom - top + 2 * ends);
    }
}
