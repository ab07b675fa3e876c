package unroll.data;

import java.util.Locale;
import java.util.Optional;

/** A setting from outside the program: the system property {@code unroll.NAME}, else the environment variable {@code UNROLL_NAME}. */
final class Setting {
    private Setting() {
    }

    static Optional<String> of(String name) {
        return given(System.getProperty("unroll." + name)).or(() -> given(System.getenv("UNROLL_" + name.toUpperCase(Locale.ROOT))));
    }

    /** A variable that is set but empty counts as not set. */
    static Optional<String> given(String value) {
        return Optional.ofNullable(value).map(String::strip).filter(v -> !v.isEmpty());
    }
}
