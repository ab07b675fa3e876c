package unroll.train;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that is on the disk as a whole, before it gets its name. */
record WrittenFile(Path file, String sha256, long bytes) {
    @FunctionalInterface
    interface Content {
        void to(OutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Task<R> {
        R run() throws IOException;
    }

    /**
     * Writes a file and its bytes to the disk, beside the name that it is to get and under one that no other writer
     * has: {@code NAME.1234-0.part} of process 1234. It is made anew, so that what stands there, be it a link, is
     * neither written to nor followed.
     */
    static WrittenFile aside(Path to, Content content) throws IOException {
        return uninterrupted(() -> {
            for (int n = 0;; n++)
                try {
                    return write(
                            to.resolveSibling(
                                    to.getFileName() + "." + ProcessHandle.current().pid() + "-" + n + ".part"),
                            content);
                } catch (FileAlreadyExistsException e) {
                    if (n == Integer.MAX_VALUE) throw e;
                }
        });
    }

    private static WrittenFile write(Path part, Content content) throws IOException {
        MessageDigest digest = digest();
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try {
                OutputStream out = new DigestOutputStream(
                        new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16), digest);
                content.to(out);
                out.flush();
                file.force(true);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(part);
                throw e;
            }
        }
        return new WrittenFile(part, HexFormat.of().formatHex(digest.digest()), Files.size(part));
    }

    /** Puts it in the place of another one, at once, and the new name on the disk. */
    void rename(Path to) throws IOException {
        try {
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        uninterrupted(() -> {
            try (FileChannel folder = FileChannel.open(to.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                return null;                                               // Windows opens no folders, and needs it not
            }
            return null;
        });
    }

    /**
     * Channels close when their thread is interrupted: the flag is put aside meanwhile, and what it cut off is done
     * again.
     */
    private static <R> R uninterrupted(Task<R> task) throws IOException {
        boolean flag = false;
        try {
            while (true) {
                flag |= Thread.interrupted();
                try {
                    return task.run();
                } catch (ClosedByInterruptException e) {
                    flag = true;
                }
            }
        } finally {
            if (flag) Thread.currentThread().interrupt();
        }
    }

    static String sha256(byte[] bytes) { return HexFormat.of().formatHex(digest().digest(bytes)); }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
