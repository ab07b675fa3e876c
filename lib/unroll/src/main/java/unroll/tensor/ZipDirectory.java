package unroll.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The entries of a zip archive, found by the directory at its end, with 64-bit sizes and whatever stands before or, as
 * a comment, behind it. That is how Python finds them. Java's stream from the front cannot: in an archive that was
 * written to a pipe, the sizes of what is not compressed stand behind it. Java's {@code ZipFile} checks no sums, and
 * does not see that an entry has two names.
 */
final class ZipDirectory {
    /** What the directory says of an entry. {@code at} counts from the first byte of the archive. */
    record Entry(String name, int flags, int method, long sum, long packed, long size, long at, int nameBytes) {
    }

    private static final int LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50, END_64 = 0x06064b50,
            LOCATOR_64 = 0x07064b50;
    private static final int STORED = 0, DEFLATED = 8, ENCRYPTED = 1, ZIP_64 = 1;
    private static final int END_BYTES = 22, LOCATOR_BYTES = 20, END_64_BYTES = 56, LOCAL_BYTES = 30, ENTRY_BYTES = 46;
    private static final int LONGEST = 64 << 20;                           // more than half a million entries
    /** What deflate makes of one byte at most. */
    private static final long EXPANSION = 1032;

    private final RandomAccessFile file;
    private final List<Entry> entries = new ArrayList<>();
    private final long start, directory;                                   // where the archive and its directory begin

    ZipDirectory(RandomAccessFile file) throws IOException {
        this.file = file;
        long size = file.length();
        ByteBuffer tail = bytes(Math.max(0, size - END_BYTES - 0xffff), (int) Math.min(size, END_BYTES + 0xffff));
        int at = tail.limit() - END_BYTES;
        while (at >= 0 && !(tail.getInt(at) == END && unsigned16(tail, at + 20) == tail.limit() - at - END_BYTES)) at--;
        if (at < 0)
            throw new CheckpointException("no arrays found: it is no zip archive, or is cut off, since nothing at its "
                    + "end says what is in it");
        long end = size - tail.limit() + at, before = end - LOCATOR_BYTES - END_64_BYTES,
                count = unsigned16(tail, at + 10), length = unsigned32(tail, at + 12),
                stated = unsigned32(tail, at + 16);
        ByteBuffer large = before < 0 ? null : bytes(before, END_64_BYTES + LOCATOR_BYTES);
        if (large != null && large.getInt(END_64_BYTES) == LOCATOR_64 && large.getInt(0) == END_64) {
            count = large.getLong(32);
            length = large.getLong(40);
            stated = large.getLong(48);
            end = before;
        }
        if (length < 0 || length > LONGEST || length > end || stated < 0 || stated > end - length
                || count != (int) count)
            throw new CheckpointException("it is cut off or damaged: its directory of " + count + " entries and "
                    + length + " bytes is not where it should be");
        directory = end - length;
        start = directory - stated;
        ByteBuffer all = bytes(directory, (int) length);
        while (all.hasRemaining()) entries.add(entry(all));
        if (entries.size() != count)
            throw new CheckpointException("it is damaged: it states " + count + " entries but has " + entries.size());
    }

    List<Entry> entries() { return entries; }

    private static Entry entry(ByteBuffer from) {
        int at = from.position(), left = from.remaining() - ENTRY_BYTES;
        if (left < 0 || from.getInt(at) != ENTRY) throw damaged();
        int name = unsigned16(from, at + 28), extra = unsigned16(from, at + 30), comment = unsigned16(from, at + 32);
        if (left < name + extra + comment) throw damaged();
        long[] sizes = {unsigned32(from, at + 24), unsigned32(from, at + 20), unsigned32(from, at + 42)};
        large(from.slice(at + ENTRY_BYTES + name, extra).order(ByteOrder.LITTLE_ENDIAN), sizes);
        String text = new String(from.array(), at + ENTRY_BYTES, name, StandardCharsets.UTF_8);
        from.position(at + ENTRY_BYTES + name + extra + comment);
        return new Entry(text, from.getShort(at + 8), from.getShort(at + 10), unsigned32(from, at + 16), sizes[1],
                sizes[0], sizes[2], name);
    }

    /** Sizes that do not fit into 32 bits stand in a field of their own, in this order. */
    private static void large(ByteBuffer extra, long[] sizes) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort(), next = (extra.getShort() & 0xffff) + extra.position();
            if (next > extra.limit()) return;                              // some tools pad with what is no field
            for (int i = 0; id == ZIP_64 && i < sizes.length; i++)
                if (sizes[i] == 0xffffffffL && next - extra.position() >= 8 && (sizes[i] = extra.getLong()) < 0)
                    throw damaged();
            extra.position(next);
        }
    }

    private static CheckpointException damaged() { return new CheckpointException("it is damaged in its directory"); }

    /** Where the bytes of an entry begin: behind a header of its own, which must have the same name. */
    long begin(Entry e) throws IOException {
        String name = WantedTensors.shown(e.name);
        if (e.at > directory - start - LOCAL_BYTES - e.nameBytes)
            throw new CheckpointException(name + " is cut off or damaged");
        ByteBuffer local = bytes(start + e.at, LOCAL_BYTES + e.nameBytes);
        if (local.getInt(0) != LOCAL || unsigned16(local, 26) != e.nameBytes
                || !new String(local.array(), LOCAL_BYTES, e.nameBytes, StandardCharsets.UTF_8).equals(e.name))
            throw new CheckpointException(name + " is damaged: the archive has two names for it");
        return start + e.at + LOCAL_BYTES + e.nameBytes + unsigned16(local, 28);
    }

    /** The bytes of an entry, unpacked, to be read before the next one is opened. */
    InputStream open(Entry e) throws IOException {
        String name = WantedTensors.shown(e.name);
        long from = begin(e);
        if ((e.flags & ENCRYPTED) != 0) throw new CheckpointException(name + " is encrypted");
        if (e.method != STORED && e.method != DEFLATED)
            throw new CheckpointException(name + " is compressed by method " + e.method
                    + "; only deflate is read. Save it with numpy.savez");
        if (e.packed > directory - from
                || (e.method == STORED ? e.size != e.packed : e.size / EXPANSION > e.packed))
            throw new CheckpointException(
                    name + " is cut off or damaged: its " + e.packed + " bytes cannot be unpacked to " + e.size);
        file.seek(from);
        InputStream raw = new Next(e.packed);
        if (e.method == STORED) return raw;
        Inflater inflater = new Inflater(true);
        return new InflaterInputStream(raw, inflater, (int) Math.max(512, Math.min(e.packed, 1 << 16))) {
            @Override public void close() { inflater.end(); }
        };
    }

    /** So many bytes from where the file stands. */
    private final class Next extends InputStream {
        private long left;

        Next(long bytes) { left = bytes; }

        @Override public int read() throws IOException {
            if (left == 0) return -1;
            left--;
            return file.read();
        }

        @Override public int read(byte[] to, int at, int length) throws IOException {
            int n = left == 0 && length > 0 ? -1 : file.read(to, at, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(at);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsigned16(ByteBuffer from, int at) { return from.getShort(at) & 0xffff; }

    private static long unsigned32(ByteBuffer from, int at) { return from.getInt(at) & 0xffffffffL; }
}
