package unroll.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import unroll.tensor.Npz;
import unroll.tensor.Tensor;

/** The files of a checkpoint. The JSON names its arrays' file and that one's sha256, and carries a sha256 of itself. */
final class CheckpointFiles {
    private static final long JSON_LIMIT = 16 << 20, ARRAY_LIMIT = Integer.MAX_VALUE - 8;
    /** What an array takes in the file besides its numbers and its name, at most. */
    private static final int ENTRY_BYTES = 512;

    private CheckpointFiles() {
    }

    static Path write(Checkpoint c, Path folder, String name) {
        Path json = folder.resolve(name + ".json");
        try {
            Map<String, Tensor> all = CheckpointJson.arrays(c);
            requireRoom(json, all);
            Files.createDirectories(folder);
            WrittenFile written = WrittenFile.aside(folder.resolve(name + ".npz.part"), out -> Npz.write(out, all));
            // Named by its content: until the JSON is renamed, the arrays that the JSON of before names are still there.
            Path arrays = folder.resolve(name + "-" + written.sha256().substring(0, 16) + ".npz");
            boolean isNew = !Files.exists(arrays);
            written.rename(arrays);
            try {
                WrittenFile.aside(folder.resolve(name + ".json.part"), out -> out.write(CheckpointJson.describe(c, arrays, written))).rename(json);
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

    /** What could not be read again is not written. */
    private static void requireRoom(Path json, Map<String, Tensor> arrays) {
        long bytes = 0;
        for (Map.Entry<String, Tensor> e : arrays.entrySet())
            bytes += (long) Float.BYTES * e.getValue().size() + ENTRY_BYTES + 6L * e.getKey().length();
        bytes += bytes >> 6;                                               // zip cuts into blocks what it does not compress
        if (bytes > ARRAY_LIMIT)
            throw new CheckpointException("Checkpoint " + json + " is not written: its arrays would take about " + bytes + " bytes, and at most "
                    + ARRAY_LIMIT + " can be read. Make the model smaller, or write its weights without the optimizer: Checkpoint.of(model)");
    }

    /** Removes a checkpoint, its JSON first, so that what is left of it is none. */
    static void remove(Path folder, String name) {
        try {
            Files.deleteIfExists(folder.resolve(name + ".json"));
            removeOlder(folder, name, null);
        } catch (IOException | UncheckedIOException e) {
            throw new CheckpointException("Checkpoint " + folder.resolve(name + ".json") + " of an earlier run cannot be removed ("
                    + Checkpoint.reason(e) + "). Is the folder writable?", e);
        }
    }

    static Checkpoint read(Path folder, String name) {
        Path json = folder.resolve(name + ".json");
        try {
            if (!Files.exists(json)) throw new CheckpointException("Checkpoint " + json + " does not exist");
            if (Files.size(json) > JSON_LIMIT)
                throw new CheckpointException("Checkpoint " + json + " has " + Files.size(json) + " bytes: too large to be one");
            JsonObject content = CheckpointJson.parse(json, Files.readString(json));
            Path arrays = folder.resolve(Path.of(content.get("arrays").getAsString()).getFileName());
            if (Files.size(arrays) > ARRAY_LIMIT)
                throw new CheckpointException(
                        "Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes; at most " + ARRAY_LIMIT + " can be read");
            if (Files.size(arrays) != content.get("arrayBytes").getAsLong())
                throw new CheckpointException("Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes instead of " + content.get("arrayBytes")
                        + ": it is cut off or damaged");
            byte[] bytes = Files.readAllBytes(arrays);
            if (!WrittenFile.sha256(bytes).equals(content.get("arraysSha256").getAsString()))
                throw new CheckpointException("Checkpoint " + arrays + " is damaged: its checksum does not hold");
            return CheckpointJson.restore(content, Npz.read(bytes, bytes.length / Float.BYTES));
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be read (" + Checkpoint.reason(e) + ")", e);
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException | ClassCastException | NullPointerException
                | UnsupportedOperationException e) {
            throw new CheckpointException("Checkpoint " + json + " is damaged: it is not the JSON of a checkpoint (" + e.getMessage() + ")", e);
        }
    }

    private static void removeOlder(Path folder, String name, Path keep) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : (Iterable<Path>) files::iterator)
                if (!p.equals(keep) && p.getFileName().toString().matches(Pattern.quote(name) + "-[0-9a-f]{16}\\.npz")) Files.deleteIfExists(p);
        }
    }
}
