package unroll.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

import unroll.data.Dataset.DataFile;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Real data sets with address, checksum, licence and size, as {@code datasets/catalogue.json} lists them.
 *
 * <pre>{@code
 * Path file = Catalogue.standard().file("wikitext-2", "valid.txt");
 * }</pre>
 *
 * A file is looked for in the folder that UNROLL_DATASETS names, in the user's cache ({@code ~/.cache/unroll}, or
 * UNROLL_CACHE) and on the network (HTTPS only; not with UNROLL_OFFLINE=1, true, yes or on). Wherever it comes from,
 * its size and sha256 must be the stated ones. A wrong file in the folder is an error; a wrong one in the cache is
 * downloaded again. The system properties {@code unroll.datasets}, {@code unroll.cache} and {@code unroll.offline} come
 * before the environment, and a value that means nothing is an error. Everything else ends in a
 * {@link DatasetException} that names the address, the reason and the built-in alternative.
 */
public final class Catalogue {
    /** Brings a file from an address. */
    @FunctionalInterface
    interface Fetcher {
        /**
         * Writes what lies at the address to a file that exists; never more than {@code limit} bytes.
         *
         * @throws DatasetException if that does not succeed; its message says why in one clause
         */
        void fetch(URI address, long limit, Path target);
    }

    private final List<Dataset> datasets;
    private final Locations locations;
    private final Fetcher fetcher;

    Catalogue(List<Dataset> datasets, Locations locations, Fetcher fetcher) {
        this.datasets = List.copyOf(datasets);
        this.locations = locations;
        this.fetcher = fetcher;
    }

