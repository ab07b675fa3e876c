package unroll.notebook;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
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
public final class PictureGrid extends Figure {
    private static final int WIDTH = 720, MARGIN = 14, GAP = 10, TITLE = 40, HEADING = 30, LINE = 15, LARGEST = 200;
    private static final float DARKEST = .2f;                              // of a picture where nobody looks

    /** A picture with its words; or a heading, which has no pixels. */
    private record Item(BufferedImage pixels, String text) {
    }

    private final int columns, side;
    private final List<Item> items = new ArrayList<>();

    /** @param columns how many stand in a row, 1 to 16 */
    public PictureGrid(String title, int columns) {
        super("PictureGrid", title);
        if (columns < 1 || columns > 16) throw wrong("expected 1 to 16 columns but got " + columns);
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
        requireMatrix("finite weights [rows, columns]", weights);
        return with(new Item(pixels(image, weights), words));
    }

    /** A feature map or a filter {@code [H, W]}, black at its least value and white at its greatest. */
    public PictureGrid addMap(Tensor map, String words) {
        requireMatrix("a finite map [H, W]", map);
        float low = map.data()[0], high = low;
        for (float v : map.data()) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return add(map.sub(low).div(high > low ? high - low : 1).reshape(1, map.size(0), map.size(1)), words);
    }

    private void requireMatrix(String what, Tensor given) {
        if (given.rank() != 2 || given.size() == 0 || !given.isFinite())
            throw wrong("expected " + what + " but got " + Arrays.toString(given.shape()));
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
            throw wrong("expected a picture [1, H, W] or [3, H, W] but got " + Arrays.toString(image.shape()));
        int H = image.size(1), W = image.size(2), C = image.size(0);
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
                float v = image.get(Math.min(c, C - 1), y, x);
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

    @Override public int width() { return WIDTH; }

    @Override public int height() { return walk(null); }

    @Override void paint(Graphics2D graphics) {
        if (size() == 0) throw wrong("nothing to draw, no picture was added");
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        walk(graphics);
    }

    /** Goes through the items row by row, painting where there is something to paint on; gives the height. */
    private int walk(Graphics2D g) {
        write(g, ChartStyle.TITLE, title(), MARGIN, 26);
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
            g.drawImage(item.pixels, x, y, side, height, null);
            g.setColor(ChartStyle.GRID);
            g.drawRect(x, y, side, height);
            for (int i = 0; i < lines.size(); i++)
                write(g, ChartStyle.SMALL, lines.get(i), x, y + height + LINE * (i + 1));
        }
        return y + below + MARGIN;
    }

    private static void write(Graphics2D g, Font font, String text, int x, int y) {
        if (g == null) return;
        g.setColor(ChartStyle.BLACK);
        ChartStyle.write(g, font, text, x, y, 0);
    }

    /** The words in lines that are no wider than a picture, as far as words are not. */
    private List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            boolean fits = line.isEmpty() || ChartStyle.length(longer, ChartStyle.SMALL) <= side;
            if (!fits) lines.add(line);
            line = fits ? longer : word;
        }
        if (!line.isEmpty()) lines.add(line);
        return lines;
    }

    /** What stands below each picture, under their headings. */
    @Override String alt() {
        List<String> words = new ArrayList<>();
        String heading = "";
        for (Item item : items) {
            if (item.pixels != null)
                words.add(heading + (item.text.isBlank() ? "a picture without words" : item.text.strip()));
            heading = item.pixels == null ? item.text.strip() + ": " : "";
        }
        return sentences("Pictures: " + title(),
                size() + (size() == 1 ? " picture: " : " pictures: ") + String.join("; ", words));
    }

    @Override public String toString() {
        StringBuilder all = new StringBuilder("Pictures \"" + title() + "\"");
        for (Item item : items) all.append(item.pixels == null ? "\n " + item.text + ":" : "\n  " + item.text);
        return all.toString();
    }
}
