package unroll.data;

import java.util.List;
import java.util.Optional;

import unroll.text.DatasetException;

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
    public Dataset {
        files = List.copyOf(files);
    }

    /** What data of this set give as their source. */
    String source() { return title + "; licence: " + licence + "."; }

    /** The file of this path within the set. */
    public DataFile file(String path) {
        return files.stream().filter(f -> f.path().equals(path)).findFirst().orElseThrow(
                () -> new DatasetException(DatasetException.Reason.UNKNOWN_FILE, "Data set " + name + " has no file "
                        + path + "; it has " + String.join(", ", files.stream().map(DataFile::path).toList())));
    }
}
