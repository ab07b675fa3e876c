package unroll.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The entries of a zip archive, found by the directory at its end, with 64-bit sizes and whatever stands before or, as
 * a comment, behind it. That is how Python finds them. Java's stream from the front cannot: in an archive that was
 * written to a pipe, the sizes of what is not compressed stand behind it. Java's {@code ZipFile} wants a file, and
 * checks no sums.
 */
final class ZipDirectory {
    /** Bytes at any place, as many as there are room for or as come at once; -1 at the end. */
    interface Source {
        int read(ByteBuffer to, long at) throws IOException;
    }

    /** What the directory says of an entry. {@code at} counts from the first byte of the archive. */
    record Entry(String name, int flags, int method, long sum, long packed, long size, long at, int nameBytes) {
    }

    private static final int LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50, END_64 = 0x06064b50,
            LOCATOR_64 = 0x07064b50;
    private static final int STORED = 0, DEFLATED = 8, ENCRYPTED = 1, ZIP_64 = 1;
    private static final int END_BYTES = 22, LOCATOR_BYTES = 20, END_64_BYTES = 56, LOCAL_BYTES = 30, ENTRY_BYTES = 46;
    // of a directory: more than half a million entries
    private static final int LONGEST = 64 << 20;
    /** What deflate makes of one byte at most. */
    private static final long EXPANSION = 1032;

    private final Source source;
    private final List<Entry> entries = new ArrayList<>();
    // where the archive begins, and its directory
    private final long start, directory;

    ZipDirectory(Source source, long size) throws IOException {
        this.source = source;
        ByteBuffer tail = bytes(Math.max(0, size - END_BYTES - 0xffff), (int) Math.min(size, END_BYTES + 0xffff));
        int at = tail.limit() - END_BYTES;
        while (at >= 0
                && !(tail.getInt(at) == END && (tail.getShort(at + 20) & 0xffff) == tail.limit() - at - END_BYTES))
            at--;
        if (at < 0)
            throw new CheckpointException(
                    "no arrays found: it is no zip archive, or is cut off, since nothing at its end says what is in "
                            + "it");
        long end = size - tail.limit() + at, count = tail.getShort(at + 10) & 0xffff,
                length = tail.getInt(at + 12) & 0xffffffffL;
        long stated = tail.getInt(at + 16) & 0xffffffffL, before = end - LOCATOR_BYTES - END_64_BYTES;
        if (before >= 0) {
            ByteBuffer large = bytes(before, END_64_BYTES + LOCATOR_BYTES);
            if (large.getInt(END_64_BYTES) == LOCATOR_64 && large.getInt(0) == END_64) {
                count = large.getLong(32);
                length = large.getLong(40);
                stated = large.getLong(48);
                end = before;
            }
        }
        if (length < 0 || length > LONGEST || length > end || stated < 0 || stated > end - length
                || count != (int) count)
            throw new CheckpointException(
                    "it is cut off or damaged: its directory of " + count + " entries and " + length
                            + " bytes is not where it should be");
        directory = end - length;
        start = directory - stated;
        ByteBuffer all = bytes(directory, (int) length);
        while (all.hasRemaining()) entries.add(entry(all));
        if (entries.size() != count)
            throw new CheckpointException("it is damaged: it states " + count + " entries but has " + entries.size());
    }

    List<Entry> entries() { return entries; }

