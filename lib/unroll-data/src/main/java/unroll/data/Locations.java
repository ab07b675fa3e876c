package unroll.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Where data sets are looked for, as the system property {@code unroll.NAME} or else the environment variable
 * {@code UNROLL_NAME} says.
 *
 * @param mirror  a folder that has them already, with one folder for each set; nothing is written there
 * @param cache   the user's folder for downloads; made when it is needed
 * @param offline whether the network stays unused
 */
record Locations(Optional<Path> mirror, Path cache, boolean offline) {

    /** As UNROLL_DATASETS, UNROLL_CACHE and UNROLL_OFFLINE say. */
    static Locations fromEnvironment() {
        return new Locations(path("datasets"), path("cache").orElseGet(Locations::userCache), on("offline"));
    }

    private static Path userCache() {
        Optional<Path> local = System.getProperty("os.name").startsWith("Windows")
                ? given(System.getenv("LOCALAPPDATA")).map(Path::of)
                // the XDG rule: ignore relative ones
                : given(System.getenv("XDG_CACHE_HOME")).map(Path::of).filter(Path::isAbsolute);
        return local.orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("unroll");
    }

    /** What a property or variable says; one that is set but empty counts as not set. */
    static Optional<String> setting(String name) {
        return given(System.getProperty("unroll." + name))
                .or(() -> given(System.getenv("UNROLL_" + name.toUpperCase(Locale.ROOT))));
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).map(String::strip).filter(v -> !v.isEmpty());
    }

    private static boolean on(String name) {
        String value = setting(name).orElse("off").toLowerCase(Locale.ROOT);
        if (List.of("1", "true", "yes", "on").contains(value)) return true;
        if (List.of("0", "false", "no", "off").contains(value)) return false;
        throw bad(name, value, "1, true, yes or on, or 0, false, no or off", null);
    }

    private static Optional<Path> path(String name) {
        return setting(name).map(value -> {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw bad(name, value, "a path", e);
            }
        });
    }

    private static DatasetException bad(String name, String value, String expected, Throwable cause) {
        return new DatasetException(Reason.BAD_SETTING, "Setting UNROLL_" + name.toUpperCase(Locale.ROOT)
                + " (or the property unroll." + name + "): expected " + expected + " but got " + Message.quoted(value),
                cause);
    }
}
