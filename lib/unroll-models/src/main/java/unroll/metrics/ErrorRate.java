package unroll.metrics;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Interrupts;

/**
 * How many single changes make sequences those that were wanted (Levenshtein 1966), by kind, and how many that are for
 * each wanted symbol: phoneme, character or word error rate. May exceed 1.
 *
 * <pre>{@code
 * ErrorRate.of(List.of("P", "EY", "T"), List.of("P", "AE", "T", "S"));   // 1 substitution, 1 insertion
 * var rate = ErrorRate.none();
 * for (Pronunciation p : test) rate = rate.add(p.phonemes(), model.say(p.word()));
 * rate.rate();  rate.exactRate();
 * }</pre>
 *
 * @param deletions  wanted symbols that are missing
 * @param insertions symbols that nobody wanted
 * @param wanted     how many symbols were wanted
 * @param exact      how many of the sequences need no change
 */
public record ErrorRate(long substitutions, long deletions, long insertions, long wanted, long sequences, long exact) {
    /** No sequence yet. */
    public static ErrorRate none() { return new ErrorRate(0, 0, 0, 0, 0, 0); }

    /** A way to make the first symbols of one sequence those of another. */
    private record Way(int substitutions, int deletions, int insertions) {
        int changes() { return substitutions + deletions + insertions; }
    }

    /**
     * Of one sequence. Of several shortest ways the one is counted that, seen from the end, takes a substitution before
     * a deletion before an insertion. Time is the product of the lengths.
     */
    public static ErrorRate of(List<?> wanted, List<?> got) {
        // row[j]: the first i wanted symbols to the first j got ones
        Way[] row = new Way[got.size() + 1];
        for (int j = 0; j < row.length; j++) row[j] = new Way(0, 0, j);
        for (int i = 1; i <= wanted.size(); i++) {
            Interrupts.check("ErrorRate", "symbol", i - 1, wanted.size());
            Way diagonal = row[0];
            row[0] = new Way(0, i, 0);
            for (int j = 1; j < row.length; j++) {
                Interrupts.check("ErrorRate", j);
                Way above = row[j], left = row[j - 1];
                int change = wanted.get(i - 1).equals(got.get(j - 1)) ? 0 : 1, across = diagonal.changes() + change;
                if (across <= above.changes() + 1 && across <= left.changes() + 1)
                    row[j] = new Way(diagonal.substitutions + change, diagonal.deletions, diagonal.insertions);
                else if (above.changes() <= left.changes())
                    row[j] = new Way(above.substitutions, above.deletions + 1, above.insertions);
                else
                    row[j] = new Way(left.substitutions, left.deletions, left.insertions + 1);
                diagonal = above;
            }
        }
        Way best = row[got.size()];
        return new ErrorRate(best.substitutions, best.deletions, best.insertions, wanted.size(), 1,
                best.changes() == 0 ? 1 : 0);
    }

    /** One sequence more. */
    public ErrorRate add(List<?> wanted, List<?> got) { return add(of(wanted, got)); }

    /** Both together. */
    public ErrorRate add(ErrorRate other) {
        return new ErrorRate(substitutions + other.substitutions, deletions + other.deletions,
                insertions + other.insertions, wanted + other.wanted, sequences + other.sequences, exact + other.exact);
    }

    /** How many changes of all kinds. */
    public long changes() { return substitutions + deletions + insertions; }

    /** All changes per wanted symbol. */
    public double rate() {
        if (wanted == 0)
            throw new IllegalStateException(
                    "ErrorRate: no symbols were wanted, so there is no rate; add sequences first");
        return (double) changes() / wanted;
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
