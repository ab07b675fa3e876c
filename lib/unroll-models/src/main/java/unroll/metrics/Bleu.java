package unroll.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How near translations are to those of humans (Papineni, Roukos, Ward and Zhu 2002): over all sentences of a corpus,
 * which share of the n-grams that were written stands in a reference too, for n = 1 to 4; the geometric mean of these,
 * times a penalty for writing too little.
 *
 * <pre>{@code
 * Bleu bleu = Bleu.none();
 * for (var pair : test) bleu = bleu.add(written(pair), List.of(pair.words()));
 * bleu.score();  bleu.score(1);  bleu.brevityPenalty();
 * }</pre>
 *
 * Scores are in 0 .. 1; papers often give a hundred times as much. They depend on how sentences are cut into tokens. A
 * mean over sentences is something else, and a score of few sentences is often 0: see {@link Smoothing}. The figures
 * are those of sacreBLEU and NLTK for the same tokens. Immutable.
 */
public final class Bleu {
    /** The longest n-grams that are counted. */
    public static final int ORDERS = 4;

    /** What becomes of an order in which nothing matches, for which the geometric mean would be 0. */
    public enum Smoothing {
        /** The score is 0, as published. */
        NONE,
        /**
         * From bigrams on one match more, of one n-gram more, in every order (Lin and Och 2004; method 2 of Chen and
         * Cherry 2014).
         */
        ADD_ONE,
        /**
         * The first such order counts half a match, the next a quarter, and so on (mteval of NIST, sacreBLEU; method 3
         * of Chen and Cherry 2014).
         */
        EXPONENTIAL
    }

    private static final Bleu NONE = new Bleu(new long[ORDERS], new long[ORDERS], 0, 0);
    private final long[] matches, totals;
    private final long length, referenceLength;

    private Bleu(long[] matches, long[] totals, long length, long referenceLength) {
        this.matches = matches;
        this.totals = totals;
        this.length = length;
        this.referenceLength = referenceLength;
    }

    /** No sentence yet. */
    public static Bleu none() { return NONE; }

    /**
     * One sentence more.
     *
     * @param written    its tokens
     * @param references one or more translations that are right; of their lengths that counts which is nearest, of
     *     equally near ones the shorter
     */
    public Bleu add(List<?> written, List<? extends List<?>> references) {
        if (references.isEmpty())
            throw new IllegalArgumentException("Bleu: expected at least one reference for a sentence but got none");
        long[] m = matches.clone(), t = totals.clone();
        for (int n = 1; n <= ORDERS; n++) {
            NGramCounts found = NGramCounts.of(written, n), allowed = NGramCounts.of(references.get(0), n);
            for (List<?> reference : references) allowed.takeMost(NGramCounts.of(reference, n));
            m[n - 1] += found.matches(allowed);
            t[n - 1] += found.total();
        }
        int nearest = references.get(0).size();
        for (List<?> reference : references) {
            int far = Math.abs(reference.size() - written.size()), before = Math.abs(nearest - written.size());
            if (far < before || far == before && reference.size() < nearest) nearest = reference.size();
        }
        return new Bleu(m, t, length + written.size(), referenceLength + nearest);
    }

    /** Both together. */
    public Bleu add(Bleu other) {
        long[] m = matches.clone(), t = totals.clone();
        for (int n = 0; n < ORDERS; n++) {
            m[n] += other.matches[n];
            t[n] += other.totals[n];
        }
        return new Bleu(m, t, length + other.length, referenceLength + other.referenceLength);
    }

    /** The share of n-grams of this length that stand in a reference; 0 where there are none so long. */
    public double precision(int n) {
        requireOrder(n);
        return totals[n - 1] == 0 ? 0 : (double) matches[n - 1] / totals[n - 1];
    }

    /** 1, or e^(1 - r/c) where the c tokens that were written are fewer than the r of the references. */
    public double brevityPenalty() {
        return length >= referenceLength ? 1 : length == 0 ? 0 : Math.exp(1 - (double) referenceLength / length);
    }

    /** BLEU-4, without smoothing. */
    public double score() { return score(ORDERS); }

    /** BLEU of 1 to {@code n}-grams, each with the same weight, without smoothing. */
    public double score(int n) {
        return score(n, Smoothing.NONE);
    }

    /** The same with smoothing. 0 where not one token matches. */
    public double score(int n, Smoothing smoothing) {
        requireOrder(n);
        if (referenceLength == 0 && length == 0)
            throw new IllegalStateException("Bleu: no tokens were counted, so there is no score; add sentences first");
        if (matches[0] == 0) return 0;
        double sum = 0, halved = 1;
        for (int k = 1; k <= n; k++) {
            double p = precision(k);
            if (smoothing == Smoothing.ADD_ONE && k > 1) p = (matches[k - 1] + 1.0) / (totals[k - 1] + 1.0);
            if (smoothing == Smoothing.EXPONENTIAL && matches[k - 1] == 0 && totals[k - 1] > 0)
                p = (halved /= 2) / totals[k - 1];
            if (p == 0) return 0;
            sum += Math.log(p);
        }
        return brevityPenalty() * Math.exp(sum / n);
    }

    private static void requireOrder(int n) {
        if (n < 1 || n > ORDERS)
            throw new IllegalArgumentException("Bleu: expected n-grams of 1 to " + ORDERS + " but got n = " + n);
    }

    @Override public boolean equals(Object other) {
        return other instanceof Bleu b && Arrays.equals(matches, b.matches) && Arrays.equals(totals, b.totals)
                && length == b.length
                && referenceLength == b.referenceLength;
    }

    @Override public int hashCode() { return 31 * Arrays.hashCode(matches) + Long.hashCode(length); }

    @Override public String toString() {
        return referenceLength == 0 && length == 0
                ? "Bleu(none)"
                : String.format(Locale.ROOT,
                        "Bleu(%.2f %%: precisions %.1f, %.1f, %.1f, %.1f %%, brevity penalty %.3f, %,d tokens)",
                        100 * score(),
                        100 * precision(1), 100 * precision(2), 100 * precision(3), 100 * precision(4),
                        brevityPenalty(), length);
    }
}
