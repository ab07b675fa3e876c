package unroll.metrics;

import java.util.ArrayList;
import java.util.Collections;
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
 * Counted over all texts together, as sacreBLEU does; lengths that no text has are left out of the means.
 *
 * @param orders how many runs of 1 to {@value #ORDERS} characters were found, wanted and both
 */
public record ChrF(List<PrecisionRecall> orders) {
    /** The longest runs that are counted. */
    public static final int ORDERS = 6;
    private static final double BETA = 2;

    public ChrF {
        orders = List.copyOf(orders);
    }

    /** No text yet. */
    public static ChrF none() {
        return new ChrF(Collections.nCopies(ORDERS, PrecisionRecall.none()));
    }

    /** One text more. */
    public ChrF add(String text, String reference) {
        List<Integer> got = characters(text), right = characters(reference);
        List<PrecisionRecall> sum = new ArrayList<>(orders);
        for (int n = 1; n <= Math.min(ORDERS, right.size()); n++)
            sum.set(n - 1, orders.get(n - 1).add(NGramCounts.of(got, n).among(NGramCounts.of(right, n))));
        return new ChrF(sum);
    }

    private static List<Integer> characters(String text) {
        return text.codePoints().filter(c -> !Character.isWhitespace(c)).boxed().toList();
    }

    /** The score, in 0 .. 1. */
    public double score() {
        if (characters() == 0)
            throw new IllegalStateException("ChrF: no characters were wanted, so there is no score; add texts first");
        double precision = 0, recall = 0;
        int known = 0;
        for (PrecisionRecall order : orders) {
            if (order.found() == 0 || order.wanted() == 0) continue;
            precision += order.precision();
            recall += order.recall();
            known++;
        }
        if (precision + recall == 0) return 0;
        double p = precision / known, r = recall / known, factor = BETA * BETA;
        return (1 + factor) * p * r / (factor * p + r);
    }

    private long characters() { return orders.get(0).wanted(); }

    @Override public String toString() {
        return characters() == 0
                ? "ChrF(none)"
                : String.format(Locale.ROOT, "ChrF(%.2f %% of %,d characters)", 100 * score(), characters());
    }
}
