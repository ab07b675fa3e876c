package unroll.tensor;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
 * may take ({@code -Xmx}); an array that states more is an error before anything is unpacked.
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
            throw new TensorFileException("Tensors in " + file
                    + ": expected a name that ends in .npz or .safetensors, or for one tensor in .npy");
        }
    }

    /**
     * Reads all tensors; what is not numbers (texts, objects, complex numbers, records, 8-bit floats) is left out,
     * unless there is nothing else.
     */
    public static Map<String, Tensor> read(Path file) {
        return read(file, Set.of());
    }

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
        // Not a channel: an interrupt would close it in the middle.
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long bytes = open.length();
            WantedTensors wanted = new WantedTensors(names, WantedTensors.heapLimit(),
                    format == Format.SAFETENSORS ? SafetensorsException::new : IOException::new);
            if (format == Format.NPZ) return Npz.read((to, at) -> read(open, to, at), bytes, wanted);
            InputStream in = new BufferedInputStream(new FileInputStream(open.getFD()), 1 << 16);
            if (format == Format.SAFETENSORS) return Safetensors.read(in, bytes, wanted);
            String name = file.getFileName().toString().replaceFirst("\\.npy$", "");
            if (wanted.wants(name)) Npz.readArray(name, in, bytes, wanted);
            return wanted.read(List.of(name));
        } catch (EOFException e) {
            throw new TensorFileException("Tensors in " + file + " cannot be read: the file is cut off", e);
        } catch (IOException e) {
            throw new TensorFileException("Tensors in " + file + " cannot be read: " + reason(e), e);
        }
    }

    private static int read(RandomAccessFile from, ByteBuffer to, long at) throws IOException {
        from.seek(at);
        int n = from.read(to.array(), to.arrayOffset() + to.position(), to.remaining());
        if (n > 0) to.position(to.position() + n);
        return n;
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
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            WholeFile.write(file, out -> {
                if (format == Format.NPZ) Npz.write(out, tensors);
                else if (format == Format.SAFETENSORS) Safetensors.write(out, tensors);
                else
                    Npz.writeArray(out, tensors.values().iterator().next());
            });
        } catch (IOException e) {
            throw new TensorFileException(
                    "Tensors cannot be written to " + file + ": " + reason(e) + ". What was there before is unchanged.",
                    e);
        }
    }

    /** Exceptions of the file system have a path as their message, and say in their class what happened. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException || e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
