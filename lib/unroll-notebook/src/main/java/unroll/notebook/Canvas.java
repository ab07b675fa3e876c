package unroll.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Where pictures are painted: a white card, on which lines and letters keep their contrast on dark pages too, with
 * clear corners and twice the pixels of the size on the page, in each direction.
 */
final class Canvas {
    private static final int PIXELS = 2;                                   // per point on the page, in each direction
    private static final int CORNER = 16;                                  // points of width and height, on the page

    private Canvas() {
    }

    /**
     * The picture, {@code 2 width × 2 height} pixels.
     *
     * @param what for the error on a machine without fonts
     */
    static BufferedImage paint(String what, int width, int height, Consumer<Graphics2D> painting) {
        BufferedImage image = new BufferedImage(PIXELS * width, PIXELS * height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.scale(PIXELS, PIXELS);
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fill(new RoundRectangle2D.Double(0, 0, width, height, CORNER, CORNER));
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_DEFAULT);
            painting.accept(graphics);
        } catch (LinkageError | InternalError e) {
            throw new ChartException(what + ": this Java cannot draw text (" + e.getMessage()
                    + "). Install fonts (Debian/Ubuntu: apt install fontconfig fonts-dejavu-core libfreetype6).", e);
        } finally {
            graphics.dispose();
        }
        return image;
    }

    /** The bytes of a PNG file. */
    static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // no cache file: an interrupted thread must not touch one
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
