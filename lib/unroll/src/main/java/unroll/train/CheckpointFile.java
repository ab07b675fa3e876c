package unroll.train;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

import unroll.tensor.CheckpointException;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Safetensors;
import unroll.tensor.Tensor;
import unroll.tensor.WholeFile;

/**
 * A checkpoint as a {@code .safetensors} file: what is no array is a text in its metadata. One of these is the sha256 of
 * the file as it would be with zeros in the place of that text.
 */
final class CheckpointFile {
    private static final String FORMAT = "3", SUM = "sha256", NO_SUM = "0".repeat(64);

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
        try {
            Map<String, String> texts = texts(c);
            texts.put(SUM, sum(arrays, texts));
            WholeFile.write(file, out -> Safetensors.write(out, arrays, texts));
            return file;
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint " + file + " cannot be written (" + WholeFile.reason(e)
                    + "). Is the folder writable, and is there room on the disk? "
                    + "The one written before, if any, is unchanged.", e);
        }
    }

    static Checkpoint read(Path folder, String name) {
        Path file = path(folder, name);
        if (!Files.exists(file)) throw new CheckpointException("Checkpoint " + file + " does not exist");
        Safetensors.Content content = Safetensors.read(file);
        Map<String, String> texts = new LinkedHashMap<>(content.metadata());
        String sum = texts.replace(SUM, NO_SUM);
        if (sum == null)
            throw new CheckpointException("Checkpoint " + file
                    + " is none: it has no checksum. TensorFile.read(path) reads the tensors of any such file");
        try {
            if (!sum.equals(sum(content.tensors(), texts)))
                throw new CheckpointException("Checkpoint " + file + " is damaged: its checksum does not hold");
            Checkpoint read = restore(texts, content.tensors());
            Checkpoint.infinite(read.parameters(), read.moments()).ifPresent(what -> {
                throw new CheckpointException("Checkpoint " + file + " is damaged: the " + what
                        + " are not finite, and such are not written");
            });
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointException("Checkpoint " + file + " is damaged: it does not say what a checkpoint says ("
                    + e.getMessage() + ")", e);
        }
    }

    private static String sum(Map<String, Tensor> arrays, Map<String, String> texts) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Safetensors.write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), arrays, texts);
            return HexFormat.of().formatHex(digest.digest());
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
        all.put(SUM, NO_SUM);
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
        c.generators().forEach((path, random) -> all.put("generators/" + path,
                Long.toHexString(random.key()) + " " + random.calls()));
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
        if (!texts.containsKey(name)) throw new IllegalArgumentException(Message.of("there is no text " + name));
        return texts.get(name);
    }

    private static Rng.State generator(String text) {
        int blank = Math.max(0, text.indexOf(' '));
        return new Rng.State(Long.parseUnsignedLong(text.substring(0, blank), 16),
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
            throw new CheckpointException("Checkpoint " + file + " of an earlier run cannot be removed ("
                    + WholeFile.reason(e) + "). Is the folder writable?", e);
        }
    }

    /** Removes what killed processes left half written. Only for a run that has the folder to itself. */
    static void tidy(Path folder, String name) {
        String left = Pattern.quote(path(folder, name).getFileName().toString()) + "\\.\\d+-\\d+\\.part";
        try (Stream<Path> files = Files.list(folder)) {
            for (Path p : files.filter(p -> p.getFileName().toString().matches(left)).toList()) Files.deleteIfExists(p);
        } catch (IOException | UncheckedIOException e) {
            throw new CheckpointException("Checkpoint folder " + folder
                    + ": what an earlier run left cannot be removed (" + e + "). Is the folder writable?", e);
        }
    }
}
