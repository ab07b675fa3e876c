package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.util.List;

/**
 * What all pictures look like: white, few lines, colours that colour-blind readers tell apart (Okabe and Ito 2008;
 * brown for their yellow, which is faint on white).
 */
final class ChartStyle {
    static final Color BLUE = new Color(0x0072B2), VERMILION = new Color(0xD55E00), GREEN = new Color(0x009E73),
            ORANGE = new Color(0xE69F00),
            PURPLE = new Color(0xCC79A7), SKY = new Color(0x56B4E9), BLACK = Color.BLACK, BROWN = new Color(0x7A4A1E);
    private static final List<Color> PALETTE = List.of(BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, BROWN);
    static final Color INK = new Color(0x262626);
    static final Color GRID = new Color(0xE3E3E3);
    static final Color LEVEL = new Color(0x6E6E6E);
    static final Color NOT_FINITE = new Color(0x9A9A9A);
    static final Font SMALL = font(Font.PLAIN, 12), PLAIN = font(Font.PLAIN, 14), BOLD = font(Font.BOLD, 12),
            TITLE = font(Font.BOLD, 16);
    static final BasicStroke SOLID = stroke(2), THIN = stroke(1), POINT = stroke(0);
    static final BasicStroke DASHED = new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f,
            new float[] {6f, 4f}, 0f);

    private ChartStyle() {
    }

    static BasicStroke stroke(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    static Color colour(int series) { return PALETTE.get(series % PALETTE.size()); }

    /** The colour as a veil over white. */
    static Color faint(Color colour, double strength) {
        return between(Color.WHITE, colour, strength);
    }

    /** The colour at that part of the way. */
    static Color between(Color from, Color to, double part) {
        return new Color(between(from.getRed(), to.getRed(), part), between(from.getGreen(), to.getGreen(), part),
                between(from.getBlue(), to.getBlue(), part));
    }

    private static int between(int from, int to, double part) { return (int) Math.round(from + part * (to - from)); }

    static Font font(int style, int size) { return new Font(Font.SANS_SERIF, style, size); }

    /** Writes in the graphics' colour; {@code before}: the part of the text that stands before x, from 0 to 1. */
    static void write(Graphics2D graphics, Font font, String text, double x, double y, double before) {
        graphics.setFont(font);
        graphics.drawString(text, (float) (x - before * length(text, font)), (float) y);
    }

    /** Writes a title in the middle, in a size that fits; what fits in no size is cut. */
    static void title(Graphics2D graphics, String title, int width) {
        int size = TITLE.getSize();
        while (size > 12 && length(title, font(Font.BOLD, size)) > width - 30) size--;
        Font font = font(Font.BOLD, size);
        graphics.setColor(INK);
        write(graphics, font, cut(title, font, width - 30), width / 2.0, 28, 0.5);
    }

    /** The text as far as there is room, then an ellipsis. */
    static String cut(String text, Font font, double room) {
        if (length(text, font) <= room) return text;
        int end = text.length();
        while (end > 1 && length(text.substring(0, end) + "…", font) > room) end = text.offsetByCodePoints(end, -1);
        return text.substring(0, end).stripTrailing() + "…";
    }

    /** As wide as the text will be; whoever draws asks first, so that a machine without fonts is found here. */
    static double length(String text, Font font) {
        try {
            return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
        } catch (LinkageError | InternalError e) {
            throw new ChartException("Chart: this Java cannot draw text (" + e.getMessage()
                    + "). Install fonts (Debian/Ubuntu: apt install fontconfig fonts-dejavu-core libfreetype6).", e);
        }
    }
}
