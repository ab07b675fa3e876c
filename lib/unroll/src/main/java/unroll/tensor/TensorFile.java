package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A file of named tensors, {@code .npz} or {@code .safetensors} by its name.
 *
 * <pre>{@code
 * TensorFile.write(Path.of("lstm.safetensors"), TorchWeights.export(lstm));
 * Map<String, Tensor> tensors = TensorFile.read(Path.of("lstm.npz"));
 * }</pre>
 */
public final class TensorFile {
    private TensorFile() {
    }

    private enum Format {
        NPZ, SAFETENSORS;

        static Format of(Path file) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".npz")) return NPZ;
            if (name.endsWith(".safetensors")) return SAFETENSORS;
            throw new TensorFileException("Tensors in " + file + ": expected a name that ends in .npz or .safetensors");
        }
    }

    /** Reads all tensors. The numbers of an .npz file may be compressed, to a quarter of their bytes at most where they are many. */
    public static Map<String, Tensor> read(Path file) {
        Format format = Format.of(file);
        try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()))) {
            long limit = Math.max(Files.size(file), 1 << 16);              // in proportion to the file: small ones cannot take all memory
            return format == Format.NPZ ? Npz.read(in, limit) : Safetensors.read(in, limit);
        } catch (IOException e) {
            throw new TensorFileException("Tensors in " + file + " cannot be read: " + reason(e), e);
        }
    }

    /** Writes the tensors, beside the file first and renamed when whole: the file is never half-written. Missing folders are made. */
    public static void write(Path file, Map<String, Tensor> tensors) {
        Format format = Format.of(file);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                if (format == Format.NPZ) Npz.write(out, tensors);
                else Safetensors.write(out, tensors);
                out.getFD().sync();
            }
            rename(part, file);
        } catch (IOException e) {
            throw new TensorFileException("Tensors cannot be written to " + file + ": " + reason(e) + ". What was there before is unchanged.", e);
        } finally {
            part.toFile().delete();                                        // there is none unless something went wrong
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Exceptions of the file system have a path as their message, and say in their class what happened. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException || e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
