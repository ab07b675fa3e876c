package unroll.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;
import unroll.text.DatasetException;

/**
 * A picture as Java's own readers decode it, and its pixels as floats. No file is written on the way, and no global
 * setting changed.
 */
final class DecodedImage {
    private static final float RED = .299f, GREEN = .587f, BLUE = .114f;

    private DecodedImage() {
    }

    static BufferedImage of(byte[] bytes, String format, String name, PictureFile.Room room) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) throw Images.unreadable(name, "this Java has no decoder for " + format, null);
        ImageReader reader = readers.next();
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            return decode(reader, stream, name, room);
        } catch (EOFException e) {
            throw Images.unreadable(name, "it ends too early", e);
            // readers answer damaged files with exceptions of many kinds
        } catch (IOException | RuntimeException e) {
            if (e instanceof DatasetException known) throw known;
            throw Images.unreadable(name, endsEarly(e) ? "it ends too early" : "it is damaged (" + reason(e) + ")", e);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage decode(ImageReader reader, MemoryCacheImageInputStream stream, String name,
            PictureFile.Room room) throws IOException {
        reader.setInput(stream, true, true);
        room.require(reader.getWidth(0), reader.getHeight(0), 4);
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image;
        try {
            image = reader.read(0);
        } catch (IOException e) {
            if ("Unsupported Image Type".equals(e.getMessage())) throw forPrint(name, e);
            throw e;
        }
        // Newer Javas decode them, by a formula of their own: the same picture would be other numbers there.
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) throw forPrint(name, null);
        // The reader of JPEG files goes on where pixels are missing or cannot be, and only warns; bytes too many
        // between the parts do no harm.
        for (String warning : warnings) {
            if (warning.contains("Truncated") || warning.contains("Premature"))
                throw Images.unreadable(name, "it ends too early (" + warning + ")", null);
            if (warning.contains("Corrupt") && !warning.contains("extraneous"))
                throw Images.unreadable(name, "it is damaged (" + Message.firstLine(warning) + ")", null);
        }
        return image;
    }

    private static DatasetException forPrint(String name, Throwable cause) {
        return Images.unreadable(name,
                "its colours are neither grey nor red, green and blue (probably CMYK, for print); convert it to RGB",
                cause);
    }

    private static boolean endsEarly(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof EOFException) return true;
        return false;
    }

    private static String reason(Throwable e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + Message.firstLine(e.getMessage()));
    }

    /** @param orientation how the picture lies, 1 to 8 as in EXIF; the tensor is upright */
    static Tensor tensor(BufferedImage image, boolean colour, int orientation) {
        int width = image.getWidth(), height = image.getHeight();
        int n = Shape.size("Images", new int[] {height, width});
        float[] values = Shape.room("Images", new int[] {colour ? 3 : 1, height, width});
        float[] rows = new float[3 * width];
        ColorModel model = image.getColorModel();
        int type = model.getColorSpace().getType();
        boolean grey = model instanceof ComponentColorModel && type == ColorSpace.TYPE_GRAY;
        boolean stored = grey || model instanceof ComponentColorModel && type == ColorSpace.TYPE_RGB;
        // where column 0 lies, in a row or among the rows
        boolean right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        // where row 0 lies
        boolean bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean turned = orientation > 4;                                  // rows become columns
        int stepX = turned ? height : 1, stepY = turned ? 1 : width;
        for (int y = 0; y < height; y++) {
            if (stored) stored(image, y, rows, width);
            else
                converted(image, y, rows, width);
            int row = (bottom ? height - 1 - y : y) * stepY;
            for (int x = 0; x < width; x++) {
                int at = row + (right ? width - 1 - x : x) * stepX;
                if (colour) for (int c = 0; c < 3; c++) values[c * n + at] = rows[c * width + x];
                else if (grey) values[at] = rows[x];
                else
                    values[at] = RED * rows[x] + GREEN * rows[width + x] + BLUE * rows[2 * width + x];
            }
        }
        return Tensor.of(values, colour ? 3 : 1, turned ? width : height, turned ? height : width);
    }

    /** A row of red, one of green, one of blue, each on white: of palettes and packed pixels. */
    private static void converted(BufferedImage image, int y, float[] rows, int width) {
        int[] argb = image.getRGB(0, y, width, 1, null, 0, width);
        for (int x = 0; x < width; x++) {
            int p = argb[x], alpha = p >>> 24;
            for (int c = 0; c < 3; c++) rows[c * width + x] = onWhite((p >>> 16 - 8 * c & 0xff) / 255f, alpha / 255f);
        }
    }

    /**
     * The same as the file has it, of 8 or 16 bits: {@code getRGB} would round to 8, take grey for linear light and
     * brighten it, and convert by a colour profile, as other libraries do not.
     */
    private static void stored(BufferedImage image, int y, float[] rows, int width) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int colours = model.getNumColorComponents();
        int[] alpha = model.hasAlpha() ? raster.getSamples(0, y, width, 1, colours, (int[]) null) : null,
                samples = null;
        float opaque = alpha == null ? 1 : (1 << model.getComponentSize(colours)) - 1;
        for (int c = 0; c < 3; c++) {
            if (c < colours) samples = raster.getSamples(0, y, width, 1, c, samples);
            float most = (1 << model.getComponentSize(Math.min(c, colours - 1))) - 1;
            for (int x = 0; x < width; x++)
                rows[c * width + x] = onWhite(samples[x] / most, alpha == null ? 1 : alpha[x] / opaque);
        }
    }

    private static float onWhite(float value, float alpha) { return value * alpha + (1 - alpha); }
}
