package unroll.tensor;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files that are there whole or not at all: written aside and onto the disk, then renamed. Who reads meanwhile, or after
 * the process died, finds what was there before.
 *
 * <pre>{@code
 * WholeFile.write(Path.of("lstm.npz"), out -> Npz.write(out, tensors));
 * }</pre>
 */
public final class WholeFile {
    private WholeFile() {
    }

    /** What is written; the stream is not to be closed. */
    @FunctionalInterface
    public interface Content {
        void to(OutputStream out) throws IOException;
    }

    /** Writes a file, whose folder is there; after an exception it is what it was before. An interrupt can wait. */
    public static void write(Path file, Content content) throws IOException {
        Path part = aside(file);
        boolean moved = false;
        try {
            // not a channel: an interrupt would close it in the middle
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                content.to(out);
                out.getFD().sync();
            }
            move(part, file);
            moved = true;
        } finally {
            // its name may be another writer's by now
            if (!moved) Files.deleteIfExists(part);
        }
    }

    /**
     * A new file beside another, {@code NAME.1234-0.part} of process 1234, to which nobody else writes: two that write
     * at once do not mix, and no link is followed.
     */
    private static Path aside(Path file) throws IOException {
        String start = file.getFileName() + "." + ProcessHandle.current().pid() + "-";
        for (int n = 0;; n++)
            try {
                return Files.createFile(file.resolveSibling(start + n + ".part"));
            } catch (FileAlreadyExistsException e) {
                if (n == Integer.MAX_VALUE) throw e;
            }
    }

    /** Gives a file that is on the disk the place of another one, at once, and puts the new name on the disk too. */
    public static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
        boolean flag = Thread.interrupted();
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        } catch (IOException e) {
            return;                                                        // Windows opens no folders, and needs it not
        } finally {
            if (flag) Thread.currentThread().interrupt();
        }
    }
}
