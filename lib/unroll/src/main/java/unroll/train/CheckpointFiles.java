package unroll.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import unroll.tensor.CheckpointException;
import unroll.tensor.Npz;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

/** The files of a checkpoint. The JSON names its arrays' file and that one's sha256, and carries a sha256 of itself. */
final class CheckpointFiles {
    private static final long JSON_LIMIT = 16 << 20, ARRAY_LIMIT = Integer.MAX_VALUE - 8;
    private static final int RETRIES = 100;
    private static final String ARRAYS = "-[0-9a-f]{16}\\.npz";
    /** What an array takes in the file besides its numbers and its name, at most. */
    private static final int ENTRY_BYTES = 512;

    private CheckpointFiles() {
    }

    /** The JSON of a checkpoint: its name is one of a file, not a way to another folder. */
    static Path json(Path folder, String name) {
        if (name.isBlank() || name.length() > 100 || name.contains("/") || name.contains("\\") || name.contains("..")
                || name.chars().anyMatch(Character::isISOControl))
            throw new CheckpointException("Checkpoint: expected a name like last, which becomes a file's, but got \""
                    + name.replaceAll("\\p{Cntrl}", "?") + "\"");
        return folder.resolve(name + ".json");
    }

    /**
     * One writer at a time: two with equal weights give their arrays one name, and the one that goes on would remove
     * what the other has just named. (Runs in several processes have a {@link FolderLock}.)
     */
    static synchronized Path write(Checkpoint c, Path folder, String name) {
        Path json = json(folder, name);
        try {
            Map<String, Tensor> all = CheckpointJson.arrays(c);
            requireRoom(json, all);
            Files.createDirectories(folder);
            Path before = arraysOf(folder, name);
            WrittenFile written = WrittenFile.aside(folder.resolve(name + ".npz"), out -> Npz.write(out, all));
            // Named by its content: until the JSON is renamed, the arrays that the JSON of before names are still
            // there.
            Path arrays = folder.resolve(name + "-" + written.sha256().substring(0, 16) + ".npz");
            boolean isNew = !Files.exists(arrays);
            written.rename(arrays);
            try {
                WrittenFile.aside(json, out -> out.write(CheckpointJson.describe(c, arrays, written))).rename(json);
            } catch (IOException e) {
                if (isNew && !arrays.equals(arraysOf(folder, name))) Files.deleteIfExists(arrays);
                throw e;
            }
            // Only those that it had named itself: others may be another writer's, whose JSON is yet to come.
            if (before != null && !before.equals(arraysOf(folder, name))) Files.deleteIfExists(before);
            return json;
        } catch (IOException | UncheckedIOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be written (" + Checkpoint.reason(e)
                    + "). Is the folder writable, and is there room on the disk? "
                    + "The one written before, if any, is unchanged.", e);
        }
    }

    /** What could not be read again is not written. */
    private static void requireRoom(Path json, Map<String, Tensor> arrays) {
        if (arrays.isEmpty())
            throw new CheckpointException(
                    "Checkpoint " + json + " is not written: the model has neither weights nor buffers");
        long bytes = 0;
        for (Map.Entry<String, Tensor> e : arrays.entrySet())
            bytes += (long) Float.BYTES * e.getValue().size() + ENTRY_BYTES + 6L * e.getKey().length();
        // zip cuts into blocks what it does not compress
        bytes += bytes >> 6;
        if (bytes > ARRAY_LIMIT)
            throw new CheckpointException("Checkpoint " + json + " is not written: its arrays would take about " + bytes
                    + " bytes, and at most "
                    + ARRAY_LIMIT
                    + " can be read. Make the model smaller, or write its weights without the optimizer: "
                    + "Checkpoint.of(model)");
    }

    /** Removes a checkpoint, its JSON first, so that what is left of it is none. */
    static void remove(Path folder, String name) {
        try {
            Files.deleteIfExists(folder.resolve(name + ".json"));
            tidy(folder, name);
        } catch (IOException | UncheckedIOException e) {
            throw new CheckpointException(
                    "Checkpoint " + folder.resolve(name + ".json") + " of an earlier run cannot be removed ("
                            + Checkpoint.reason(e) + "). Is the folder writable?",
                    e);
        }
    }

