package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import unroll.analysis.LossSurface;
import unroll.notebook.Scale.Tick;

/**
 * From a value to a colour: the colours of the ramp in equal steps along the scale, those between mixed.
 *
 * @param cutBelow whether some values lie below the scale, which have the colour of its low end
 * @param cutAbove whether some values lie above the scale, which have the colour of its high end
 */
record Colours(Scale scale, List<Color> ramp, boolean cutBelow, boolean cutAbove) {
    // beside the plot, for the bar and what it is
    static final int ROOM = 70, LABEL = 28;
    private static final List<Color> LOSSES = List.of(Color.WHITE, new Color(0xBFE0F5), ChartStyle.SKY, ChartStyle.BLUE,
            new Color(0x003352));
    private static final int EXTREMES = 50;

    /** From white over blue to black, or where there are values below zero from blue over white to vermilion. */
    static Colours between(double low, double high) {
        return new Colours(Scale.of(false, null, Stream.of(new double[] {low, high})),
                low < 0
                        ? List.of(ChartStyle.BLUE, Color.WHITE, ChartStyle.VERMILION)
                        : List.of(Color.WHITE, ChartStyle.BLUE),
                false, false);
    }

    /**
     * Of a surface with at least one finite loss: by its logarithm where no loss is below zero. A few extreme losses
     * must not take all colours, so the lowest fiftieth of the losses has one colour, and without logarithms the
     * highest fiftieth too.
     */
    static Colours of(LossSurface surface) {
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
        return new Colours(Scale.of(log, null, Stream.of(new double[] {low, high})), LOSSES, lowest < low,
                highest > high);
    }

    /** Where a value lies on the scale; NaN if it is not finite. */
    double place(double value) {
        if (!Double.isFinite(value)) return Double.NaN;
        double place = scale.log() && value <= 0 ? scale.low() : scale.place(value);
        return Math.max(scale.low(), Math.min(scale.high(), place));
    }

    Color of(double value) {
        double place = place(value);
        return Double.isNaN(place) ? ChartStyle.NOT_FINITE : ramp(scale.part(place));
    }

    private Color ramp(double part) {
        double at = Math.max(0, Math.min(1, part)) * (ramp.size() - 1);
        int i = Math.min((int) at, ramp.size() - 2);
        return ChartStyle.between(ramp.get(i), ramp.get(i + 1), at - i);
    }

    /** Places with a label. */
    List<Tick> ticks() { return scale.ticks(8); }

    /** A rectangle of the colour of a value, without gaps between neighbours. */
    void cell(Graphics2D graphics, double value, double left, double top, double right, double bottom) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        graphics.setColor(of(value));
        graphics.fill(new Rectangle2D.Double(left, top, right - left, bottom - top));
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    }

    /** The scale as a bar right of the plot, with its labels and what they are. */
    void paint(Plot plot, String what) {
        Graphics2D graphics = plot.graphics;
        Rectangle2D bar = new Rectangle2D.Double(plot.area.getMaxX() + 18, plot.area.getMinY(), 14,
                plot.area.getHeight());
        int rows = (int) (2 * bar.getHeight());
        for (int r = 0; r < rows; r++) {
            graphics.setColor(ramp(1 - (r + 0.5) / rows));
            graphics.fill(new Rectangle2D.Double(bar.getX(), bar.getY() + r / 2.0, bar.getWidth(), 0.6));
        }
        graphics.setColor(ChartStyle.INK);
        graphics.setStroke(new BasicStroke(0.8f));
        graphics.draw(bar);
        double top = bar.getMinY() + (cutAbove ? 14 : -1), bottom = bar.getMaxY() - (cutBelow ? 14 : -1);
        for (Tick tick : ticks()) {
            double y = bar.getMaxY() - bar.getHeight() * scale.part(tick.place());
            if (y > top && y < bottom) tick(graphics, bar, y, scale.shortly(tick.place()));
        }
        if (cutAbove) tick(graphics, bar, bar.getMinY(), "≥ " + scale.shortly(scale.high()));
        if (cutBelow) tick(graphics, bar, bar.getMaxY(), "≤ " + scale.shortly(scale.low()));
        plot.upwards(what, bar.getMaxX() + 76);
    }

    private static void tick(Graphics2D graphics, Rectangle2D bar, double y, String label) {
        graphics.draw(new Line2D.Double(bar.getMaxX(), y, bar.getMaxX() + 3, y));
        ChartStyle.write(graphics, ChartStyle.SMALL, label, bar.getMaxX() + 6, y + 4, 0);
    }
}
