package unroll.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where data sets are looked for.
 *
 * @param mirror  a folder that has them already, with one folder for each set; nothing is written there
 * @param cache   the user's folder for downloads; made when it is needed
 * @param offline whether the network stays unused
 */
record Locations(Optional<Path> mirror, Path cache, boolean offline) {

    /**
     * As UNROLL_DATASETS, UNROLL_CACHE and UNROLL_OFFLINE say, or the system properties unroll.datasets, unroll.cache
     * and unroll.offline.
     */
    static Locations fromEnvironment() {
        return new Locations(Setting.path("datasets"), Setting.path("cache").orElseGet(Locations::userCache),
                Setting.on("offline"));
    }

    private static Path userCache() {
        Optional<Path> local = System.getProperty("os.name").startsWith("Windows")
                ? Setting.given(System.getenv("LOCALAPPDATA")).map(Path::of)
                // the XDG rule: ignore relative ones
                : Setting.given(System.getenv("XDG_CACHE_HOME")).map(Path::of).filter(Path::isAbsolute);
        return local.orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("unroll");
    }
}
