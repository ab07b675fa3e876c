package unroll.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How near texts are to references, by runs of 1 to 6 characters (Popović 2015): the F score of the mean precision and
 * the mean recall over all lengths, in which recall counts beta² = 4 times as much (chrF2). White space does not count.
 * No tokens are needed, and a wrong ending costs less than a wrong word.
 *
 * <pre>{@code
 * ChrF f = ChrF.none().add("the cat sat", "the cats sat").add(…);
 * f.score();                                                       // in 0 .. 1
 * }</pre>
 *
 * Counted over all texts together, as sacreBLEU does; lengths that no text has are left out of the means. Immutable.
 */
public final class ChrF {
    /** The longest runs that are counted. */
    public static final int ORDERS = 6;
    private static final double BETA = 2;
    private static final ChrF NONE = new ChrF(new long[ORDERS], new long[ORDERS], new long[ORDERS]);
    private final long[] matches, written, wanted;

    private ChrF(long[] matches, long[] written, long[] wanted) {
        this.matches = matches;
        this.written = written;
        this.wanted = wanted;
    }

    /** No text yet. */
    public static ChrF none() { return NONE; }

    /** One text more. */
    public ChrF add(String text, String reference) {
        List<Integer> got = characters(text), right = characters(reference);
        long[] m = matches.clone(), w = written.clone(), r = wanted.clone();
        for (int n = 1; n <= ORDERS; n++) {
            NGramCounts found = NGramCounts.of(got, n), allowed = NGramCounts.of(right, n);
            m[n - 1] += found.matches(allowed);
            w[n - 1] += allowed.total() == 0 ? 0 : found.total();
            r[n - 1] += allowed.total();
        }
        return new ChrF(m, w, r);
    }

    private static List<Integer> characters(String text) {
        return text.codePoints().filter(c -> !Character.isWhitespace(c)).boxed().toList();
    }

    /** The score, in 0 .. 1. */
    public double score() {
        if (wanted[0] == 0)
            throw new IllegalStateException("ChrF: no characters were wanted, so there is no score; add texts first");
        double precision = 0, recall = 0;
        int orders = 0;
        for (int n = 0; n < ORDERS; n++) {
            if (written[n] == 0 || wanted[n] == 0) continue;
            precision += (double) matches[n] / written[n];
            recall += (double) matches[n] / wanted[n];
            orders++;
        }
        if (precision + recall == 0) return 0;
        double p = precision / orders, r = recall / orders, factor = BETA * BETA;
        return (1 + factor) * p * r / (factor * p + r);
    }

    @Override public boolean equals(Object other) {
        return other instanceof ChrF c && Arrays.equals(matches, c.matches) && Arrays.equals(written, c.written)
                && Arrays.equals(wanted, c.wanted);
    }

    @Override public int hashCode() { return Arrays.hashCode(matches); }

    @Override public String toString() {
        return wanted[0] == 0
                ? "ChrF(none)"
                : String.format(Locale.ROOT, "ChrF(%.2f %% of %,d characters)", 100 * score(), wanted[0]);
    }
}