    /** The catalogue that comes with the library. */
    public static Catalogue standard() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
            if (in == null)
                throw new DatasetException(Reason.BAD_CATALOGUE,
                        "catalogue.json is not beside the library's classes; build it with: mvn package");
            return new Catalogue(
                    CatalogueFile.parse(TextFile.decode(in.readAllBytes(), "catalogue.json"), "catalogue.json"),
                    Locations.fromEnvironment(), new HttpsFetcher());
        } catch (IOException e) {
            throw new DatasetException(Reason.BAD_CATALOGUE, "catalogue.json cannot be read (" + e + ")", e);
        }
    }

    /** All entries, in the order of the file. */
    public List<Dataset> datasets() { return datasets; }

    public boolean has(String name) { return datasets.stream().anyMatch(d -> d.name().equals(name)); }

    public Dataset dataset(String name) {
        return datasets.stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow(
                () -> new DatasetException(Reason.UNKNOWN_NAME, "The catalogue has no data set " + Message.quoted(name)
                        + "; it has " + String.join(", ", datasets.stream().map(Dataset::name).toList())));
    }

    /** What is made of a set; or, where it is out of reach, what is made of the reason for which it stands in. */
    <T> T orStandIn(String name, Function<Dataset, T> real, Function<String, T> standIn) {
        try {
            return real.apply(dataset(name));
        } catch (DatasetException e) {
            if (!e.reason().outOfReach()) throw e;
            return standIn.apply(", which cannot be had here (" + e.reason() + ": " + e.detail() + ").");
        }
    }

    /** The text of a file of a set. */
    String text(String name, String path) {
        return TextFile.decode(bytes(name, path), path);
    }

    /**
     * The bytes of a file of a set, complete and checked; it may be downloaded now. What is given back is what was
     * checked, even if somebody else may write to the folder.
     */
    public byte[] bytes(String name, String path) {
        Path found = file(name, path);
        DataFile file = dataset(name).file(path);
        long most = Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 4);
        if (file.bytes() > most)
            throw new DatasetException(Reason.TOO_LARGE, found + " has " + file.bytes() + " bytes, and at most " + most
                    + " are read at once " + TextFile.heap() + "; give Java more memory (-Xmx)");
        try (InputStream in = Files.newInputStream(found)) {
            byte[] bytes = in.readNBytes((int) file.bytes() + 1);
            String sha256 = sha256(bytes);
            if (sha256.equals(file.sha256())) return bytes;
            throw new DatasetException(Reason.WRONG_CHECKSUM,
                    found + " was changed after its checksum was found right: it now has sha256 " + sha256 + ", not "
                            + file.sha256());
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE, found + " cannot be read (" + e + ")", e);
        }
    }

    /**
     * A file of a set, complete and checked; it may be downloaded now. Where others may write to its folder,
     * {@link #bytes} is safer.
     */
    public Path file(String name, String path) {
        Dataset set = dataset(name);
        DataFile file = set.file(path);
        List<String> tried = new ArrayList<>();
        try {
            return find(set, file, tried);
        } catch (DatasetException e) {
            tried.add(e.getMessage());
            String found = String.join("; ", tried);
            String where = set.folder() + "/" + file.path();
            throw new DatasetException(e.reason(), noFolder() ? found : e.getMessage(),
                    "Data set " + name + ", file " + path + " (" + file.url() + "): " + e.reason() + ": " + found
                            + ". Put the file, as " + where
                            + ", into a folder of your own and name that folder in UNROLL_DATASETS"
                            + set.alternative().map(a -> ", or use what is built in: " + a + ".")
                                    .orElse("; nothing of its kind is built in."),
                    e);
        }
    }

    private boolean noFolder() {
        return locations.mirror().isPresent() && !Files.isDirectory(locations.mirror().get());
    }

    private Path find(Dataset set, DataFile file, List<String> tried) {
        if (locations.mirror().isPresent()) {
            Path mirror = locations.mirror().get(), mirrored = mirror.resolve(set.folder()).resolve(file.path());
            if (Files.exists(mirrored)) {
                check(mirrored, mirrored.toString(), file);
                return mirrored;
            }
            tried.add("it is not at " + mirrored
                    + (noFolder()
                            ? ", because the folder " + mirror.toAbsolutePath()
                                    + ", which UNROLL_DATASETS names, does not exist"
                            : ""));
        }
        Path cached = locations.cache().resolve(set.folder()).resolve(file.path());
        if (Files.exists(cached)) {
            try {
                check(cached, cached.toString(), file);
                return cached;
            } catch (DatasetException e) {
                tried.add("the copy in the cache is damaged (" + e.getMessage() + ")");
            }
        }
        if (locations.offline())
            throw new DatasetException(Reason.OFFLINE, "UNROLL_OFFLINE keeps it from being downloaded");
        download(file, cached);
        return cached;
    }

    /** Beside its final place, checked, then renamed: a file in the cache is complete or not there. */
    private void download(DataFile file, Path cached) {
        Path part = null;
        try {
            Files.createDirectories(cached.getParent());
            part = Files.createTempFile(cached.getParent(), "download", ".part");
            fetcher.fetch(file.url(), file.bytes(), part);
            check(part, "what " + file.url() + " delivered", file);
            move(part, cached);
        } catch (IOException e) {
            throw new DatasetException(Reason.UNWRITABLE, "the cache folder " + cached.getParent()
                    + " cannot be written (" + e + "); name another one in UNROLL_CACHE", e);
        } finally {
            delete(part);
        }
    }

    private static void move(Path part, Path cached) throws IOException {
        try {
            Files.move(part, cached, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, cached, StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel folder = FileChannel.open(cached.getParent())) {
            // else the new name may be lost when the power is
            folder.force(true);
        } catch (IOException e) {
            // Windows opens no folders and needs no force for them; elsewhere a lost name means one more download
        }
    }

    private static void delete(Path part) {
        try {
            if (part != null) Files.deleteIfExists(part);
        } catch (IOException e) {
            // the failure that led here is the one to report
            part.toFile().deleteOnExit();
        }
    }

    private static void check(Path found, String what, DataFile file) {
        try {
            long size = Files.size(found);
            if (size != file.bytes())
                throw new DatasetException(size > file.bytes() ? Reason.TOO_LARGE : Reason.TRUNCATED,
                        what + " has " + size + " bytes, not " + file.bytes());
            String sha256 = sha256(found);
            if (!sha256.equals(file.sha256()))
                throw new DatasetException(Reason.WRONG_CHECKSUM,
                        what + " has sha256 " + sha256 + ", not " + file.sha256());
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE, what + " cannot be read (" + e + ")", e);
        }
    }

    /** In lower-case hexadecimal digits. */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                Interrupts.check("SHA-256");
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override public String toString() {
        return "Catalogue(" + String.join(", ", datasets.stream().map(Dataset::name).toList()) + ")";
    }
}
