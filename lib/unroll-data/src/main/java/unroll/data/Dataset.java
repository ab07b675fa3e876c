package unroll.data;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * An entry of the {@link Catalogue}: what a real data set is called, where its files are, and what one may do with
 * them.
 *
 * @param name          what it is asked for by, e.g. {@code tiny-shakespeare}
 * @param title         one line about it
 * @param folder        its folder within the mirror and the cache
 * @param format        how its files are to be read; {@code text} for a corpus
 * @param licence       the licence's short name
 * @param licenceSource where that licence is stated
 * @param citation      whom to cite
 * @param alternative   the call that makes something built-in of its kind
 * @param files         at least one
 */
public record Dataset(String name, String title, String folder, String format, String licence, String licenceSource,
        String citation, Optional<String> alternative, List<DataFile> files) {
    /**
     * A file of it.
     *
     * @param path    where it lies in the folder of the set, with {@code /} between its parts
     * @param url     where it can be downloaded
     * @param sha256  64 hexadecimal digits
     * @param bytes   its size, which is also the most that is downloaded
     * @param licence its own licence, where it differs from that of the set
     * @param origin  the page of its author, where that differs from {@code url}
     */
    public record DataFile(String path, URI url, String sha256, long bytes, Optional<String> licence,
            Optional<URI> origin) {
    }

    public Dataset {
        files = List.copyOf(files);
    }

    /** What data of this set give as their source. */
    String source() { return title + "; licence: " + licence + "."; }

    /** The file of this path within the set. */
    public DataFile file(String path) {
        return files.stream().filter(f -> f.path().equals(path)).findFirst().orElseThrow(
                () -> new DatasetException(Reason.UNKNOWN_FILE, "Data set " + name + " has no file "
                        + path + "; it has " + String.join(", ", files.stream().map(DataFile::path).toList())));
    }
}
