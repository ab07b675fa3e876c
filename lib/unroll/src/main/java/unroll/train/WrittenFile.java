package unroll.train;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /** Writes a file and its bytes to the disk. Plain streams, since channels close when their thread is interrupted. */
    static WrittenFile aside(Path file, Content content) throws IOException {
        MessageDigest digest = digest();
        try (FileOutputStream plain = new FileOutputStream(file.toFile());
                OutputStream out = new DigestOutputStream(new BufferedOutputStream(plain, 1 << 16), digest)) {
            content.to(out);
            out.flush();
            plain.getFD().sync();
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new WrittenFile(file, HexFormat.of().formatHex(digest.digest()), Files.size(file));
    }

    /** Puts it in the place of another one, at once. */
    void rename(Path to) throws IOException {
        try {
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
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
