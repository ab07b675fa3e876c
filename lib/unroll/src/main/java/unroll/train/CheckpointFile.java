package unroll.train;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import unroll.tensor.CheckpointException;
import unroll.tensor.Safetensors;
import unroll.tensor.Tensor;
import unroll.tensor.WholeFile;

/**
 * A checkpoint as a {@code .safetensors} file: its arrays, and its texts as metadata. One more text is the sha256 of
 * the file as it would be with zeros in the place of that.
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
        if (c.arrays().isEmpty())
            throw new CheckpointException(
                    "Checkpoint " + file + " is not written: the model has neither weights nor buffers");
        Map<String, String> texts = new LinkedHashMap<>(Map.of(SUM, NO_SUM));
        texts.put("format", FORMAT);
        texts.putAll(c.texts());
        texts.put(SUM, sum(c.arrays(), texts));
        try {
            WholeFile.write(file, out -> Safetensors.write(out, c.arrays(), texts));
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
        if (!sum.equals(sum(content.tensors(), texts)))
            throw new CheckpointException("Checkpoint " + file + " is damaged: its checksum does not hold");
        texts.remove(SUM);
        String format = texts.remove("format");
        if (!FORMAT.equals(format))
            throw new CheckpointException(
                    "Checkpoint " + file + " is of format " + format + "; this version reads " + FORMAT);
        try {
            Checkpoint read = new Checkpoint(texts, content.tensors());
            Checkpoint.infinite(read.parameters(), read.moments()).ifPresent(what -> {
                throw new CheckpointException("Checkpoint " + file + " is damaged: the " + what
                        + " are not finite, and such are not written");
            });
            return read;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Checkpoint " + file + " is damaged: it does not say what a checkpoint says ("
                    + e.getMessage() + ")", e);
        }
    }

    private static String sum(Map<String, Tensor> arrays, Map<String, String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Safetensors.write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), arrays, texts);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException("every Java platform has SHA-256, and a stream that goes nowhere", e);
        }
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
