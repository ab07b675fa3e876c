package unroll.notebook;

/** Starts a table of results: {@code Tables.of("model", "parameters", "nats").row("bigram", 4225, 2.47)}. */
public final class Tables {
    private Tables() {
    }

    /** A table with these columns and no rows. */
    public static ResultTable of(String... columns) {
        return new ResultTable(columns);
    }
}
