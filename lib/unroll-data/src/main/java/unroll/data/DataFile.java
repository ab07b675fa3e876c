package unroll.data;

import java.net.URI;
import java.util.Optional;

/**
 * One file of a {@link Dataset}.
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
