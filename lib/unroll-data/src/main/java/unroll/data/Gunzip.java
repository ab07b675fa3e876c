package unroll.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import unroll.tensor.Message;

/**
 * Unpacks gzip (RFC 1952), all members one after another, each checked by its sum and length; zeros may follow, as on
 * tapes. Java's own stream calls itself for each member, so that many empty ones overflow the stack, and takes a
 * damaged second member for the end.
 */
public final class Gunzip extends InputStream {
    private static final int MAGIC = 0x1f8b, DEFLATE = 8, HEADER_SUM = 2, EXTRA = 4, NAME = 8, COMMENT = 16,
            RESERVED = 0xe0;

    private final InputStream in;
    private final byte[] packed = new byte[1 << 16];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private int at, end;                                                   // of what is not yet used in that array
    private boolean within, first = true;

    public Gunzip(InputStream in) { this.in = in; }

    /** Whether a file with these two bytes at its start is gzip. */
    public static boolean marks(int first, int second) {
        return first << 8 == (MAGIC & 0xff00) && second == (MAGIC & 0xff);
    }

    @Override public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override public int read(byte[] to, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, to.length);
        if (length == 0) return 0;
        try {
            while (within || header()) {
                int n = inflater.inflate(to, from, length);
                sum.update(to, from, n);
                if (inflater.finished()) trailer();
                else if (n == 0 && inflater.needsDictionary())
                    throw new IOException("gzip: the packed bytes are damaged");
                else if (n == 0 && inflater.needsInput()) refill();
                if (n > 0) return n;
            }
            return -1;
        } catch (DataFormatException e) {
            throw new IOException(Message.of("gzip: the packed bytes are damaged (" + e.getMessage() + ")"), e);
        }
    }

    private void refill() throws IOException {
        if (!fill()) throw new EOFException("gzip: the packed bytes end too early");
        inflater.setInput(packed, 0, end);
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(packed));
        return end > 0;
    }

    private int next() throws IOException {
        if (at == end && !fill()) throw new EOFException("gzip: the file ends too early");
        return packed[at++] & 0xff;
    }

    /** Goes to where the next member is packed; false where there is none. */
    private boolean header() throws IOException {
        if (!first) {
            while ((at < end || fill()) && packed[at] == 0) at++;
            if (at == end) return false;
        }
        first = false;
        if (!marks(next(), next()) || next() != DEFLATE)
            throw new IOException("gzip: what should be the start of packed bytes is not");
        int flags = next();
        for (int i = 0; i < 6; i++) next();                                // time, level, system
        if ((flags & RESERVED) != 0) throw new IOException("gzip: unknown flags");
        if ((flags & EXTRA) != 0) for (int n = next() | next() << 8; n > 0; n--) next();
        if ((flags & NAME) != 0) while (next() != 0);
        if ((flags & COMMENT) != 0) while (next() != 0);
        if ((flags & HEADER_SUM) != 0) for (int i = 0; i < 2; i++) next();
        inflater.reset();
        inflater.setInput(packed, at, end - at);
        sum.reset();
        return within = true;
    }

    private void trailer() throws IOException {
        at = end - inflater.getRemaining();
        long check = number(), size = number();
        if (check != sum.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL))
            throw new IOException("gzip: the checksum does not hold");
        within = false;
    }

    private long number() throws IOException { return next() | next() << 8 | next() << 16 | (long) next() << 24; }

    @Override public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
