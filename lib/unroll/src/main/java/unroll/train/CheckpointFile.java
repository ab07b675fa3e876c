package unroll.train;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Safetensors;
import unroll.tensor.Tensor;
import unroll.tensor.WholeFile;

/**
 * A checkpoint as a {@code .safetensors} file: all that is no array are texts in its {@code __metadata__}. The first of
 * them, at a fixed place, is the sha256 of the file with zeros in that place.
 */
final class CheckpointFile {
    private static final String FORMAT = "3", BEFORE_SUM = "{\"__metadata__\":{\"sha256\":\"", NO_SUM = "0".repeat(64);
    private static final int SUM_AT = Long.BYTES + BEFORE_SUM.length(), MOST_BYTES = Integer.MAX_VALUE - 8;
    /** As much as a header may have. */
    private static final int HEADER = 16 << 20;

    private CheckpointFile() {
    }

    /** The file of a checkpoint: its name is one of a file, not a way to another folder. */
    static Path path(Path folder, String name) {
        if (name.isBlank() || name.length() > 100 || name.contains("/") || name.contains("\\") || name.contains("..")
                || name.chars().anyMatch(Character::isISOControl))
            throw new CheckpointException("Checkpoint: expected a name like last, which becomes a file's, but got \""
                    + name.replaceAll("\\p{Cntrl}", "?") + "\"");
        return folder.resolve(name + ".safetensors");
    }

