package unroll.tensor;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

/**
 * The header of a {@code .safetensors} file: {@code {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
 * …}}.
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    /** What the format calls its own entry, a map of texts. */
    static final String METADATA = "__metadata__";

    /** One tensor: {@code from} and {@code to} count bytes after the header. */
    record Entry(String name, String type, long[] dimensions, long from, long to) {
        NumberFormat format() { return NumberFormat.of(type); }

        long bytes() { return to - from; }

        int[] shape() { return Arrays.stream(dimensions).mapToInt(n -> (int) n).toArray(); }
    }

    /** The entries as their numbers lie in the file: one begins where the one before it ends. */
    List<Entry> inOrder() throws SafetensorsException {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
        long at = 0;
        for (Entry e : sorted) {
            String name = WantedTensors.shown(e.name());
            if (e.to() < e.from())
                throw new SafetensorsException(name + " has the bytes from " + e.from() + " to " + e.to());
            if (e.from() != at)
                throw new SafetensorsException(name + " begins at byte " + e.from()
                        + (e.from() < at ? ", within the tensor before it" : " but the tensor before it ends") + " at "
                        + at);
            at = e.to();
        }
        return sorted;
    }

    static SafetensorsHeader parse(byte[] bytes) throws IOException {
        if (bytes[0] != '{') throw new SafetensorsException("not a .safetensors file: its header is not a JSON object");
        try (JsonReader json = new JsonReader(
                new StringReader(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()))) {
            json.setStrictness(Strictness.STRICT);
            List<Entry> entries = new ArrayList<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            Set<String> names = new HashSet<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (!names.add(name))
                    throw new SafetensorsException("there are two tensors " + WantedTensors.shown(name));
                if (name.equals(METADATA)) texts(json, metadata);
                else
                    entries.add(entry(name, json));
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT)
                throw new SafetensorsException("its header goes on after the JSON object");
            return new SafetensorsHeader(entries, metadata);
        } catch (CharacterCodingException e) {
            throw new SafetensorsException("its header is not UTF-8", e);
        } catch (SafetensorsException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw new SafetensorsException("its header is not the JSON of this format: "
                    + WantedTensors.shown(String.valueOf(e.getMessage()).lines().findFirst().orElse("")), e);
        }
    }

    /** Files of others may hold what is no text there. */
    private static void texts(JsonReader json, Map<String, String> texts) throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            json.skipValue();
            return;
        }
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (json.peek() == JsonToken.STRING) texts.put(name, json.nextString());
            else
                json.skipValue();
        }
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
            throw new SafetensorsException(
                    WantedTensors.shown(name) + " lacks its dtype, its shape or its two data_offsets");
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(String name, JsonReader json) throws IOException {
        List<Long> all = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (json.peek() != JsonToken.NUMBER)
                throw new SafetensorsException(
                        WantedTensors.shown(name) + ": expected a number but got " + json.peek());
            String text = json.nextString();
            if (!text.matches("[0-9]{1,18}"))
                throw new SafetensorsException(
                        WantedTensors.shown(name) + ": expected a number that is not negative but got "
                                + WantedTensors.shown(text));
            all.add(Long.parseLong(text));
        }
        json.endArray();
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
