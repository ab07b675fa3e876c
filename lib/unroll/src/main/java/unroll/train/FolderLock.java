package unroll.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

import unroll.tensor.CheckpointException;
import unroll.tensor.WholeFile;

/**
 * Keeps two runs out of one folder of checkpoints. The file {@code training.lock} is locked by the operating system,
 * which frees it when a process dies, and {@code training.owner} says whose it is. The latter is looked at first: a
 * process must not open and close a file that it has locked itself, since that would free it.
 *
 * @param lost the owner of before, where it died without giving the folder back; else empty
 */
record FolderLock(Path owner, FileChannel channel, String lost) implements AutoCloseable {
    /** A run that was interrupted in this process may be on its way out. */
    private static final int TRIES = 50, PAUSE = 100_000_000;             // nanoseconds
    private static final String OWNER = "training.owner";

    /** @throws CheckpointException if the folder is another run's, or cannot be written */
    static FolderLock of(Path folder) {
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < TRIES && !Thread.currentThread().isInterrupted() || i == 0; i++) {
                FolderLock lock = attempt(folder);
                if (lock != null) return lock;
                LockSupport.parkNanos(PAUSE);
            }
            throw new CheckpointException("Checkpoint folder " + folder + " is in use: " + owner(folder.resolve(OWNER))
                    + " trains into it. Give this run another folder, or wait until that one has ended; if it is "
                    + "gone, remove " + OWNER + " there");
        } catch (IOException e) {
            throw new CheckpointException("Checkpoint folder " + folder + " cannot be written (" + WholeFile.reason(e)
                    + "). Is it a folder, and writable?", e);
        }
    }

    /** Null where another run has it. In one process one thread at a time. */
    private static synchronized FolderLock attempt(Path folder) throws IOException {
        Path owner = folder.resolve(OWNER);
        String before = owner(owner), own = ownName();
        if (before.equals(own)) return null;
        FileChannel channel = FileChannel.open(folder.resolve("training.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FolderLock lock = null;
        try {
            if (!locked(channel, before)) return null;
            Files.deleteIfExists(owner);
            Files.writeString(owner, own, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock = new FolderLock(owner, channel, before);
            return lock;
        } finally {
            if (lock == null) channel.close();
        }
    }

    private static boolean locked(FileChannel channel, String owner) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {                         // this process, and its owner's file is gone
            return false;
            // no locks here: then the owner's word counts
        } catch (IOException e) {
            return owner.isEmpty();
        }
    }

    private static String owner(Path file) throws IOException {
        try {
            return Files.size(file) > 1000 ? "somebody" : Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String ownName() {
        ProcessHandle process = ProcessHandle.current();
        String host = "a host without a name";
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // it has a process number all the same
        }
        return "process " + process.pid() + " on " + host
                + process.info().startInstant().map(at -> ", started " + at).orElse("");
    }

    /** Gives the folder back. Where the file cannot be removed, the next process takes it over. */
    @Override public void close() {
        try (channel) {
            Files.deleteIfExists(owner);
        } catch (IOException e) {
            return;
        }
    }
}
