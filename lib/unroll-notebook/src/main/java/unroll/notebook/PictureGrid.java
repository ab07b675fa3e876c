package unroll.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.tensor.Tensor;

/**
 * Pictures side by side, each with words below it: what a captioner says, where it looks, the feature maps of a
 * convolution. As the last expression of a cell it shows itself.
 *
 * <pre>{@code
 * new PictureGrid("Held-out pictures", 4).add(image, "a red circle").add(image, attention, "circle")
 * new PictureGrid("Captions by score", 4).heading("good").add(image, caption).heading("unrelated").add(other, wrong)
 * }</pre>
 *
 * A picture is {@code [C, H, W]} with one or three channels in 0 .. 1; what is outside is taken for the nearer end.
 * Pixels are shown as they are, as squares.
 */
public final class PictureGrid {
    private static final int WIDTH = 720, MARGIN = 14, GAP = 10, TITLE = 40, HEADING = 30, LINE = 15, LARGEST = 200;
    private static final float DARKEST = .2f;                              // of a picture where nobody looks
    private static final Font WORDS = ChartStyle.font(Font.PLAIN, 12);
    private static final FontRenderContext FONTS = new FontRenderContext(null, true, true);

    /** A picture with its words; or a heading, which has no pixels. */
    private record Item(BufferedImage pixels, String text) {
    }

    private final String title;
    private final int columns, side;
    private final List<Item> items = new ArrayList<>();

    /** @param columns how many stand in a row, 1 to 16 */
    public PictureGrid(String title, int columns) {
        if (columns < 1 || columns > 16)
            throw new ChartException("PictureGrid " + title + ": expected 1 to 16 columns but got " + columns);
        this.title = title;
        this.columns = columns;
        side = Math.min(LARGEST, (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns);
    }

    /** A picture {@code [C, H, W]} and the words below it. */
    public PictureGrid add(Tensor image, String words) {
        return with(new Item(pixels(image, null), words));
    }

    /**
     * A picture under a map of weights: bright where the weight is largest, dark where it is zero.
     *
     * @param image   {@code [C, H, W]}
     * @param weights of a grid over it, {@code [rows, columns]}, at least 0
     */
    public PictureGrid add(Tensor image, Tensor weights, String words) {
        if (weights.rank() != 2 || weights.size() == 0 || !weights.isFinite())
            throw new ChartException(
                    "PictureGrid " + title + ": expected finite weights [rows, columns] but got "
                            + Arrays.toString(weights.shape()));
        return with(new Item(pixels(image, weights), words));
    }

    /** A feature map or a filter {@code [H, W]}, black at its least value and white at its greatest. */
    public PictureGrid addMap(Tensor map, String words) {
        if (map.rank() != 2 || map.size() == 0 || !map.isFinite())
            throw new ChartException(
                    "PictureGrid " + title + ": expected a finite map [H, W] but got " + Arrays.toString(map.shape()));
        float low = map.data()[0], high = low;
        for (float v : map.data()) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return add(map.sub(low).div(high > low ? high - low : 1).reshape(1, map.size(0), map.size(1)), words);
    }

    /** Begins a new row, below these words. */
    public PictureGrid heading(String words) {
        return with(new Item(null, words));
    }

    private PictureGrid with(Item item) {
        items.add(item);
        return this;
    }

    private BufferedImage pixels(Tensor image, Tensor weights) {
        if (image.rank() != 3 || image.size(0) != 1 && image.size(0) != 3 || image.size() == 0)
            throw new ChartException(
                    "PictureGrid " + title + ": expected a picture [1, H, W] or [3, H, W] but got "
                            + Arrays.toString(image.shape()));
        int H = image.size(1), W = image.size(2), n = H * W, C = image.size(0);
        float most = 0;
        if (weights != null) for (float w : weights.data()) most = Math.max(most, w);
        BufferedImage out = new BufferedImage(W, H, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < H; y++) for (int x = 0; x < W; x++) {
            float light = most == 0
                    ? 1
                    : DARKEST + (1 - DARKEST)
                            * Math.max(0, weights.get(y * weights.size(0) / H, x * weights.size(1) / W)) / most;
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                float v = image.data()[Math.min(c, C - 1) * n + y * W + x];
                rgb = rgb << 8 | Math.round(255 * light * Math.max(0, Math.min(1, v)));
            }
            out.setRGB(x, y, rgb);
        }
        return out;
    }

    /** How many pictures there are. */
    public int size() {
        return (int) items.stream().filter(item -> item.pixels != null).count();
    }

    /** The width on the page; the image has twice as many pixels. */
    public int width() { return WIDTH; }

    /** The height on the page; the image has twice as many pixels. */
    public int height() { return walk(null); }

    /** The picture, {@code 2 width × 2 height} pixels. */
    public BufferedImage image() {
        if (size() == 0) throw new ChartException("PictureGrid " + title + ": nothing to draw, no picture was added");
        return Canvas.paint("PictureGrid " + title, width(), height(), this::walk);
    }

    /** Goes through the items row by row, painting where there is something to paint on; gives the height. */
    private int walk(Graphics2D g) {
        write(g, ChartStyle.font(Font.BOLD, 16), title, MARGIN, 26);
        int y = TITLE, column = 0, below = 0;
        for (Item item : items) {
            if (column == columns || column > 0 && item.pixels == null) {
                y += below + GAP;
                column = below = 0;
            }
            if (item.pixels == null) {
                write(g, ChartStyle.font(Font.BOLD, 13), item.text, MARGIN, y + 18);
                y += HEADING;
                continue;
            }
            int x = MARGIN + column++ * (side + GAP),
                    height = Math.max(1, side * item.pixels.getHeight() / item.pixels.getWidth());
            List<String> lines = lines(item.text);
            below = Math.max(below, height + 4 + LINE * lines.size());
            if (g == null) continue;
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            g.drawImage(item.pixels, x, y, side, height, null);
            g.setColor(ChartStyle.GRID);
            g.drawRect(x, y, side, height);
            for (int i = 0; i < lines.size(); i++) write(g, WORDS, lines.get(i), x, y + height + LINE * (i + 1));
        }
        return y + below + MARGIN;
    }

    private static void write(Graphics2D g, Font font, String text, int x, int y) {
        if (g == null) return;
        g.setFont(font);
        g.setColor(Color.BLACK);
        g.drawString(text, x, y);
    }

    /** The words in lines that are no wider than a picture, as far as words are not. */
    private List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && WORDS.getStringBounds(longer, FONTS).getWidth() > side) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        if (!line.isEmpty()) lines.add(line.toString());
        return lines;
    }

    /** The picture in words: what stands below each, under their headings. */
    String alt() {
        List<String> words = new ArrayList<>();
        String heading = "";
        for (Item item : items) {
            if (item.pixels != null)
                words.add(heading + (item.text.isBlank() ? "a picture without words" : item.text.strip()));
            heading = item.pixels == null ? item.text.strip() + ": " : "";
        }
        return AltText.of("Pictures: " + title,
                size() + (size() == 1 ? " picture: " : " pictures: ") + String.join("; ", words));
    }

    @Override public String toString() {
        StringBuilder all = new StringBuilder("Pictures \"" + title + "\"");
        for (Item item : items) all.append(item.pixels == null ? "\n " + item.text + ":" : "\n  " + item.text);
        return all.toString();
    }
}
