package unroll.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A picture as Java's own readers decode it, its size looked at first. No file is written on the way, and no global setting changed. */
final class DecodedImage {
    private DecodedImage() {
    }

    static BufferedImage of(InputStream in, String name, int maxPixels) {
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext())
                throw new ImageException(name, "it is no picture that Java can read; expected PNG, JPEG, GIF or BMP", null);
            ImageReader reader = readers.next();
            try {
                return decode(reader, stream, name, maxPixels);
            } finally {
                reader.dispose();
            }
        } catch (EOFException e) {
            throw new ImageException(name, "it ends too early", e);
        } catch (IOException | RuntimeException e) {                       // readers answer damaged files with exceptions of many kinds
            if (e instanceof ImageException known) throw known;
            throw new ImageException(name, endsEarly(e) ? "it ends too early" : "it is damaged (" + reason(e) + ")", e);
        }
    }

    private static BufferedImage decode(ImageReader reader, MemoryCacheImageInputStream stream, String name, int maxPixels) throws IOException {
        reader.setInput(stream, true, true);
        int width = reader.getWidth(0), height = reader.getHeight(0);
        if (width < 1 || height < 1) throw new ImageException(name, "its header says " + width + " x " + height + " pixels", null);
        if ((long) width * height > maxPixels)
            throw new ImageException(name, "its header says " + width + " x " + height + " pixels; more than " + maxPixels + " are not decoded",
                    null);
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
        // The reader of JPEG files fills what is missing with grey and only warns.
        for (String warning : warnings)
            if (warning.contains("Truncated") || warning.contains("Premature"))
                throw new ImageException(name, "it ends too early (" + warning + ")", null);
        return image;
    }

    private static ImageException forPrint(String name, Throwable cause) {
        return new ImageException(name, "its colours are neither grey nor red, green and blue (probably CMYK, for print); convert it to RGB", cause);
    }

    private static boolean endsEarly(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) if (cause instanceof EOFException) return true;
        return false;
    }

    private static String reason(Throwable e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
