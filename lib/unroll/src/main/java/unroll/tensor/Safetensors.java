package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/**
 * Named tensors in the {@code .safetensors} format: the length of a header, the header in JSON, then the numbers of all
 * tensors behind each other. Reads floats (F64, F32, F16, BF16), integers of 8 to 64 bits and BOOL, each number as the
 * float nearest to it: integers are exact up to 2<sup>24</sup>. Tensors of other types, such as F8_E4M3 and C64, are
 * left out. Writes F32.
 *
 * <pre>{@code
 * Safetensors.write(out, Map.of("w", w, "b", b));
 * Map<String, Tensor> tensors = Safetensors.read(in, 1_000_000);   // at most a million numbers
 * }</pre>
 *
 * {@link TensorFile} does the same with the path of a file.
 */
public final class Safetensors {
    /** More than the header of a model with a hundred thousand tensors. */
    private static final long HEADER_LIMIT = 16 << 20;

    private Safetensors() {
    }

    /** Writes the tensors in the order of the map. The stream stays open. */
    public static void write(OutputStream to, Map<String, Tensor> tensors) throws IOException {
        write(to, Map.of(), tensors);
    }

    /** The same with texts, which are the first that stands in the header: {@link #metadata}. */
    public static void write(OutputStream to, Map<String, String> metadata, Map<String, Tensor> tensors)
            throws IOException {
        JsonObject header = new JsonObject(), texts = new JsonObject();
        metadata.forEach(texts::addProperty);
        if (!metadata.isEmpty()) header.add(SafetensorsHeader.METADATA, texts);
        long at = 0;
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            if (e.getKey().equals(SafetensorsHeader.METADATA))
                throw new IllegalArgumentException(
                        Message.of("Safetensors: a tensor cannot be named " + e.getKey()
                                + "; the format uses that name itself"));
            JsonArray shape = new JsonArray(), offsets = new JsonArray();
            for (int n : e.getValue().shape()) shape.add(n);
            offsets.add(at);
            offsets.add(at += 4L * e.getValue().size());
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", "F32");
            entry.add("shape", shape);
            entry.add("data_offsets", offsets);
            header.add(e.getKey(), entry);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int length = (json.length + 7) / 8 * 8;
        if (length > HEADER_LIMIT)
            throw new SafetensorsException(
                    "the header of " + tensors.size() + " tensors has more than " + HEADER_LIMIT + " bytes");
        byte[] padded = Arrays.copyOf(json, length);                       // the numbers begin at a multiple of 8
        Arrays.fill(padded, json.length, length, (byte) ' ');
        BufferedOutputStream out = new BufferedOutputStream(to, 1 << 16);
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        out.write(padded);
        for (Tensor t : tensors.values()) NumberFormat.write(out, t.values());
        out.flush();
    }

    /** The texts in the header of a file; what is no text there is left out. */
    public static Map<String, String> metadata(InputStream from) throws IOException {
        return SafetensorsHeader.parse(header(new DataInputStream(from))).metadata();
    }

    /**
     * Reads all tensors, as many numbers in all as {@code limit} says, in the order of their numbers in the file. A
     * file that is not of the format, is cut off or holds more gives a {@link SafetensorsException}, before more memory
     * than a few times its bytes is taken.
     */
    public static Map<String, Tensor> read(InputStream from, long limit) throws IOException {
        return read(from, -1, new WantedTensors(Set.of(), limit, SafetensorsException::new));
    }

    /** @param bytes of the whole file, or -1 where nobody knows */
    static Map<String, Tensor> read(InputStream from, long bytes, WantedTensors wanted) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from, 1 << 16));
        byte[] json = header(in);
        List<SafetensorsHeader.Entry> entries = SafetensorsHeader.parse(json).inOrder();
        long end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).to();
        if (bytes >= 0 && bytes - 8 - json.length != end)
            throw new SafetensorsException(
                    "its header tells of " + end + " bytes of numbers but " + (bytes - 8 - json.length) + " follow");
        for (SafetensorsHeader.Entry e : entries) {
            try {
                if (!read(e, in, bytes >= 0, wanted)) in.skipNBytes(e.bytes());
            } catch (EOFException tooShort) {
                throw new SafetensorsException("the file ends in the middle of " + WantedTensors.shown(e.name()),
                        tooShort);
            }
        }
        if (in.read() >= 0) throw new SafetensorsException("the file goes on after the tensors of its header");
        return wanted.read(entries.stream().map(SafetensorsHeader.Entry::name).toList());
    }

    private static boolean read(SafetensorsHeader.Entry e, DataInputStream in, boolean known, WantedTensors wanted)
            throws IOException {
        if (!wanted.wants(e.name())) return false;
        if (e.format() == null) {
            wanted.leaveOut(e.name(), e.type());
            return false;
        }
        int size = wanted.size(e.name(), e.dimensions(), 1);
        long needed = (long) size * e.format().width;
        if (e.bytes() != needed)
            throw new SafetensorsException(
                    WantedTensors.shown(e.name()) + " of shape " + Arrays.toString(e.dimensions()) + " needs " + needed
                            + " bytes of " + e.type() + " but has those from " + e.from() + " to " + e.to());
        wanted.put(e.name(), Tensor.of(e.format().read(in, size, ByteOrder.LITTLE_ENDIAN, known), e.shape()));
        return true;
    }

    private static byte[] header(DataInputStream in) throws IOException {
        byte[] first = in.readNBytes(8);
        if (first.length < 8)
            throw new SafetensorsException("not a .safetensors file: it has " + first.length + " bytes");
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > HEADER_LIMIT)
            throw new SafetensorsException(
                    "not a .safetensors file: a header of " + Long.toUnsignedString(length) + " bytes; expected 2 to "
                            + HEADER_LIMIT);
        byte[] json = in.readNBytes((int) length);
        if (json.length < length)
            throw new SafetensorsException(
                    "the file ends after " + json.length + " of the " + length + " bytes of its header");
        return json;
    }
}
