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
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/**
 * Named tensors in the {@code .safetensors} format: the length of a header, the header in JSON, then the numbers of all tensors behind each other.
 * Reads F64, F32, F16 and BF16 and writes F32.
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
        JsonObject header = new JsonObject();
        long at = 0;
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            if (e.getKey().equals(SafetensorsHeader.METADATA))
                throw new IllegalArgumentException(
                        Message.of("Safetensors: a tensor cannot be named " + e.getKey() + "; the format uses that name itself"));
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
            throw new SafetensorsException("the header of " + tensors.size() + " tensors has more than " + HEADER_LIMIT + " bytes");
        byte[] padded = Arrays.copyOf(json, length);                       // the numbers begin at a multiple of 8
        Arrays.fill(padded, json.length, length, (byte) ' ');
        BufferedOutputStream out = new BufferedOutputStream(to, 1 << 16);
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        out.write(padded);
        for (Tensor t : tensors.values()) FloatFormat.write(out, t.values());
        out.flush();
    }

    /**
     * Reads all tensors, as many numbers in all as {@code limit} says, in the order of their numbers in the file. A file that is not of the format,
     * is cut off or holds more gives a {@link SafetensorsException}, before more memory than a few times its bytes is taken.
     */
    public static Map<String, Tensor> read(InputStream from, long limit) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from, 1 << 16));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry e : header(in).inOrder(limit)) {
            try {
                tensors.put(e.name(), Tensor.of(e.format().read(in, e.size()), e.shape()));
            } catch (EOFException end) {
                throw new SafetensorsException("the file ends in the middle of " + e.name(), end);
            }
        }
        if (in.read() >= 0) throw new SafetensorsException("the file goes on after the tensors of its header");
        return tensors;
    }

    private static SafetensorsHeader header(DataInputStream in) throws IOException {
        byte[] first = in.readNBytes(8);
        if (first.length < 8) throw new SafetensorsException("not a .safetensors file: it has " + first.length + " bytes");
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > HEADER_LIMIT)
            throw new SafetensorsException(
                    "not a .safetensors file: a header of " + Long.toUnsignedString(length) + " bytes; expected 2 to " + HEADER_LIMIT);
        byte[] json = in.readNBytes((int) length);
        if (json.length < length) throw new SafetensorsException("the file ends after " + json.length + " of the " + length + " bytes of its header");
        return SafetensorsHeader.parse(json);
    }
}
