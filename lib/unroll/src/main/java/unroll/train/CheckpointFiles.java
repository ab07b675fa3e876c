package unroll.train;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import java.util.regex.Pattern;
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
    private static final long JSON_LIMIT = 16 << 20, ARRAY_LIMIT = Integer.MAX_VALUE - 8;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private CheckpointFiles() {
    }

    static Path write(Checkpoint c, Path folder, String name) {
        Path json = folder.resolve(name + ".json");
        try {
            Files.createDirectories(folder);
            Map<String, Tensor> all = new LinkedHashMap<>();
            c.parameters().forEach((n, t) -> all.put("parameters/" + n, t));
            c.memory().forEach((n, t) -> all.put("memory/" + n, t));
            c.moments().forEach((n, t) -> all.put("moments/" + n, t));
            Written written = aside(folder.resolve(name + ".npz.part"), out -> Npz.write(out, all));
            // Named by its content: until the JSON is renamed, the arrays that the JSON of before names are still there.
            Path arrays = folder.resolve(name + "-" + written.sha256().substring(0, 16) + ".npz");
            boolean isNew = !Files.exists(arrays);
            rename(written.file(), arrays);
            try {
                rename(aside(folder.resolve(name + ".json.part"), out -> out.write(describe(c, arrays, written))).file(), json);
            } catch (IOException e) {
                if (isNew) Files.deleteIfExists(arrays);
                throw e;
            }
            removeOlder(folder, name, arrays);
            return json;
        } catch (IOException | UncheckedIOException e) {
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
            if (Files.size(arrays) > ARRAY_LIMIT)
                throw new CheckpointException(
                        "Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes; at most " + ARRAY_LIMIT + " can be read");
            if (Files.size(arrays) != content.get("arrayBytes").getAsLong())
                throw new CheckpointException("Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes instead of " + content.get("arrayBytes")
                        + ": it is cut off or damaged");
            byte[] bytes = Files.readAllBytes(arrays);
            if (!sha256(bytes).equals(content.get("arraysSha256").getAsString()))
                throw new CheckpointException("Checkpoint " + arrays + " is damaged: its checksum does not hold");
            return restore(content, Npz.read(new ByteArrayInputStream(bytes), bytes.length / Float.BYTES));
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be read (" + Checkpoint.reason(e) + ")", e);
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException | ClassCastException | NullPointerException
                | UnsupportedOperationException e) {
            throw new CheckpointException("Checkpoint " + json + " is damaged: it is not the JSON of a checkpoint (" + e.getMessage() + ")", e);
        }
    }

    private static byte[] describe(Checkpoint c, Path arrays, Written written) {
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
        o.addProperty("arrays", arrays.getFileName().toString());
        o.addProperty("arraysSha256", written.sha256());
        o.addProperty("arrayBytes", written.bytes());
        JsonObject whole = new JsonObject();
        whole.add("checkpoint", o);
        whole.addProperty("sha256", sha256(o.toString().getBytes(StandardCharsets.UTF_8)));
        return (GSON.toJson(whole) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Checkpoint restore(JsonObject o, Map<String, Tensor> arrays) {
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> e : o.getAsJsonObject("generators").entrySet()) {
            JsonObject state = e.getValue().getAsJsonObject();
            generators.put(e.getKey(), new Rng.State(Long.parseUnsignedLong(state.get("key").getAsString(), 16), state.get("calls").getAsLong()));
        }
        return new Checkpoint(o.get("model").getAsString(), o.get("optimizer").getAsString(), o.get("step").getAsLong(), o.get("batches").getAsLong(),
                Double.parseDouble(o.get("best").getAsString()), o.get("waited").getAsInt(), o.get("validated").getAsLong(),
                under("parameters/", arrays), under("memory/", arrays),
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

    /** A file that is on the disk as a whole. */
    private record Written(Path file, String sha256, long bytes) {
    }

    /** Plain streams, since channels close when their thread is interrupted. */
    private static Written aside(Path file, Content content) throws IOException {
        MessageDigest digest = digest();
        try (FileOutputStream plain = new FileOutputStream(file.toFile());
                OutputStream out = new DigestOutputStream(new BufferedOutputStream(plain, 1 << 16), digest)) {
            content.to(out);
            out.flush();
            plain.getFD().sync();
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Written(file, HexFormat.of().formatHex(digest.digest()), Files.size(file));
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(from);
            throw e;
        }
    }

    private static void removeOlder(Path folder, String name, Path keep) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : (Iterable<Path>) files::iterator)
                if (!p.equals(keep) && p.getFileName().toString().matches(Pattern.quote(name) + "-[0-9a-f]{16}\\.npz")) Files.deleteIfExists(p);
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
