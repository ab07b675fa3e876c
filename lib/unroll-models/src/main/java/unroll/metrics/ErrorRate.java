package unroll.metrics;

import java.util.List;
import java.util.Locale;

/**
 * Changes per wanted symbol over many sequences: phoneme, character or word error rate. May exceed 1.
 *
 * <pre>{@code
 * var rate = ErrorRate.none();
 * for (Pronunciation p : test) rate = rate.add(p.phonemes(), model.say(p.word()));
 * rate.rate();  rate.exactRate();
 * }</pre>
 *
 * @param substitutions symbols that were taken for others
 * @param deletions     wanted symbols that are missing
 * @param insertions    symbols that nobody wanted
 * @param wanted        how many symbols were wanted
 * @param sequences     how many sequences there are
 * @param exact         how many of them need no change
 */
public record ErrorRate(long substitutions, long deletions, long insertions, long wanted, long sequences, long exact) {
    /** No sequence yet. */
    public static ErrorRate none() { return new ErrorRate(0, 0, 0, 0, 0, 0); }

    /** One sequence more. */
    public ErrorRate add(List<?> wanted, List<?> got) {
        EditDistance d = EditDistance.of(wanted, got);
        return add(
                new ErrorRate(d.substitutions(), d.deletions(), d.insertions(), d.wanted(), 1, d.total() == 0 ? 1 : 0));
    }

    /** Both together. */
    public ErrorRate add(ErrorRate other) {
        return new ErrorRate(substitutions + other.substitutions, deletions + other.deletions,
                insertions + other.insertions, wanted + other.wanted, sequences + other.sequences, exact + other.exact);
    }

    /** All changes per wanted symbol. */
    public double rate() {
        if (wanted == 0)
            throw new IllegalStateException(
                    "ErrorRate: no symbols were wanted, so there is no rate; add sequences first");
        return (double) (substitutions + deletions + insertions) / wanted;
    }

    /** The share of sequences that are right as a whole. */
    public double exactRate() {
        if (sequences == 0)
            throw new IllegalStateException(
                    "ErrorRate: no sequences were counted, so there is no rate; add them first");
        return (double) exact / sequences;
    }

    @Override public String toString() {
        return wanted == 0
                ? "ErrorRate(none)"
                : String.format(Locale.ROOT,
                        "ErrorRate(%.2f %%: %,d substitutions, %,d deletions, %,d insertions in %,d symbols)",
                        100 * rate(), substitutions, deletions, insertions, wanted);
    }
}
