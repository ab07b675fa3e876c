package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;

import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * What all charts look like: white, few lines, colours that colour-blind readers tell apart (Okabe and Ito 2008; brown
 * for their yellow, which is faint on white).
 */
final class ChartStyle {
    static final Color BLUE = new Color(0x0072B2), VERMILION = new Color(0xD55E00), GREEN = new Color(0x009E73),
            ORANGE = new Color(0xE69F00),
            PURPLE = new Color(0xCC79A7), SKY = new Color(0x56B4E9), BLACK = Color.BLACK, BROWN = new Color(0x7A4A1E);
    private static final List<Color> PALETTE = List.of(BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, BROWN);
    static final Color INK = new Color(0x262626);
    static final Color CLEAR = new Color(0, true);
    static final Color GRID = new Color(0xE3E3E3);
    static final Color NOT_FINITE = new Color(0x9A9A9A);
    static final BasicStroke SOLID = stroke(2f), THIN = stroke(1f), POINT = stroke(0f);
    static final BasicStroke DASHED = new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f,
            new float[] {6f, 4f}, 0f);

    private ChartStyle() {
    }

    private static BasicStroke stroke(float width) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    static Color colour(int series) { return PALETTE.get(series % PALETTE.size()); }

    static Color[] colours() { return PALETTE.toArray(new Color[0]); }

    /** The colour as a veil over white. */
    static Color faint(Color colour, double strength) {
        return new Color(veil(colour.getRed(), strength), veil(colour.getGreen(), strength),
                veil(colour.getBlue(), strength));
    }

    private static int veil(int channel, double strength) { return (int) Math.round(255 + (channel - 255) * strength); }

    static Font font(int style, int size) { return new Font(Font.SANS_SERIF, style, size); }

    static void apply(AxesChartStyler style) {
        style.setChartBackgroundColor(CLEAR).setPlotBackgroundColor(Color.WHITE).setPlotBorderVisible(false)
                .setChartFontColor(INK);
        style.setChartTitleBoxVisible(false).setChartPadding(14).setAntiAlias(true);
        style.setLegendVisible(false).setToolTipsEnabled(false);
        style.setSeriesColors(colours());
        style.setAxisTitleFont(font(Font.PLAIN, 14)).setAxisTickLabelsFont(font(Font.PLAIN, 12))
                .setAxisTickLabelsColor(INK);
        style.setAxisTickMarksColor(GRID).setAxisTicksLineVisible(false).setAxisTickPadding(5).setPlotMargin(0);
        style.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(0.8f)).setPlotTicksMarksVisible(false);
        style.setXAxisTickMarkSpacingHint(80).setYAxisTickMarkSpacingHint(48);
        style.setLocale(java.util.Locale.ROOT);
    }

    /** The title, in a size that fits; what fits in no size is cut, with an ellipsis. */
    static String title(Styler style, String title, int width) {
        int size = 16;
        while (size > 12 && length(title, font(Font.BOLD, size)) > width - 30) size--;
        Font font = font(Font.BOLD, size);
        style.setChartTitleFont(font).setChartTitlePadding(6);
        return cut(title, font, width - 30);
    }

    static String cut(String text, Font font, double room) {
        if (length(text, font) <= room) return text;
        int end = text.length();
        while (end > 1 && length(text.substring(0, end) + "…", font) > room) end = text.offsetByCodePoints(end, -1);
        return text.substring(0, end).stripTrailing() + "…";
    }

    static double length(String text, Font font) {
        return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
    }
}
