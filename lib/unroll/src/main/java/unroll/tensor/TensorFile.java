package unroll.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file of named tensors, {@code .npz} or {@code .safetensors} by its name.
 *
 * <pre>{@code
 * TensorFile.write(Path.of("lstm.safetensors"), TorchWeights.export(lstm));
 * Map<String, Tensor> tensors = TensorFile.read(Path.of("lstm.npz"));
 * }</pre>
 *
 * Floats, integers and booleans of all widths are read, each number as the float nearest to it: F64 is rounded, and
 * integers are exact up to 2<sup>24</sup>; what is not numbers (texts, objects, complex numbers, records, 8-bit floats)
 * is left out, unless there is nothing else. As many numbers are read as fit into three quarters of the memory that
 * Java may take ({@code -Xmx}); an array that states more is an error before anything is unpacked. A file that cannot
 * be read or written is a {@link CheckpointException} that names it.
 */
public final class TensorFile {
    private TensorFile() {
    }

    @FunctionalInterface
    interface Reader<R> {
        R from(RandomAccessFile open) throws IOException;
    }

    /** Reads all tensors. */
    public static Map<String, Tensor> read(Path file) {
        return isNpz(file) ? open(file, open -> Npz.read(open, new ReadTensors())) : Safetensors.read(file).tensors();
    }

    /** Writes the tensors, beside the file first and renamed when whole. Missing folders are made. */
    public static void write(Path file, Map<String, Tensor> tensors) {
        if (isNpz(file)) write(file, out -> Npz.write(out, tensors));
        else
            Safetensors.write(file, tensors, Map.of());
    }

    private static boolean isNpz(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".npz") && !name.endsWith(".safetensors"))
            throw new CheckpointException(
                    "Tensors in " + file + ": expected a name that ends in .npz or .safetensors");
        return name.endsWith(".npz");
    }

    /** Reads a file, by a way that an interrupt does not close in the middle; what goes wrong names it. */
    static <R> R open(Path file, Reader<R> reader) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            return reader.from(open);
        } catch (EOFException e) {
            throw new CheckpointException("Tensors in " + file + " cannot be read: the file is cut off", e);
        } catch (IOException e) {
            throw new CheckpointException("Tensors in " + file + " cannot be read: " + WholeFile.reason(e), e);
        } catch (CheckpointException e) {
            throw new CheckpointException("Tensors in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static void write(Path file, WholeFile.Content content) {
        try {
            WholeFile.write(file, content);
        } catch (IOException e) {
            throw new CheckpointException("Tensors cannot be written to " + file + ": " + WholeFile.reason(e)
                    + ". What was there before is unchanged.", e);
        }
    }
}
