package unroll.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import unroll.tensor.CheckpointException;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The JSON of a checkpoint: all of it that is not an array, the name and sha256 of the arrays' file, and a sha256 of
 * itself.
 */
final class CheckpointJson {
    private static final int FORMAT = 2;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private CheckpointJson() {
    }

    /** The arrays of a checkpoint, as they are named in their file. */
    static Map<String, Tensor> arrays(Checkpoint c) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        c.parameters().forEach((n, t) -> all.put("parameters/" + n, t));
        c.memory().forEach((n, t) -> all.put("memory/" + n, t));
        c.moments().forEach((n, t) -> all.put("moments/" + n, t));
        return all;
    }

    /** The content, after proving its checksum. */
    static JsonObject parse(Path json, String text) {
        JsonObject whole = JsonParser.parseString(text).getAsJsonObject(),
                content = whole.getAsJsonObject("checkpoint");
        if (content == null || whole.get("sha256") == null
                || !WrittenFile.sha256(content.toString().getBytes(StandardCharsets.UTF_8))
                        .equals(whole.get("sha256").getAsString()))
            throw new CheckpointException("Checkpoint " + json + " is damaged: its own checksum does not hold");
        if (content.get("format").getAsInt() != FORMAT)
            throw new CheckpointException(
                    "Checkpoint " + json + " is of format " + content.get("format") + "; this version reads " + FORMAT);
        return content;
    }

    static byte[] describe(Checkpoint c, Path arrays, WrittenFile written) {
        JsonObject o = new JsonObject();
        o.addProperty("format", FORMAT);
        o.addProperty("model", c.model());
        o.add("structure", GSON.toJsonTree(c.structure()));
        o.addProperty("optimizer", c.optimizer());
        o.addProperty("step", c.step());
        o.addProperty("batches", c.batches());
        o.addProperty("best", Double.toString(c.best()));                  // as text: JSON has no infinity
        o.addProperty("waited", c.waited());
        o.addProperty("validated", c.validated());
        JsonObject data = new JsonObject();
        data.addProperty("perEpoch", c.data().perEpoch());
        data.addProperty("firstBatch", c.data().firstBatch());
        data.addProperty("batches", c.data().batches());
        o.add("data", data);
        o.add("settings", GSON.toJsonTree(c.settings()));
        JsonObject generators = new JsonObject();
        c.generators().forEach((name, s) -> {
            JsonObject state = new JsonObject();
            state.add("key", new JsonPrimitive(Long.toHexString(s.key())));
            state.add("calls", new JsonPrimitive(s.calls()));
            generators.add(name, state);
        });
        o.add("generators", generators);
        o.addProperty("arrays", arrays.getFileName().toString());
        o.addProperty("arraysSha256", written.sha256());
        o.addProperty("arrayBytes", written.bytes());
        JsonObject whole = new JsonObject();
        whole.add("checkpoint", o);
        whole.addProperty("sha256", WrittenFile.sha256(o.toString().getBytes(StandardCharsets.UTF_8)));
        return (GSON.toJson(whole) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static Checkpoint restore(JsonObject o, Map<String, Tensor> arrays) {
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> e : o.getAsJsonObject("generators").entrySet()) {
            JsonObject state = e.getValue().getAsJsonObject();
            generators.put(e.getKey(),
                    new Rng.State(Long.parseUnsignedLong(state.get("key").getAsString(), 16), whole(state, "calls")));
        }
        JsonObject data = o.getAsJsonObject("data");
        return new Checkpoint(o.get("model").getAsString(), texts(o, "structure"), o.get("optimizer").getAsString(),
                whole(o, "step"),
                whole(o, "batches"),
                Double.parseDouble(o.get("best").getAsString()), small(o, "waited"), whole(o, "validated"),
                new Checkpoint.Data(small(data, "perEpoch"), data.get("firstBatch").getAsString(),
                        data.get("batches").getAsString()),
                texts(o, "settings"),
                under("parameters/", arrays), under("memory/", arrays),
                under("moments/", arrays),
                generators);
    }

    private static Map<String, String> texts(JsonObject o, String name) {
        Map<String, String> all = new LinkedHashMap<>();
        o.getAsJsonObject(name).entrySet().forEach(e -> all.put(e.getKey(), e.getValue().getAsString()));
        return all;
    }

    /** A number as it stands there: what Gson makes of 1.5 or 1e30 is another one. */
    static long whole(JsonObject o, String name) {
        return Long.parseLong(o.getAsJsonPrimitive(name).getAsString());
    }

    private static int small(JsonObject o, String name) {
        return Math.toIntExact(whole(o, name));
    }

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> arrays) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        arrays.forEach((name, t) -> {
            if (name.startsWith(prefix)) found.put(name.substring(prefix.length()), t);
        });
        return found;
    }
}
