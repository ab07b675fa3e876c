package unroll.tensor;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files that are whole or not there: written beside their name, put on the disk, then renamed.
 *
 * <pre>{@code
 * WholeFile.write(Path.of("notes.txt"), out -> out.write(bytes));
 * }</pre>
 */
public final class WholeFile {
    /** What is written into a file. */
    @FunctionalInterface
    public interface Content {
        void to(OutputStream out) throws IOException;
    }

    private WholeFile() {
    }

    /**
     * Writes a file, missing folders too; if that fails, what was there before is unchanged. Meanwhile the bytes are in
     * {@code NAME.1234-0.part} of process 1234, which is made anew: nobody else writes to it, and no link is followed.
     * An interrupt cuts nothing off.
     */
    public static void write(Path file, Content content) throws IOException {
        if (file.getParent() != null) Files.createDirectories(file.getParent());
        Path part = beside(file, 0);
        boolean whole = false;
        try {
            // not a channel: an interrupt would close it in the middle
            try (FileOutputStream to = new FileOutputStream(part.toFile())) {
                OutputStream out = new BufferedOutputStream(to, 1 << 16);
                content.to(out);
                out.flush();
                to.getFD().sync();
            }
            rename(part, file);
            whole = true;
        } finally {
            // once renamed, its name may be another writer's
            if (!whole) Files.deleteIfExists(part);
        }
    }

    private static Path beside(Path file, int n) throws IOException {
        try {
            return Files.createFile(file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + "-" + n + ".part"));
        } catch (FileAlreadyExistsException e) {
            return beside(file, n + 1);
        }
    }

    /** Puts a file in the place of another one, at once, and the new name on the disk. */
    public static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        // the name must outlive a power cut too; a channel of an interrupted thread closes, so the flag waits
        boolean interrupted = Thread.interrupted();
        while (!forced(to.toAbsolutePath().getParent())) interrupted |= Thread.interrupted();
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static boolean forced(Path folder) {
        try (FileChannel open = FileChannel.open(folder)) {
            open.force(true);
        } catch (ClosedByInterruptException e) {
            return false;
        } catch (IOException e) {
            return true;                                                   // Windows opens no folders, and needs it not
        }
        return true;
    }

    /** Exceptions of the file system have a path as their message, and say in their class what happened. */
    public static String reason(IOException e) {
        return e instanceof FileSystemException || e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
