package unroll.tensor;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;

/**
 * Arrays in NumPy's formats {@code .npy} and {@code .npz}: {@code numpy.load} reads what this writes. Reads numbers in
 * either order of bytes and of axes, packed or not; entries that are no arrays are left out. Written in Java rather
 * than through ND4J because its reader trusts the file.
 */
public final class Npz {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /**
     * One of the three pairs of a header, such as {@code 'shape': (3, 4), }: a type is a text, or a list of columns.
     */
    private static final Pattern PAIR = Pattern
            .compile("\\s*['\"](?:(descr)['\"]\\s*:\\s*(?:['\"]([^'\"]*)['\"]|([\\[(].*?[\\])]))"
                    + "|(fortran_order)['\"]\\s*:\\s*(True|False)|(shape)['\"]\\s*:\\s*\\(([0-9L, ]*)\\))"
                    + "\\s*(?:,\\s*(?=['\"](?:descr|fortran_order|shape)['\"]|\\})|(?=\\}))");
    private static final int HEADER_LIMIT = 1 << 20;

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
            writeArray(zip, e.getValue());
            zip.closeEntry();
        }
        zip.finish();
        zip.flush();
    }

    /** Writes one array in the {@code .npy} format. */
    static void writeArray(OutputStream out, Tensor t) throws IOException {
        String shape = Arrays.stream(t.shape()).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 4;
        header = header + " ".repeat(padded - header.length() - 1) + "\n";
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) padded, (byte) (padded >> 8)});
        out.write(header.getBytes(StandardCharsets.ISO_8859_1));
        NumberFormat.write(out, t.values());
    }

    static Map<String, Tensor> read(RandomAccessFile file, WantedTensors wanted) throws IOException {
        ZipDirectory zip = new ZipDirectory(file);
        List<String> names = new ArrayList<>(), others = new ArrayList<>();
        for (ZipDirectory.Entry e : zip.entries()) {
            if (!e.name().endsWith(".npy")) {
                zip.begin(e);                                              // a name that is damaged is no other name
                others.add(WantedTensors.shown(e.name()));
                continue;
            }
            String name = e.name().substring(0, e.name().length() - 4);
            names.add(name);
            if (!wanted.wants(name)) continue;
            String shown = WantedTensors.shown(name);
            CRC32 sum = new CRC32();
            try (InputStream unpacked = zip.open(e); InputStream in = new CheckedInputStream(unpacked, sum)) {
                readArray(name, in, e.size(), wanted);
                in.transferTo(OutputStream.nullOutputStream());            // what was left out, which has a sum too
            } catch (EOFException end) {
                throw new CheckpointException("the file ends in the middle of " + shown, end);
            } catch (ZipException damaged) {
                throw new CheckpointException(shown + " is damaged: " + damaged.getMessage(), damaged);
            }
            if (sum.getValue() != e.sum())
                throw new CheckpointException(shown + " is damaged: its checksum does not hold");
        }
        if (names.isEmpty())
            throw new CheckpointException("no arrays found"
                    + (others.isEmpty() ? "" : ": a .npz file holds .npy entries only, not " + others.get(0)));
        if (new HashSet<>(names).size() < names.size())
            throw new CheckpointException("there are two arrays of one name");
        return wanted.read(names);
    }

    /** Reads one array in the {@code .npy} format, of so many bytes; of one that is no numbers the header only. */
    static void readArray(String name, InputStream from, long bytes, WantedTensors wanted) throws IOException {
        DataInputStream in = new DataInputStream(from);
        String shown = WantedTensors.shown(name);
        boolean magic = true;
        for (byte b : MAGIC) magic &= in.readByte() == b;
        int major = in.readUnsignedByte();
        in.readUnsignedByte();
        if (!magic || major < 1 || major > 3) throw new CheckpointException(shown + " is not a NumPy array");
        int length = major == 1 ? Short.reverseBytes(in.readShort()) & 0xffff : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > HEADER_LIMIT)
            throw new CheckpointException(shown + " has a header of " + length + " bytes");
        byte[] text = in.readNBytes(length);
        if (text.length < length) throw new EOFException();
        Map<String, String> header = header(
                new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        if (header == null)
            throw new CheckpointException(shown + " has an unreadable header of " + length + " bytes");
        NumberFormat format = NumberFormat.ofNumPy(header.get("descr"));
        if (format == null) {
            wanted.leaveOut(name, header.get("descr"));
            return;
        }
        long[] shape = shape(shown, header.get("shape"));
        boolean columns = shape.length > 1 && header.get("fortran_order").equals("True");   // the first axis is fastest
        int size = wanted.size(name, shape, columns ? 2 : 1);
        long expected = MAGIC.length + (major == 1 ? 4 : 6) + length + (long) size * format.width;
        if (expected > bytes)
            throw new CheckpointException(
                    "the file ends in the middle of " + shown + ", after " + bytes + " of " + expected + " bytes");
        if (expected < bytes)
            throw new CheckpointException(shown + " goes on after the " + size + " numbers of its shape");
        ByteOrder order = header.get("descr").startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int rank = shape.length;
        int[] lengths = new int[rank], axes = new int[rank];
        for (int i = 0; i < rank; i++) {
            lengths[i] = (int) shape[columns ? rank - 1 - i : i];
            axes[i] = rank - 1 - i;
        }
        Tensor tensor = Tensor.of(format.read(in, size, order), lengths);
        wanted.put(name, columns ? tensor.permute(axes) : tensor);
    }

    /** The three pairs of a header, a dictionary as Python writes it, in any order; null where it is none. */
    private static Map<String, String> header(String text) {
        Map<String, String> pairs = new HashMap<>();
        int open = text.indexOf('{');
        if (open < 0 || !text.substring(0, open).isBlank()) return null;
        Matcher m = PAIR.matcher(text);
        int at = open + 1;
        for (; m.region(at, text.length()).lookingAt(); at = m.end()) {
            String before = m.group(1) != null
                    ? pairs.put("descr", m.group(2) != null ? m.group(2) : m.group(3))
                    : m.group(4) != null ? pairs.put("fortran_order", m.group(5)) : pairs.put("shape", m.group(7));
            if (before != null) return null;
        }
        return pairs.size() == 3 && text.substring(at).strip().equals("}") ? pairs : null;
    }

    /** {@code (3, 4)}; Python 2 writes {@code (3L, 4L)}. */
    private static long[] shape(String name, String text) {
        List<String> lengths = Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
        if (!lengths.stream().allMatch(s -> s.matches("[0-9]{1,10}L?")))
            throw new CheckpointException(name + " has an unreadable shape (" + text + ")");
        return lengths.stream().mapToLong(s -> Long.parseLong(s.replace("L", ""))).toArray();
    }
}
