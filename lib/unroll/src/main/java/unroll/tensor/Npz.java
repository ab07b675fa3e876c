package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in NumPy's {@code .npz} format: {@code numpy.load} reads what this writes. Reads little-endian float32 and float64, C order.
 * Written in Java rather than through ND4J because its reader trusts the file.
 */
public final class Npz {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER = Pattern
            .compile("\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*\\}\\s*");
    private static final int HEADER_LIMIT = 4096, ENTRY_LIMIT = 65_000;

    private Npz() {
    }

    /** Writes the arrays in the order of the map, uncompressed. The stream stays open. */
    public static void write(OutputStream to, Map<String, Tensor> arrays) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(to, 1 << 16));
        zip.setLevel(0);
        for (Map.Entry<String, Tensor> e : arrays.entrySet()) {
            ZipEntry entry = new ZipEntry(e.getKey() + ".npy");
            entry.setTime(0);                                              // equal arrays give equal files
            zip.putNextEntry(entry);
            array(zip, e.getValue());
            zip.closeEntry();
        }
        zip.finish();
        zip.flush();
    }

    private static void array(OutputStream out, Tensor t) throws IOException {
        String shape = Arrays.stream(t.shape()).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 4;
        header = header + " ".repeat(padded - header.length() - 1) + "\n";
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) padded, (byte) (padded >> 8)});
        out.write(header.getBytes(StandardCharsets.ISO_8859_1));
        FloatFormat.write(out, t.values());
    }

    /**
     * Reads all arrays, as many numbers in all as {@code limit} says. A file that is not of the format, is cut off or holds more gives an
     * {@link IOException} that says what is wrong, before more memory than it has bytes is taken.
     */
    public static Map<String, Tensor> read(InputStream from, long limit) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        Tail tail = new Tail(from);
        ZipInputStream zip = new ZipInputStream(new BufferedInputStream(tail, 1 << 16));
        long left = limit;
        try {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null;) {
                String name = entry.getName();
                if (!name.endsWith(".npy")) throw new IOException(Message.of(name + " is not an array; a .npz file holds .npy entries only"));
                if (arrays.size() == ENTRY_LIMIT) throw new IOException("more than " + ENTRY_LIMIT + " arrays");
                Tensor t = array(name, new DataInputStream(zip), left);
                if (zip.read() >= 0) throw new IOException(Message.of(name + " goes on after the " + t.size() + " numbers of its shape"));
                left -= t.size();
                if (arrays.put(name.substring(0, name.length() - 4), t) != null) throw new IOException(Message.of("there are two arrays " + name));
            }
        } catch (EOFException e) {
            throw new IOException("the file ends in the middle of an array", e);
        } catch (ZipException | IllegalArgumentException e) {
            throw new IOException(Message.of("not a .npz file, or a damaged one: " + e.getMessage()), e);
        }
        if (arrays.isEmpty()) throw new IOException("no arrays found; not a .npz file, or an empty one");
        if (tail.entries() != arrays.size())
            throw new IOException("the file is cut off or damaged: its end does not say that it has the " + arrays.size() + " arrays found");
        return arrays;
    }

    /** Remembers the last bytes of a zip file, which say how many entries it has: a file cut off between two entries looks whole otherwise. */
    private static final class Tail extends FilterInputStream {
        private static final int END_RECORD = 0x06054b50;
        private final byte[] last = new byte[22];

        Tail(InputStream in) { super(in); }

        @Override public int read(byte[] to, int at, int length) throws IOException {
            int n = super.read(to, at, length), kept = Math.min(Math.max(n, 0), last.length);
            System.arraycopy(last, kept, last, 0, last.length - kept);
            if (kept > 0) System.arraycopy(to, at + n - kept, last, last.length - kept, kept);
            return n;
        }

        /** Reads what is left; -1 when no end record is there. */
        int entries() throws IOException {
            transferTo(OutputStream.nullOutputStream());
            ByteBuffer record = ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN);
            return record.getInt(0) == END_RECORD ? record.getShort(10) & 0xffff : -1;
        }
    }

    private static Tensor array(String name, DataInputStream in, long limit) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        int major = in.readUnsignedByte();
        in.readUnsignedByte();
        if (!Arrays.equals(magic, MAGIC) || major < 1 || major > 3) throw new IOException(Message.of(name + " is not a NumPy array"));
        int length = major == 1 ? Short.reverseBytes(in.readShort()) & 0xffff : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > HEADER_LIMIT) throw new IOException(Message.of(name + " has a header of " + length + " bytes"));
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        Matcher header = HEADER.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!header.matches()) throw new IOException(Message.of(name + " has an unreadable header"));
        boolean doubles = header.group(1).equals("<f8");
        if (!doubles && !header.group(1).equals("<f4"))
            throw new IOException(Message.of(name + " holds " + header.group(1) + "; expected <f4 or <f8"));
        int[] shape = shape(name, header.group(3));
        int size = size(name, shape, limit);
        if (header.group(2).equals("True") && shape.length > 1)
            throw new IOException(Message.of(name + " is in Fortran order; save it with numpy.ascontiguousarray"));
        return Tensor.of((doubles ? FloatFormat.F64 : FloatFormat.F32).read(in, size), shape);
    }

    private static int[] shape(String name, String text) throws IOException {
        try {
            return Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException e) {
            throw new IOException(Message.of(name + " has an unreadable shape (" + text + ")"), e);
        }
    }

    private static int size(String name, int[] shape, long limit) throws IOException {
        long size = 1;
        for (int n : shape) {
            size *= n;
            if (size > Math.min(limit, Integer.MAX_VALUE - 8))
                throw new IOException(
                        Message.of(name + " of shape " + Arrays.toString(shape) + " is larger than the " + limit + " numbers expected"));
        }
        return (int) size;
    }
}
