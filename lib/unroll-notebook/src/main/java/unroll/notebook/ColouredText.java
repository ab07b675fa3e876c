package unroll.notebook;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text with a value in [-1, 1] for each character, as the colour behind it: what a hidden unit follows.
 *
 * <pre>{@code
 * ColouredText.of(text, activations)                   // blue: -1, white: 0, vermilion: +1
 * ColouredText.words(words, weights)                   // a value for each word
 * }</pre>
 */
public final class ColouredText {
    private static final int SHADES = 20, LINE = 100;                      // on each side of zero; characters
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final int[] characters;
    private final float[] values;

    private ColouredText(int[] characters, float[] values) {
        this.characters = characters;
        this.values = values;
    }

    /** One value for each character (code point); values outside [-1, 1] get the colour of the nearer end, NaN none. */
    public static ColouredText of(String text, float... values) {
        int[] characters = text.codePoints().toArray();
        if (characters.length != values.length)
            throw new IllegalArgumentException(
                    "ColouredText: " + values.length + " values for a text of " + characters.length + " characters");
        return new ColouredText(characters, values.clone());
    }

    /** Words with blanks in between and one value for each; a blank has none. */
    public static ColouredText words(List<String> words, float... values) {
        if (words.size() != values.length)
            throw new IllegalArgumentException(
                    "ColouredText: " + values.length + " values for " + words.size() + " words");
        String text = String.join(" ", words);
        float[] each = new float[text.codePointCount(0, text.length())];
        int at = 0;
        for (int w = 0; w < values.length; w++) {
            if (w > 0) each[at++] = Float.NaN;
            int end = at + words.get(w).codePointCount(0, words.get(w).length());
            Arrays.fill(each, at, end, values[w]);
            at = end;
        }
        return new ColouredText(text.codePoints().toArray(), each);
    }

    /**
     * The text as a page; neighbours of one shade share an element, so that long texts stay small. Where pages may not
     * have styles, as on GitHub, the bars of {@link #toString()} appear below each line, which are hidden by a style.
     */
    String html() {
        StringBuilder html = new StringBuilder(
                "<pre style=\"font-family: monospace; line-height: 1.6; white-space: pre-wrap; color: #000; "
                        + "background: #fff; padding: 6px; border-radius: 8px\">");
        for (int from = 0, to; from < characters.length; from = to) {
            to = lineEnd(from);
            for (int at = from, end; at < to; at = end) {
                int shade = shade(values[at]);
                StringBuilder run = new StringBuilder();
                for (end = at; end < to && shade(values[end]) == shade; end++)
                    run.append(characters[end] == '\n' ? "↵\n" : Rendering.escape(Character.toString(characters[end])));
                html.append(shade == 0 ? run : span(shade, run.toString()));
            }
            boolean newLine = characters[to - 1] == '\n';
            html.append(withoutStyles((newLine ? "" : "\n") + bars(from, to) + (to < characters.length ? "\n" : "")));
        }
        return html.append("</pre>\n").append(legend()).toString();
    }

    /** At most two thirds of the full colour, so that black letters stay readable. */
    private static String span(int shade, String text) {
        Color colour = ChartStyle.faint(shade < 0 ? ChartStyle.BLUE : ChartStyle.VERMILION,
                0.66 * Math.abs(shade) / SHADES);
        return String.format(Locale.ROOT, "<span style=\"background: #%06x\">", colour.getRGB() & 0xFFFFFF) + text
                + "</span>";
    }

    /** What is seen only where styles do not count. */
    private static String withoutStyles(String text) {
        return "<span style=\"display: none\">" + text + "</span>";
    }

    private static String legend() {
        StringBuilder legend = new StringBuilder("<div style=\"font-size: small\">−1 ");
        for (int shade = -SHADES; shade <= SHADES; shade += SHADES / 4)
            legend.append(span(shade, "&nbsp;&nbsp;&nbsp;"));
        return legend.append(withoutStyles(BARS)).append(" +1</div>").toString();
    }

    /** Where the line that begins here ends: behind its line break, or after so many characters. */
    private int lineEnd(int from) {
        int to = from;
        while (to < characters.length && to < from + LINE && characters[to] != '\n') to++;
        return to < characters.length && characters[to] == '\n' ? to + 1 : to;
    }

    /** A bar for each character but a line break. */
    private String bars(int from, int to) {
        StringBuilder bars = new StringBuilder();
        for (int i = from; i < to; i++)
            if (characters[i] != '\n')
                bars.append(Float.isNaN(values[i])
                        ? ' '
                        : BARS.charAt(Math.min(7, (int) ((Math.max(-1, Math.min(1, values[i])) + 1) * 4))));
        return bars.toString();
    }

    private static int shade(float value) {
        return Float.isNaN(value) ? 0 : Math.round(Math.max(-1, Math.min(1, value)) * SHADES);
    }

    /** Under each line of text a line of bars, low for -1 and high for +1. */
    @Override public String toString() {
        StringBuilder lines = new StringBuilder();
        for (int from = 0, to; from < characters.length; from = to) {
            to = lineEnd(from);
            for (int i = from; i < to; i++)
                if (characters[i] != '\n')
                    lines.appendCodePoint(Character.isISOControl(characters[i]) ? ' ' : characters[i]);
            lines.append('\n').append(bars(from, to)).append('\n');
        }
        return lines.toString().stripTrailing();
    }

    /** The values, one for each character. */
    public float[] values() { return Arrays.copyOf(values, values.length); }
}
