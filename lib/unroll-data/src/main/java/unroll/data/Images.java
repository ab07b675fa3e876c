package unroll.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import unroll.tensor.Tensor;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Reads pictures (PNG, JPEG, GIF, BMP) as tensors: {@code [3, H, W]} of red, green and blue or {@code [1, H, W]} of
 * grey, values in 0 .. 1, rows from the top. What is transparent is laid on white. Of several frames the first is read.
 * A photograph that lies on its side is turned upright, as its EXIF entry says, so H and W are those one sees. Numbers
 * are the file's own divided by 255, or by 65,535 where it has 16 bits: a colour profile, such as Adobe RGB or Display
 * P3, is not applied, as in Pillow and torchvision, and the colours of such a file come out paler than they were meant.
 * CMYK is refused.
 *
 * <pre>{@code
 * Tensor picture = Images.rgb().read(Path.of("cat.jpg"));          // [3, 480, 640]
 * Tensor x = ImageTransform.resizeShorterSide(72).then(ImageTransform.centreCrop(64, 64)).apply(picture);
 * }</pre>
 *
 * A damaged file is refused where that can be known: PNG has sums of everything; of a JPEG the end must be there and
 * the decoder must not complain; GIF and BMP must not end early. Size is limited before anything is decoded: 64 MiB of
 * file and 50 million pixels, unless {@link #limits} says otherwise, half of the memory that Java may take
 * ({@code -Xmx}), and 30 scans of a progressive JPEG.
 */
public final class Images {
    private static final int BYTES = 64 << 20, PIXELS = 50_000_000;
    private final boolean colour;
    private final int maxBytes, maxPixels;

    private Images(boolean colour, int maxBytes, int maxPixels) {
        this.colour = colour;
        this.maxBytes = maxBytes;
        this.maxPixels = maxPixels;
    }

    /** Pictures of three channels; grey ones get three equal ones. */
    public static Images rgb() {
        return new Images(true, BYTES, PIXELS);
    }

    /** Pictures of one channel: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
    public static Images grey() {
        return new Images(false, BYTES, PIXELS);
    }

    /** The same with other limits for files and for width times height. */
    public Images limits(int maxBytes, int maxPixels) {
        if (maxBytes < 1 || maxPixels < 1)
            throw new IllegalArgumentException(
                    "Images: expected limits of at least 1 but got maxBytes=" + maxBytes + ", maxPixels=" + maxPixels);
        return new Images(colour, maxBytes, maxPixels);
    }

    /**
     * A file.
     *
     * @throws DatasetException naming it, if it is not there, too large, no picture, cut off or damaged
     */
    public Tensor read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException e) {
            throw unreadable(file.toString(), "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /**
     * A file within a zip archive.
     *
     * @throws DatasetException as for a file
     */
    public Tensor read(ZipFile archive, String entry) {
        String name = archive.getName() + "!" + entry;
        ZipEntry found = archive.getEntry(entry);
        if (found == null) throw unreadable(name, "the archive has no such entry", null);
        try (InputStream in = archive.getInputStream(found)) {
            return read(in, name);
        } catch (IOException e) {
            throw unreadable(name, "it cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * All that a stream holds; it stays open.
     *
     * @param name for errors
     * @throws DatasetException as for a file
     */
    public Tensor read(InputStream in, String name) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(maxBytes == Integer.MAX_VALUE ? maxBytes : maxBytes + 1);
        } catch (IOException e) {
            throw unreadable(name, "it cannot be read (" + e.getMessage() + ")", e);
        }
        if (bytes.length > maxBytes) throw unreadable(name, "it has more than " + maxBytes + " bytes", null);
        PictureFile.Room room = (width, height, bytesPerPixel) -> requireRoom(name, width, height, bytesPerPixel);
        PictureFile file = new PictureFile(bytes, name, room);
        return DecodedImage.tensor(DecodedImage.of(bytes, file.format(), name, room), colour, file.orientation());
    }

    static DatasetException unreadable(String name, String reason, Throwable cause) {
        return new DatasetException(Reason.UNREADABLE, "Image " + name + ": " + reason, cause);
    }

    private void requireRoom(String name, int width, int height, int bytesPerPixel) {
        String size = "its header says " + width + " x " + height + " pixels";
        if (width < 1 || height < 1) throw unreadable(name, size, null);
        long pixels = (long) width * height, memory = Runtime.getRuntime().maxMemory();
        if (pixels > maxPixels) throw unreadable(name, size + "; more than " + maxPixels + " are not decoded", null);
        long needed = pixels * (bytesPerPixel + (colour ? 3 : 1) * Float.BYTES);
        if (needed > memory / 2)
            throw unreadable(name,
                    size + ", which take " + (needed >> 20) + " MiB when decoded; at most half of the " + (memory >> 20)
                            + " MiB that Java may take (its option -Xmx) are given to one picture",
                    null);
    }

    @Override public String toString() {
        return "Images(" + (colour ? "rgb" : "grey") + ", maxBytes=" + maxBytes + ", maxPixels=" + maxPixels + ")";
    }
}