    private static Entry entry(ByteBuffer from) throws IOException {
        int at = from.position();
        if (from.remaining() < ENTRY_BYTES || from.getInt(at) != ENTRY)
            throw new CheckpointException("it is damaged in its directory");
        int name = from.getShort(at + 28) & 0xffff, extra = from.getShort(at + 30) & 0xffff,
                comment = from.getShort(at + 32) & 0xffff;
        if (from.remaining() < ENTRY_BYTES + name + extra + comment)
            throw new CheckpointException("it is damaged in its directory");
        long[] sizes = {from.getInt(at + 24) & 0xffffffffL, from.getInt(at + 20) & 0xffffffffL,
                from.getInt(at + 42) & 0xffffffffL};
        large(from.slice(at + ENTRY_BYTES + name, extra).order(ByteOrder.LITTLE_ENDIAN), sizes);
        String text = new String(from.array(), at + ENTRY_BYTES, name, StandardCharsets.UTF_8);
        from.position(at + ENTRY_BYTES + name + extra + comment);
        return new Entry(text, from.getShort(at + 8), from.getShort(at + 10), from.getInt(at + 16) & 0xffffffffL,
                sizes[1], sizes[0], sizes[2], name);
    }

    /** Sizes that do not fit into 32 bits stand in a field of their own, in this order. */
    private static void large(ByteBuffer extra, long[] sizes) throws IOException {
        while (extra.remaining() >= 4) {
            int id = extra.getShort(), next = (extra.getShort() & 0xffff) + extra.position();
            if (next > extra.limit()) return;                              // some tools pad with what is no field
            for (int i = 0; id == ZIP_64 && i < sizes.length; i++)
                if (sizes[i] == 0xffffffffL && next - extra.position() >= 8 && (sizes[i] = extra.getLong()) < 0)
                    throw new CheckpointException("it is damaged in its directory");
            extra.position(next);
        }
    }

    /** Where the bytes of an entry begin: behind a header of its own, which must have the same name. */
    long begin(Entry e) throws IOException {
        String name = WantedTensors.shown(e.name());
        if (e.at() > directory - start - LOCAL_BYTES - e.nameBytes())
            throw new CheckpointException(name + " is cut off or damaged");
        ByteBuffer local = bytes(start + e.at(), LOCAL_BYTES + e.nameBytes());
        if (local.getInt(0) != LOCAL || (local.getShort(26) & 0xffff) != e.nameBytes()
                || !new String(local.array(), LOCAL_BYTES, e.nameBytes(), StandardCharsets.UTF_8).equals(e.name()))
            throw new CheckpointException(name + " is damaged: the archive has two names for it");
        return start + e.at() + LOCAL_BYTES + e.nameBytes() + (local.getShort(28) & 0xffff);
    }

    /** The bytes of an entry, unpacked. */
    InputStream open(Entry e) throws IOException {
        String name = WantedTensors.shown(e.name());
        long from = begin(e);
        if ((e.flags() & ENCRYPTED) != 0) throw new CheckpointException(name + " is encrypted");
        if (e.method() != STORED && e.method() != DEFLATED)
            throw new CheckpointException(name + " is compressed by method " + e.method()
                    + "; only deflate is read. Save it with numpy.savez");
        if (e.packed() > directory - from
                || (e.method() == STORED ? e.size() != e.packed() : e.size() / EXPANSION > e.packed()))
            throw new CheckpointException(
                    name + " is cut off or damaged: its " + e.packed() + " bytes cannot be unpacked to " + e.size());
        InputStream raw = range(from, from + e.packed());
        if (e.method() == STORED) return raw;
        Inflater inflater = new Inflater(true);
        return new InflaterInputStream(raw, inflater, (int) Math.max(512, Math.min(e.packed(), 1 << 16))) {
            @Override public void close() { inflater.end(); }
        };
    }

    private InputStream range(long from, long to) {
        return new InputStream() {
            private long at = from;

            @Override public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override public int read(byte[] b, int off, int length) throws IOException {
                Objects.checkFromIndexSize(off, length, b.length);
                if (at == to) return length == 0 ? 0 : -1;
                int n = source.read(ByteBuffer.wrap(b, off, (int) Math.min(length, to - at)), at);
                if (n > 0) at += n;
                return n;
            }
        };
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) if (source.read(buffer, at + buffer.position()) < 0) throw new EOFException();
        return buffer.flip();
    }
}
