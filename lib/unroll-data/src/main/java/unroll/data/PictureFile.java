package unroll.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import unroll.text.DatasetException;

/**
 * A picture file as it is before Java's decoders see it, for they look at no sums, fill what is missing with grey or
 * black, and decode as many scans as there are. Here a PNG is followed chunk by chunk and its data counted, and a JPEG
 * marker by marker.
 */
final class PictureFile {
    private static final long PNG = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452, PLTE = 0x504c5445, IDAT = 0x49444154, IEND = 0x49454e44,
            TRNS = 0x74524e53, EXIF = 0x65584966, CHUNK = 12, IHDR_BYTES = 13;
    // by the colour type of a PNG: grey, rgb, palette, grey and alpha, rgb and alpha
    private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};
    /** Of Adam7: where each pass begins and how far it steps, in x and y. */
    private static final int[][] PASSES = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4},
            {1, 0, 2, 2}, {0, 1, 1, 2}};
    private static final int START_OF_SCAN = 0xda, END_OF_IMAGE = 0xd9, APP1 = 0xe1, ORIENTATION = 0x112;
    private static final byte[] JPEG_EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    /** Progressive files have some ten; each costs a pass over the whole picture. */
    private static final int MOST_SCANS = 30;

    /** Refuses a picture that is too large, by what its header says. */
    interface Room {
        void require(int width, int height, int bytesPerPixel);
    }

    private final String name;
    private final ByteBuffer file;
    private final Room room;
    private final String format;
    private int orientation = 1;

    /** @throws DatasetException naming it, if it is of none of the four formats, too large, cut off or damaged */
    PictureFile(byte[] bytes, String name, Room room) {
        this.name = name;
        this.room = room;
        file = ByteBuffer.wrap(bytes);
        if (bytes.length >= 8 && file.getLong(0) == PNG) format = "png";
        else if (bytes.length >= 3 && file.getShort(0) == (short) 0xffd8 && bytes[2] == (byte) 0xff) format = "jpeg";
        else if (bytes.length >= 4 && file.getInt(0) == 0x47494638) format = "gif";
        else if (bytes.length >= 2 && file.getShort(0) == 0x424d) format = "bmp";
        else
            throw bad("it is no picture that can be read; expected PNG, JPEG, GIF or BMP");
        if (format.equals("png")) png();
        if (format.equals("jpeg")) jpeg();
    }

    /** What Java calls its decoder. */
    String format() { return format; }

    /** How the picture lies in the file, 1 to 8 as in EXIF; 1 is upright. */
    int orientation() { return orientation; }

    private void png() {
        Inflater inflater = new Inflater();
        try {
            long expected = 0;
            boolean palette = false, paletteNeeded = false, fewGreys = false, dataEnded = false;
            for (int at = 8, type = 0; type != IEND;) {
                if (file.limit() - at < CHUNK) throw bad("it ends too early, without the mark of its end");
                int length = file.getInt(at), before = type;
                type = file.getInt(at + 4);
                String chunk = new String(file.array(), at + 4, 4, StandardCharsets.ISO_8859_1).replaceAll("[^A-Za-z]",
                        "?");
                if (length < 0 || length > file.limit() - at - CHUNK)
                    throw bad("it ends too early, in its chunk " + chunk);
                CRC32 sum = new CRC32();
                sum.update(file.array(), at + 4, length + 4);
                if ((int) sum.getValue() != file.getInt(at + 8 + length))
                    throw bad("it is damaged: the checksum of its chunk " + chunk + " does not hold");
                if ((type == IHDR) != (before == 0))
                    throw bad("it is damaged: its first chunk, and no other, must be IHDR");
                ByteBuffer content = file.slice(at + 8, length);
                if (type == IHDR) {
                    expected = header(content);
                    paletteNeeded = content.get(9) == 3;
                    fewGreys = content.get(9) == 0 && content.get(8) < 8;
                }
                palette |= type == PLTE;
                dataEnded |= before == IDAT && type != IDAT;
                if (type == PLTE && inflater.getBytesRead() > 0
                        || type == IDAT && (dataEnded || paletteNeeded && !palette))
                    throw bad("it is damaged: its chunk " + chunk + " is not where it should be");
                if (type == TRNS && fewGreys)
                    throw bad("it has a transparent shade among fewer than 256 greys, which Java's decoder takes for "
                            + "others; save it with 8 bits");
                if (type == IDAT) unpack(inflater, content, expected);
                if (type == EXIF) orientation = orientation(content);
                at += CHUNK + length;
            }
            if (inflater.getBytesWritten() < expected || !inflater.finished())
                throw bad("it ends too early: " + inflater.getBytesWritten() + " of the " + expected
                        + " bytes of its pixels are there");
        } catch (DataFormatException e) {
            throw Images.unreadable(name, "it is damaged: its data cannot be unpacked (" + e.getMessage() + ")", e);
        } finally {
            inflater.end();
        }
    }

    /** The number of bytes of all rows, each with one for its filter. */
    private long header(ByteBuffer content) {
        if (content.limit() != IHDR_BYTES) throw bad("it is damaged: its header has " + content.limit() + " bytes");
        int width = content.getInt(0), height = content.getInt(4), depth = content.get(8), colours = content.get(9),
                interlaced = content.get(12);
        if (colours < 0 || colours >= CHANNELS.length || CHANNELS[colours] == 0 || depth < 1 || depth > 16
                || Integer.bitCount(depth) != 1 || content.get(10) != 0 || content.get(11) != 0 || interlaced < 0
                || interlaced > 1)
            throw bad("it is damaged, or of a kind of PNG that is not defined");
        long bits = (long) CHANNELS[colours] * depth, bytes = 0;
        room.require(width, height, (int) (bits + 7) / 8);
        for (int[] pass : interlaced == 1 ? PASSES : new int[][] {{0, 0, 1, 1}}) {
            long columns = ((long) width - pass[0] + pass[2] - 1) / pass[2],
                    rows = ((long) height - pass[1] + pass[3] - 1) / pass[3];
            if (columns > 0) bytes += rows * (1 + (columns * bits + 7) / 8);
        }
        return bytes;
    }

    private void unpack(Inflater inflater, ByteBuffer packed, long expected) throws DataFormatException {
        byte[] scrap = new byte[1 << 13];
        inflater.setInput(packed);
        while (!inflater.finished() && inflater.inflate(scrap) > 0)
            if (inflater.getBytesWritten() > expected)
                throw bad("it is damaged: it has more pixels than its header says");
        if (inflater.needsDictionary()) throw bad("it is damaged: its data cannot be unpacked");
    }

    private void jpeg() {
        int at = 2, scans = 0;
        while (true) {
            // some cameras leave bytes between the parts
            while (at < file.limit() && file.get(at) != (byte) 0xff) at++;
            while (at < file.limit() && file.get(at) == (byte) 0xff) at++;
            if (at >= file.limit()) throw bad("it ends too early, without the mark of its end");
            int marker = file.get(at++) & 0xff;
            if (marker == END_OF_IMAGE) return;
            if (marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8) continue;
            int length = file.limit() - at < 2 ? 0 : file.getShort(at) & 0xffff;
            if (length < 2 || length > file.limit() - at) throw bad("it ends too early, or is damaged");
            ByteBuffer content = file.slice(at + 2, length - 2);
            // Start of frame: 0xc4, 0xc8 and 0xcc among these are tables.
            if (marker >= 0xc0 && marker <= 0xcf && (marker == 0xc0 || marker % 4 != 0) && content.limit() >= 6)
                room.require(content.getShort(3) & 0xffff, content.getShort(1) & 0xffff, content.get(5) & 0xff);
            if (marker == APP1 && length >= 8 && Arrays.equals(file.array(), at + 2, at + 8, JPEG_EXIF, 0, 6))
                orientation = orientation(file.slice(at + 8, length - 8));
            at += length;
            if (marker == START_OF_SCAN && ++scans > MOST_SCANS)
                throw bad("it has more than " + MOST_SCANS + " scans, which would take very long; save it anew");
        }
    }

    /**
     * Of the first directory of EXIF, which is a TIFF file: two letters for the order of bytes, then 12 bytes an entry.
     * What is damaged says nothing.
     */
    private static int orientation(ByteBuffer tiff) {
        if (tiff.limit() < 8) return 1;
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long at = tiff.getInt(4) & 0xffffffffL;
        if (tiff.getShort(2) != 42 || at + 2 > tiff.limit()) return 1;
        int entries = tiff.getShort((int) at) & 0xffff;
        for (at += 2; entries > 0 && at + 12 <= tiff.limit(); entries--, at += 12)
            if ((tiff.getShort((int) at) & 0xffff) == ORIENTATION) {
                int value = tiff.getShort((int) at + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        return 1;
    }

    private DatasetException bad(String what) { return Images.unreadable(name, what, null); }
}
