package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of named tensors, {@code .npz} or {@code .safetensors} by its name, or {@code .npy}: one tensor, named as the
 * file is.
 *
 * <pre>{@code
 * TensorFile.write(Path.of("lstm.safetensors"), TorchWeights.export(lstm));
 * Map<String, Tensor> tensors = TensorFile.read(Path.of("lstm.npz"));
 * Tensor w = TensorFile.read(Path.of("bert.safetensors"), "pooler.weight").get("pooler.weight");
 * }</pre>
 *
 * Floats, integers and booleans of all widths are read, each number as the float nearest to it: F64 is rounded, and
 * integers are exact up to 2<sup>24</sup>. As many numbers are read as fit into three quarters of the memory that Java
 * may take ({@code -Xmx}); an array that states more is an error before anything is unpacked. A file that cannot be
 * read or written is a {@link CheckpointException} that names it.
 */
public final class TensorFile {
    private TensorFile() {
    }

    private enum Format {
        NPZ, SAFETENSORS, NPY;

        static Format of(Path file) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".npz")) return NPZ;
            if (name.endsWith(".safetensors")) return SAFETENSORS;
            if (name.endsWith(".npy")) return NPY;
            throw new CheckpointException("Tensors in " + file
                    + ": expected a name that ends in .npz or .safetensors, or for one tensor in .npy");
        }
    }

    @FunctionalInterface
    interface Reader<R> {
        R from(RandomAccessFile open) throws IOException;
    }

    /**
     * Reads all tensors; what is not numbers (texts, objects, complex numbers, records, 8-bit floats) is left out,
     * unless there is nothing else.
     */
    public static Map<String, Tensor> read(Path file) { return read(file, Set.of()); }

    /**
     * Reads these tensors only and takes no memory for others. One that is not there, or is not numbers, is an error
     * that names it.
     */
    public static Map<String, Tensor> read(Path file, String... names) {
        if (names.length == 0)
            throw new IllegalArgumentException("TensorFile: expected the names of tensors but got none");
        return read(file, Set.of(names));
    }

    private static Map<String, Tensor> read(Path file, Set<String> names) {
        Format format = Format.of(file);
        return open(file, open -> {
            WantedTensors wanted = new WantedTensors(names, WantedTensors.heapLimit());
            if (format == Format.NPZ) return Npz.read(open, wanted);
            InputStream in = new BufferedInputStream(new FileInputStream(open.getFD()), 1 << 16);
            if (format == Format.SAFETENSORS) return Safetensors.read(in, open.length(), wanted).tensors();
            String name = file.getFileName().toString().replaceFirst("\\.npy$", "");
            if (wanted.wants(name)) Npz.readArray(name, in, open.length(), wanted);
            return wanted.read(List.of(name));
        });
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

    /**
     * Writes the tensors, beside the file first and renamed when whole: the file is never half-written. Missing folders
     * are made.
     */
    public static void write(Path file, Map<String, Tensor> tensors) {
        Format format = Format.of(file);
        if (format == Format.NPY && tensors.size() != 1)
            throw new IllegalArgumentException(
                    "TensorFile: a .npy file holds one tensor but got " + tensors.size() + "; write a .npz file");
        write(file, switch (format) {
            case NPZ -> out -> Npz.write(out, tensors);
            case SAFETENSORS -> out -> Safetensors.write(out, tensors, Map.of());
            case NPY -> out -> Npz.writeArray(out, tensors.values().iterator().next());
        });
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
