package unroll.train;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import unroll.tensor.Npz;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** The files of a checkpoint. The JSON names its arrays' file and that one's sha256, and carries a sha256 of itself. */
final class CheckpointFiles {
    private static final int FORMAT = 1;
    private static final long JSON_LIMIT = 16 << 20, ARRAY_LIMIT = 1L << 31;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private CheckpointFiles() {
    }

    static Path write(Checkpoint c, Path folder, String name) {
        Path json = folder.resolve(name + ".json"), arrays = folder.resolve(name + "-" + c.batches() + ".npz");
        try {
            Files.createDirectories(folder);
            Map<String, Tensor> all = new LinkedHashMap<>();
            c.parameters().forEach((n, t) -> all.put("parameters/" + n, t));
            c.memory().forEach((n, t) -> all.put("memory/" + n, t));
            c.moments().forEach((n, t) -> all.put("moments/" + n, t));
            String sha = aside(arrays, out -> Npz.write(out, all));
            JsonObject content = describe(c, arrays.getFileName().toString(), sha);
            JsonObject whole = new JsonObject();
            whole.add("checkpoint", content);
            whole.addProperty("sha256", sha256(content.toString().getBytes(StandardCharsets.UTF_8)));
            aside(json, out -> out.write((GSON.toJson(whole) + "\n").getBytes(StandardCharsets.UTF_8)));
            removeOlder(folder, name, arrays);
            return json;
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be written (" + Checkpoint.reason(e)
                    + "). Is the folder writable, and is there room on the disk? "
                    + "The one written before, if any, is unchanged.", e);
        }
    }

    static Checkpoint read(Path folder, String name) {
        Path json = folder.resolve(name + ".json");
        try {
            if (!Files.exists(json)) throw new CheckpointException("Checkpoint " + json + " does not exist");
            if (Files.size(json) > JSON_LIMIT)
                throw new CheckpointException("Checkpoint " + json + " has " + Files.size(json) + " bytes: too large to be one");
            JsonObject whole = JsonParser.parseString(Files.readString(json)).getAsJsonObject(), content = whole.getAsJsonObject("checkpoint");
            if (content == null || whole.get("sha256") == null
                    || !sha256(content.toString().getBytes(StandardCharsets.UTF_8)).equals(whole.get("sha256").getAsString()))
                throw new CheckpointException("Checkpoint " + json + " is damaged: its own checksum does not hold");
            if (content.get("format").getAsInt() != FORMAT)
                throw new CheckpointException("Checkpoint " + json + " is of format " + content.get("format") + "; this version reads " + FORMAT);
            Path arrays = folder.resolve(Path.of(content.get("arrays").getAsString()).getFileName());
            if (Files.size(arrays) > 4 * ARRAY_LIMIT || Files.size(arrays) != content.get("arrayBytes").getAsLong())
                throw new CheckpointException("Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes instead of " + content.get("arrayBytes")
                        + ": it is cut off or damaged");
            byte[] bytes = Files.readAllBytes(arrays);
            if (!sha256(bytes).equals(content.get("arraysSha256").getAsString()))
                throw new CheckpointException("Checkpoint " + arrays + " is damaged: its checksum does not hold");
            return restore(content, Npz.read(new ByteArrayInputStream(bytes), ARRAY_LIMIT));
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be read (" + Checkpoint.reason(e) + ")", e);
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException | NumberFormatException
                | UnsupportedOperationException e) {
            throw new CheckpointException("Checkpoint " + json + " is damaged: it is not the JSON of a checkpoint (" + e.getMessage() + ")", e);
        }
    }

    private static JsonObject describe(Checkpoint c, String arrays, String sha) {
        JsonObject o = new JsonObject();
        o.addProperty("format", FORMAT);
        o.addProperty("model", c.model());
        o.addProperty("optimizer", c.optimizer());
        o.addProperty("step", c.step());
        o.addProperty("batches", c.batches());
        o.addProperty("best", Double.toString(c.best()));                  // as text: JSON has no infinity
        o.addProperty("waited", c.waited());
        o.addProperty("validated", c.validated());
        JsonObject generators = new JsonObject();
        c.generators().forEach((name, s) -> {
            JsonObject state = new JsonObject();
            state.add("key", new JsonPrimitive(Long.toHexString(s.key())));
            state.add("calls", new JsonPrimitive(s.calls()));
            generators.add(name, state);
        });
        o.add("generators", generators);
        o.addProperty("arrays", arrays);
        o.addProperty("arraysSha256", sha.substring(0, 64));
        o.addProperty("arrayBytes", Long.parseLong(sha.substring(65)));
        return o;
    }

    private static Checkpoint restore(JsonObject o, Map<String, Tensor> arrays) {
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> e : o.getAsJsonObject("generators").entrySet()) {
            JsonObject state = e.getValue().getAsJsonObject();
            generators.put(e.getKey(), new Rng.State(Long.parseUnsignedLong(state.get("key").getAsString(), 16), state.get("calls").getAsLong()));
        }
        return new Checkpoint(o.get("model").getAsString(), o.get("optimizer").getAsString(), o.get("step").getAsLong(), o.get("batches").getAsLong(),
                Double.parseDouble(o.get("best").getAsString()), o.get("waited").getAsInt(), o.get("validated").getAsLong(), under("parameters/", arrays), under("memory/", arrays),
                under("moments/", arrays),
                generators);
    }

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> arrays) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        arrays.forEach((name, t) -> {
            if (name.startsWith(prefix)) found.put(name.substring(prefix.length()), t);
        });
        return found;
    }

    @FunctionalInterface
    private interface Content {
        void to(OutputStream out) throws IOException;
    }

    /** Writes beside the target, to the disk, then renames; gives "sha256 bytes". Plain streams, since channels close when a thread is interrupted. */
    private static String aside(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".part");
        try {
            MessageDigest digest = digest();
            try (FileOutputStream file = new FileOutputStream(temporary.toFile());
                    OutputStream out = new DigestOutputStream(new BufferedOutputStream(file, 1 << 16), digest)) {
                content.to(out);
                out.flush();
                file.getFD().sync();
            }
            String sha = HexFormat.of().formatHex(digest.digest()) + " " + Files.size(temporary);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
            return sha;
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static void removeOlder(Path folder, String name, Path keep) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : (Iterable<Path>) files::iterator)
                if (!p.equals(keep) && p.getFileName().toString().matches(java.util.regex.Pattern.quote(name) + "-\\d+\\.npz"))
                    Files.deleteIfExists(p);
        }
    }

    private static String sha256(byte[] bytes) { return HexFormat.of().formatHex(digest().digest(bytes)); }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