    static Path write(Checkpoint c, Path folder, String name) {
        Path file = path(folder, name);
        Map<String, Tensor> arrays = arrays(c);
        if (arrays.isEmpty())
            throw new CheckpointException(
                    "Checkpoint " + file + " is not written: the model has neither weights nor buffers");
        long bytes = arrays.values().stream().mapToLong(t -> (long) Float.BYTES * t.size()).sum();
        if (bytes > MOST_BYTES - HEADER)                                   // it could not be read again
            throw new CheckpointException("Checkpoint " + file + " is not written: its arrays would take " + bytes
                    + " bytes, and a file of at most " + MOST_BYTES + " can be read. Make the model smaller, or write "
                    + "its weights without the optimizer: Checkpoint.of(model)");
        try {
            Files.createDirectories(folder);
            Map<String, String> texts = texts(c);
            MessageDigest digest = sha256();
            Safetensors.write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), texts, arrays);
            texts.put("sha256", HexFormat.of().formatHex(digest.digest()));
            WholeFile.write(file, out -> Safetensors.write(out, texts, arrays));
            return file;
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + file + " cannot be written (" + reason(e)
                    + "). Is the folder writable, and is there room on the disk? "
                    + "The one written before, if any, is unchanged.", e);
        }
    }

    static Checkpoint read(Path folder, String name) {
        Path file = path(folder, name);
        try {
            if (!Files.exists(file)) throw new CheckpointException("Checkpoint " + file + " does not exist");
            if (Files.size(file) > MOST_BYTES)
                throw new CheckpointException("Checkpoint " + file + " has " + Files.size(file) + " bytes; at most "
                        + MOST_BYTES + " can be read");
            byte[] bytes = Files.readAllBytes(file);
            requireSum(file, bytes);
            Checkpoint read = restore(Safetensors.metadata(new ByteArrayInputStream(bytes)),
                    Safetensors.read(new ByteArrayInputStream(bytes), bytes.length / Float.BYTES));
            Checkpoint.infinite(read.parameters(), read.moments()).ifPresent(what -> {
                throw new CheckpointException("Checkpoint " + file + " is damaged: the " + what
                        + " are not finite, and such are not written");
            });
            return read;
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + file + " cannot be read (" + reason(e) + ")", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException(
                    "Checkpoint " + file + " is damaged: it does not say what a checkpoint says (" + e.getMessage()
                            + ")",
                    e);
        }
    }

    private static void requireSum(Path file, byte[] bytes) {
        int end = SUM_AT + NO_SUM.length();
        if (bytes.length < end || !text(bytes, Long.BYTES, SUM_AT).equals(BEFORE_SUM))
            throw new CheckpointException("Checkpoint " + file + " is damaged, or the file of another program: a "
                    + "checkpoint begins with its checksum. TensorFile.read(path) reads the tensors of any");
        MessageDigest digest = sha256();
        digest.update(bytes, 0, SUM_AT);
        digest.update(NO_SUM.getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes, end, bytes.length - end);
        if (!HexFormat.of().formatHex(digest.digest()).equals(text(bytes, SUM_AT, end)))
            throw new CheckpointException(
                    "Checkpoint " + file + " is cut off or damaged: its checksum does not hold");
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<String, Tensor> arrays(Checkpoint c) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        c.parameters().forEach((name, t) -> all.put("parameters/" + name, t));
        c.buffers().forEach((name, t) -> all.put("buffers/" + name, t));
        for (int i = 0; i < c.state().size(); i++) all.put("state/" + i, c.state().get(i));
        c.moments().forEach((name, t) -> all.put("moments/" + name, t));
        return all;
    }

    private static Map<String, String> texts(Checkpoint c) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("sha256", NO_SUM);
        all.put("format", FORMAT);
        all.put("model", c.model());
        all.put("optimizer", c.optimizer());
        all.put("step", "" + c.step());
        all.put("batches", "" + c.batches());
        all.put("best", "" + c.best());
        all.put("waited", "" + c.waited());
        all.put("validated", "" + c.validated());
        all.put("data/perEpoch", "" + c.data().perEpoch());
        all.put("data/firstBatch", c.data().firstBatch());
        all.put("data/batches", c.data().batches());
        c.settings().forEach((name, value) -> all.put("settings/" + name, value));
        c.structure().forEach((path, text) -> all.put("structure/" + path, text));
        c.generators().forEach(
                (path, random) -> all.put("generators/" + path, HexFormat.of().toHexDigits(random.key()) + " "
                        + random.calls()));
        return all;
    }

    private static Checkpoint restore(Map<String, String> texts, Map<String, Tensor> arrays) {
        if (!text(texts, "format").equals(FORMAT))
            throw new IllegalArgumentException(
                    Message.of("it is of format " + texts.get("format") + "; this version reads " + FORMAT));
        List<Tensor> state = new ArrayList<>();
        while (arrays.containsKey("state/" + state.size())) state.add(arrays.get("state/" + state.size()));
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        under("generators/", texts).forEach((path, random) -> generators.put(path, generator(random)));
        return new Checkpoint(text(texts, "model"), under("structure/", texts), text(texts, "optimizer"),
                Long.parseLong(text(texts, "step")), Long.parseLong(text(texts, "batches")),
                Double.parseDouble(text(texts, "best")), Integer.parseInt(text(texts, "waited")),
                Long.parseLong(text(texts, "validated")),
                new Checkpoint.Data(Integer.parseInt(text(texts, "data/perEpoch")), text(texts, "data/firstBatch"),
                        text(texts, "data/batches")),
                under("settings/", texts), under("parameters/", arrays), under("buffers/", arrays), state,
                under("moments/", arrays), generators);
    }

    private static String text(Map<String, String> texts, String name) {
        String text = texts.get(name);
        if (text == null) throw new IllegalArgumentException(Message.of("there is no text " + name));
        return text;
    }

    private static Rng.State generator(String text) {
        int blank = text.indexOf(' ');
        return new Rng.State(Long.parseUnsignedLong(text.substring(0, Math.max(0, blank)), 16),
                Long.parseLong(text.substring(blank + 1)));
    }

    private static <V> Map<String, V> under(String prefix, Map<String, V> all) {
        Map<String, V> found = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) found.put(name.substring(prefix.length()), value);
        });
        return found;
    }

    /** Removes a checkpoint of an earlier run, if there is one. */
    static void remove(Path folder, String name) {
        Path file = path(folder, name);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + file + " of an earlier run cannot be removed (" + reason(e)
                    + "). Is the folder writable?", e);
        }
    }

    /** Removes what killed processes left half written. Only for a run that has the folder to itself. */
    static void tidy(Path folder, String name) {
        String left = Pattern.quote(path(folder, name).getFileName().toString()) + "\\.\\d+-\\d+\\.part";
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : files.filter(p -> p.getFileName().toString().matches(left)).toList()) Files.deleteIfExists(p);
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint folder " + folder
                    + ": what an earlier run left cannot be removed (" + reason(e) + "). Is the folder writable?", e);
        }
    }

    /** A reason for people: what a file system says is often only a path. */
    static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
