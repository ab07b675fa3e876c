package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

/**
 * Named tensors, and texts that tell of them, in the {@code .safetensors} format: the length of a header, the header
 * {@code {"__metadata__": {"epoch": "3"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}} in JSON,
 * then the numbers of all tensors behind each other.
 *
 * <pre>{@code
 * Safetensors.write(Path.of("lstm.safetensors"), Map.of("w", w, "b", b), Map.of("epoch", "3"));
 * Safetensors.Content read = Safetensors.read(Path.of("lstm.safetensors"));
 * read.tensors().get("w");
 * read.metadata().get("epoch");                                     // "3"
 * }</pre>
 *
 * Types of numbers are those of {@link TensorFile}; what is written is F32.
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";
    /** More than the header of a model with a hundred thousand tensors. */
    private static final long HEADER_LIMIT = 16 << 20;

    /** What a file holds: its tensors in the order of their numbers, and its texts. */
    public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {
    }

    /** One tensor of a header: {@code from} and {@code to} count bytes after it. */
    private record Entry(String name, String type, long[] dimensions, long from, long to) {
    }

    private Safetensors() {
    }

    /**
     * Writes the tensors in the order of the map, beside the file first and renamed when whole.
     *
     * @throws CheckpointException if that fails; what was there before is unchanged
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        TensorFile.write(file, out -> write(out, tensors, metadata));
    }

    /** The same to a stream, which stays open. */
    public static void write(OutputStream to, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        JsonObject header = new JsonObject(), texts = new JsonObject();
        metadata.forEach(texts::addProperty);
        if (!metadata.isEmpty()) header.add(METADATA, texts);
        long at = 0;
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            if (e.getKey().equals(METADATA))
                throw new IllegalArgumentException("Safetensors: a tensor cannot be named " + METADATA
                        + "; the format uses that name itself");
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
            throw new CheckpointException("the header of " + tensors.size() + " tensors and " + metadata.size()
                    + " texts has more than " + HEADER_LIMIT + " bytes");
        byte[] padded = Arrays.copyOf(json, length);                       // the numbers begin at a multiple of 8
        Arrays.fill(padded, json.length, length, (byte) ' ');
        BufferedOutputStream out = new BufferedOutputStream(to, 1 << 16);
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        out.write(padded);
        for (Tensor t : tensors.values()) NumberFormat.write(out, t.values());
        out.flush();
    }

    /**
     * Reads all of a file.
     *
     * @throws CheckpointException if it cannot be read, is not of the format, is cut off or states more numbers than
     *     fit into memory
     */
    public static Content read(Path file) {
        return TensorFile.open(file, open -> read(new FileInputStream(open.getFD()), open.length(),
                new WantedTensors(Set.of(), WantedTensors.heapLimit())));
    }

    /** @param bytes of the whole file */
    static Content read(InputStream from, long bytes, WantedTensors wanted) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from, 1 << 16));
        byte[] json = header(in);
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = inOrder(parse(json, metadata));
        long end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).to;
        if (bytes - 8 - json.length != end)
            throw new CheckpointException(
                    "its header tells of " + end + " bytes of numbers but " + (bytes - 8 - json.length) + " follow");
        for (Entry e : entries) if (!read(e, in, wanted)) in.skipNBytes(e.to - e.from);
        return new Content(wanted.read(entries.stream().map(Entry::name).toList()), metadata);
    }

    private static boolean read(Entry e, DataInputStream in, WantedTensors wanted) throws IOException {
        NumberFormat format = NumberFormat.of(e.type);
        if (!wanted.wants(e.name)) return false;
        if (format == null) {
            wanted.leaveOut(e.name, e.type);
            return false;
        }
        int size = wanted.size(e.name, e.dimensions, 1);
        long needed = (long) size * format.width;
        if (e.to - e.from != needed)
            throw new CheckpointException(WantedTensors.shown(e.name) + " of shape " + Arrays.toString(e.dimensions)
                    + " needs " + needed + " bytes of " + e.type + " but has those from " + e.from + " to " + e.to);
        int[] shape = Arrays.stream(e.dimensions).mapToInt(n -> (int) n).toArray();
        wanted.put(e.name, Tensor.of(format.read(in, size, ByteOrder.LITTLE_ENDIAN), shape));
        return true;
    }

    private static byte[] header(DataInputStream in) throws IOException {
        byte[] first = in.readNBytes(8);
        if (first.length < 8)
            throw new CheckpointException("not a .safetensors file: it has " + first.length + " bytes");
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > HEADER_LIMIT)
            throw new CheckpointException("not a .safetensors file: a header of " + Long.toUnsignedString(length)
                    + " bytes; expected 2 to " + HEADER_LIMIT);
        byte[] json = in.readNBytes((int) length);
        if (json.length < length)
            throw new CheckpointException(
                    "the file ends after " + json.length + " of the " + length + " bytes of its header");
        return json;
    }

    /** The tensors as their numbers lie in the file: one begins where the one before it ends. */
    private static List<Entry> inOrder(List<Entry> entries) {
        entries.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
        long at = 0;
        for (Entry e : entries) {
            String name = WantedTensors.shown(e.name);
            if (e.to < e.from)
                throw new CheckpointException(name + " has the bytes from " + e.from + " to " + e.to);
            if (e.from != at)
                throw new CheckpointException(name + " begins at byte " + e.from
                        + (e.from < at ? ", within the tensor before it" : " but the tensor before it ends") + " at "
                        + at);
            at = e.to;
        }
        return entries;
    }

    private static List<Entry> parse(byte[] header, Map<String, String> metadata) {
        if (header[0] != '{')
            throw new CheckpointException("not a .safetensors file: its header is not a JSON object");
        try (JsonReader json = new JsonReader(
                new StringReader(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString()))) {
            json.setStrictness(Strictness.STRICT);
            List<Entry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (!names.add(name))
                    throw new CheckpointException("there are two tensors " + WantedTensors.shown(name));
                if (!name.equals(METADATA)) entries.add(entry(name, json));
                else
                    texts(json, metadata);
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT)
                throw new CheckpointException("its header goes on after the JSON object");
            return entries;
        } catch (CharacterCodingException e) {
            throw new CheckpointException("its header is not UTF-8", e);
        } catch (IOException | IllegalStateException e) {
            throw new CheckpointException("its header is not the JSON of this format: "
                    + WantedTensors.shown(String.valueOf(e.getMessage()).lines().findFirst().orElse("")), e);
        }
    }

    private static void texts(JsonReader json, Map<String, String> into) throws IOException {
        json.beginObject();
        while (json.hasNext()) into.put(json.nextName(), json.nextString());
        json.endObject();
    }

    private static Entry entry(String name, JsonReader json) throws IOException {
        String type = null;
        long[] shape = null, offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = numbers(name, json);
                case "data_offsets" -> offsets = numbers(name, json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null || offsets.length != 2)
            throw new CheckpointException(
                    WantedTensors.shown(name) + " lacks its dtype, its shape or its two data_offsets");
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(String name, JsonReader json) throws IOException {
        List<Long> all = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            String text = json.peek() == JsonToken.NUMBER ? json.nextString() : json.peek().toString();
            if (!text.matches("[0-9]{1,18}"))
                throw new CheckpointException(WantedTensors.shown(name)
                        + ": expected a number that is not negative but got " + WantedTensors.shown(text));
            all.add(Long.parseLong(text));
        }
        json.endArray();
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
