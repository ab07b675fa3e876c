package unroll.metrics;

import java.util.Locale;

/**
 * How many sequences are right as a whole: what matters where one wrong symbol spoils all, and what a loss for each
 * symbol does not tell.
 *
 * <pre>{@code
 * ExactMatch match = ExactMatch.none().add("1998-05-03", model.translate("3 May 1998"));
 * }</pre>
 *
 * For how far the others are off there is {@link ErrorRate}.
 */
public record ExactMatch(long exact, long sequences) {
    /** No sequence yet. */
    public static ExactMatch none() { return new ExactMatch(0, 0); }

    /** One sequence more: a string or a list, of whatever length. */
    public ExactMatch add(Object wanted, Object got) {
        return new ExactMatch(exact + (wanted.equals(got) ? 1 : 0), sequences + 1);
    }

    /** Both together. */
    public ExactMatch add(ExactMatch other) {
        return new ExactMatch(exact + other.exact, sequences + other.sequences);
    }

    /** The share that is right, in 0 .. 1. */
    public double rate() {
        if (sequences == 0)
            throw new IllegalStateException(
                    "ExactMatch: no sequences were counted, so there is no rate; add them first");
        return (double) exact / sequences;
    }

    @Override public String toString() {
        return sequences == 0
                ? "ExactMatch(none)"
                : String.format(Locale.ROOT, "ExactMatch(%.2f %%: %,d of %,d)", 100 * rate(), exact, sequences);
    }
}
