package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import unroll.analysis.LossSurface;

/**
 * From a loss to a colour, white over blue to black: by its logarithm where no loss is below zero. A few extreme losses
 * must not take all colours, so the lowest fiftieth of the losses has one colour, and without logarithms the highest
 * fiftieth too.
 *
 * @param scale    of the losses, or of their logarithms to base ten
 * @param cutBelow whether some losses lie below the scale
 * @param cutAbove whether some losses lie above the scale
 */
record LossColours(Scale scale, boolean cutBelow, boolean cutAbove) {
    static final Color LINE = new Color(0x6E6E6E);
    private static final Color[] RAMP = {Color.WHITE, new Color(0xBFE0F5), ChartStyle.SKY, ChartStyle.BLUE,
            new Color(0x003352)};
    private static final int EXTREMES = 50;
    private static final Font FONT = ChartStyle.font(Font.PLAIN, 12);

    /** Of a surface with at least one finite loss. */
    static LossColours of(LossSurface surface) {
        double[] losses = Arrays.stream(surface.losses()).flatMapToDouble(Arrays::stream).filter(Double::isFinite)
                .sorted().toArray();
        double lowest = losses[0], highest = losses[losses.length - 1];
        boolean log = lowest >= 0 && highest > 0;
        double[] shown = log ? Arrays.stream(losses).filter(v -> v > 0).toArray() : losses;
        double low = shown[shown.length / EXTREMES],
                high = log ? highest : shown[shown.length - 1 - shown.length / EXTREMES];
        if (low == high) {
            low = shown[0];
            high = highest;
        }
        Scale scale = low < high || log
                ? Scale.of(log, null, Stream.of(new double[] {low, high}))
                : new Scale(false, low - 0.5, low + 0.5, 0.1);
        return new LossColours(scale, lowest < low, highest > high);
    }

    /** Where a loss lies on the scale; NaN if it is not finite. */
    double place(double loss) {
        if (!Double.isFinite(loss)) return Double.NaN;
        double place = scale.log() && loss <= 0 ? scale.low() : scale.place(loss);
        return Math.max(scale.low(), Math.min(scale.high(), place));
    }

    Color of(double loss) {
        double place = place(loss);
        return Double.isNaN(place) ? ChartStyle.NOT_FINITE : ramp((place - scale.low()) / (scale.high() - scale.low()));
    }

    private static Color ramp(double part) {
        double at = Math.max(0, Math.min(1, part)) * (RAMP.length - 1);
        int i = Math.min((int) at, RAMP.length - 2);
        double f = at - i;
        return new Color(mix(RAMP[i].getRed(), RAMP[i + 1].getRed(), f),
                mix(RAMP[i].getGreen(), RAMP[i + 1].getGreen(), f),
                mix(RAMP[i].getBlue(), RAMP[i + 1].getBlue(), f));
    }

    private static int mix(int from, int to, double part) { return (int) Math.round(from + part * (to - from)); }

    /** Places with a label, and a line on the surface. */
    List<Double> ticks() {
        if (scale.log()) return scale.logTicks();
        List<Double> ticks = new ArrayList<>();
        double each = SurfacePainting.step(scale.high() - scale.low());
        for (double v = Math.ceil(scale.low() / each) * each; v <= scale.high(); v += each) ticks.add(v);
        return ticks;
    }

    /** The scale as a bar with its labels on the right. */
    void paint(Graphics2D graphics, Rectangle2D bar) {
        int rows = (int) (2 * bar.getHeight());
        for (int r = 0; r < rows; r++) {
            graphics.setColor(ramp(1 - (r + 0.5) / rows));
            graphics.fill(new Rectangle2D.Double(bar.getX(), bar.getY() + r / 2.0, bar.getWidth(), 0.6));
        }
        graphics.setFont(FONT);
        graphics.setColor(ChartStyle.INK);
        graphics.setStroke(new BasicStroke(0.8f));
        graphics.draw(bar);
        double top = bar.getMinY() + (cutAbove ? 14 : -1), bottom = bar.getMaxY() - (cutBelow ? 14 : -1);
        for (double place : ticks()) {
            double y = bar.getMaxY() - bar.getHeight() * (place - scale.low()) / (scale.high() - scale.low());
            if (y > top && y < bottom) tick(graphics, bar, y, text(place));
        }
        if (cutAbove) tick(graphics, bar, bar.getMinY(), "≥ " + text(scale.high()));
        if (cutBelow) tick(graphics, bar, bar.getMaxY(), "≤ " + text(scale.low()));
        AffineTransform before = graphics.getTransform();
        graphics.translate(bar.getMaxX() + 72, bar.getCenterY());
        graphics.rotate(-Math.PI / 2);
        graphics.setFont(ChartStyle.font(Font.PLAIN, 14));
        graphics.drawString("loss", -14, 4);
        graphics.setTransform(before);
    }

    private static void tick(Graphics2D graphics, Rectangle2D bar, double y, String label) {
        graphics.draw(new Line2D.Double(bar.getMaxX(), y, bar.getMaxX() + 3, y));
        graphics.drawString(label, (float) bar.getMaxX() + 6, (float) y + 4);
    }

    /** Two digits of a loss on a logarithmic scale, else a hundredth of the scale. */
    private String text(double place) {
        if (!scale.log()) return Numbers.tick(place, (scale.high() - scale.low()) / 100);
        return Numbers
                .powerOfTen(Math.log10(Double.parseDouble(String.format(Locale.ROOT, "%.1e", Math.pow(10, place)))));
    }
}