    static Checkpoint read(Path folder, String name) {
        Path json = json(folder, name);
        try {
            if (!Files.exists(json)) throw new CheckpointException("Checkpoint " + json + " does not exist");
            if (Files.size(json) > JSON_LIMIT)
                throw new CheckpointException(
                        "Checkpoint " + json + " has " + Files.size(json) + " bytes: too large to be one");
            for (int retry = 0;; retry++) {
                String text = Files.readString(json);
                try {
                    return read(folder, json, text);
                    // a writer has put newer arrays in their place meanwhile
                } catch (NoSuchFileException e) {
                    if (retry == RETRIES || text.equals(Files.readString(json))) throw e;
                }
            }
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + json + " cannot be read (" + Checkpoint.reason(e) + ")", e);
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException | ArithmeticException
                | ClassCastException
                | NullPointerException
                | UnsupportedOperationException e) {
            throw new CheckpointException(
                    "Checkpoint " + json + " is damaged: it is not the JSON of a checkpoint (" + e.getMessage() + ")",
                    e);
        }
    }

    private static Checkpoint read(Path folder, Path json, String text) throws IOException {
        JsonObject content = CheckpointJson.parse(json, text);
        Path arrays = arrays(folder, content);
        if (Files.size(arrays) > ARRAY_LIMIT)
            throw new CheckpointException(
                    "Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes; at most " + ARRAY_LIMIT
                            + " can be read");
        if (Files.size(arrays) != CheckpointJson.whole(content, "arrayBytes"))
            throw new CheckpointException("Checkpoint " + arrays + " has " + Files.size(arrays) + " bytes instead of "
                    + content.get("arrayBytes")
                    + ": it is cut off or damaged");
        byte[] bytes = Files.readAllBytes(arrays);
        if (!WrittenFile.sha256(bytes).equals(content.get("arraysSha256").getAsString()))
            throw new CheckpointException("Checkpoint " + arrays + " is damaged: its checksum does not hold");
        Checkpoint read = CheckpointJson.restore(content, TensorFile.read(arrays));
        Checkpoint.infinite(read.parameters(), read.moments()).ifPresent(what -> {
            throw new CheckpointException(
                    "Checkpoint " + arrays + " is damaged: the " + what + " are not finite, and such are not written");
        });
        return read;
    }

    /**
     * Removes what killed processes left: half written files, and arrays that no JSON names. Only for a run that has
     * the folder to itself.
     */
    static void tidy(Path folder, String name) {
        Path json = folder.resolve(name + ".json"), keep = arraysOf(folder, name);
        // it is damaged: whoever mends it wants its arrays
        if (keep == null && Files.exists(json)) return;
        String left = Pattern.quote(name) + "(" + ARRAYS + "|\\.(npz|json)\\.\\d+-\\d+\\.part)";
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : (Iterable<Path>) files::iterator)
                if (!p.equals(keep) && p.getFileName().toString().matches(left)) Files.deleteIfExists(p);
        } catch (IOException | UncheckedIOException e) {
            throw new CheckpointException("Checkpoint folder " + folder
                    + ": what an earlier run left cannot be removed (" + Checkpoint.reason(e)
                    + "). Is the folder writable?", e);
        }
    }

    /** The arrays that a JSON names; null where there is none or it is damaged. */
    private static Path arraysOf(Path folder, String name) {
        Path json = folder.resolve(name + ".json");
        try {
            if (Files.size(json) > JSON_LIMIT) return null;
            Path arrays = arrays(folder, CheckpointJson.parse(json, Files.readString(json)));
            return arrays.getFileName().toString().matches(Pattern.quote(name) + ARRAYS) ? arrays : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static Path arrays(Path folder, JsonObject content) {
        return folder.resolve(Path.of(content.get("arrays").getAsString()).getFileName());
    }
}
