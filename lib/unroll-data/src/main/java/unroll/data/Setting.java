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
 * A setting from outside the program: the system property {@code unroll.NAME}, else the environment variable
 * {@code UNROLL_NAME}.
 */
final class Setting {
    private Setting() {
    }

    static Optional<String> of(String name) {
        return given(System.getProperty("unroll." + name))
                .or(() -> given(System.getenv("UNROLL_" + name.toUpperCase(Locale.ROOT))));
    }

    /** A setting that is on or off; off where it is not given. */
    static boolean on(String name) {
        String value = of(name).orElse("off").toLowerCase(Locale.ROOT);
        if (List.of("1", "true", "yes", "on").contains(value)) return true;
        if (List.of("0", "false", "no", "off").contains(value)) return false;
        throw bad(name, value, "1, true, yes or on, or 0, false, no or off", null);
    }

    /** A setting that is a file or a folder. */
    static Optional<Path> path(String name) {
        return of(name).map(value -> {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw bad(name, value, "a path", e);
            }
        });
    }

    private static DatasetException bad(String name, String value, String expected, Throwable cause) {
        return new DatasetException(DatasetException.Reason.BAD_SETTING,
                "Setting UNROLL_" + name.toUpperCase(Locale.ROOT) + " (or the property unroll." + name + "): expected "
                        + expected + " but got " + Message.quoted(value),
                cause);
    }

    /** A variable that is set but empty counts as not set. */
    static Optional<String> given(String value) {
        return Optional.ofNullable(value).map(String::strip).filter(v -> !v.isEmpty());
    }
}
