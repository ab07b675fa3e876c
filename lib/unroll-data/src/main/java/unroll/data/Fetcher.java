package unroll.data;

import java.net.URI;
import java.nio.file.Path;

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
