package unroll.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
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
import unroll.text.DatasetException;

/** A picture as Java's own readers decode it. No file is written on the way, and no global setting changed. */
final class DecodedImage {
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
}
