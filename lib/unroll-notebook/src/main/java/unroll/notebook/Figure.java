package unroll.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import unroll.tensor.Message;

/**
 * A picture with a title: a {@link Chart}, a {@link PictureGrid} or a {@link GraphFigure}. As the last expression of a
 * cell it shows itself, with words for those who do not see it.
 *
 * <p>It is a white card, on which lines and letters keep their contrast on dark pages too, with clear corners.
 */
public abstract sealed class Figure permits Chart, PictureGrid, GraphFigure {
    private static final int PIXELS = 2;                                   // per point on the page, in each direction
    private static final int CORNER = 16;                                  // points of width and height, on the page
    private static final int MOST = 12, LONGEST = 1000;                    // things in a list; characters in all

    private final String kind, title;

    /** @param kind the word before the title in errors */
    Figure(String kind, String title) {
        this.kind = kind;
        this.title = title;
    }

    public String title() { return title; }

    /** The width on the page; the image has twice as many pixels. */
    public abstract int width();

    /** The height on the page; the image has twice as many pixels. */
    public abstract int height();

    abstract void paint(Graphics2D graphics);

    /** The picture in words: sentences that say its kind, its title and what is drawn. */
    abstract String alt();

    ChartException wrong(String fault) { return new ChartException(kind + " " + title + ": " + fault); }

    /**
     * The picture, {@code 2 width × 2 height} pixels, so that it is crisp on fine screens and in print.
     *
     * @throws ChartException if there is nothing to draw, or this machine has no fonts
     */
    public BufferedImage image() {
        BufferedImage image = new BufferedImage(PIXELS * width(), PIXELS * height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.scale(PIXELS, PIXELS);
            graphics.setColor(Color.WHITE);
            graphics.fill(new RoundRectangle2D.Double(0, 0, width(), height(), CORNER, CORNER));
            paint(graphics);
        } finally {
            graphics.dispose();
        }
        return image;
    }

    /** {@link #image()} as a PNG file's bytes. */
    byte[] png() { return Png.of(Png.reduced(image())); }

    /** Writes the picture as a PNG file; gives the path. */
    public Path save(Path path) {
        byte[] png = png();
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            return Files.write(path, png);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    Message.of(kind + " " + title + ": cannot write " + path + " (" + e.getMessage() + ")"), e);
        }
    }

    /** Sentences one after the other, each with its end, on one line that is not too long to listen to. */
    static String sentences(String... sentences) {
        StringBuilder all = new StringBuilder();
        for (String sentence : sentences) {
            String line = sentence.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
            if (!line.isEmpty())
                all.append(all.isEmpty() ? "" : " ").append(line).append(line.matches(".*[.?!…]") ? "" : ".");
        }
        return all.codePointCount(0, all.length()) <= LONGEST
                ? all.toString()
                : all.substring(0, all.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }

    /** The first dozen, and how many more there are. */
    static String list(List<String> things) {
        String shown = String.join(", ", things.subList(0, Math.min(MOST, things.size())));
        return things.size() <= MOST ? shown : shown + " and " + (things.size() - MOST) + " more";
    }
}
