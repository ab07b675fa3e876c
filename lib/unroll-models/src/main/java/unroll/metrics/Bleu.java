package unroll.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 * are those of sacreBLEU and NLTK for the same tokens.
 *
 * @param orders          how many n-grams were found, wanted and both, for n = 1 to {@value #ORDERS}
 * @param length          how many tokens were written
 * @param referenceLength how many the references have
 */
public record Bleu(List<PrecisionRecall> orders, long length, long referenceLength) {
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

    public Bleu {
        orders = List.copyOf(orders);
    }

    /** No sentence yet. */
    public static Bleu none() {
        return new Bleu(Collections.nCopies(ORDERS, PrecisionRecall.none()), 0, 0);
    }

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
        List<PrecisionRecall> own = new ArrayList<>();
        for (int n = 1; n <= ORDERS; n++) {
            NGramCounts allowed = NGramCounts.of(references.get(0), n);
            for (List<?> reference : references) allowed.takeMost(NGramCounts.of(reference, n));
            own.add(NGramCounts.of(written, n).among(allowed));
        }
        int nearest = references.stream().map(List::size).min(Comparator
                .comparingInt((Integer size) -> Math.abs(size - written.size())).thenComparing(size -> size)).get();
        return add(new Bleu(own, written.size(), nearest));
    }

    /** Both together. */
    public Bleu add(Bleu other) {
        List<PrecisionRecall> sum = new ArrayList<>();
        for (int n = 0; n < ORDERS; n++) sum.add(orders.get(n).add(other.orders.get(n)));
        return new Bleu(sum, length + other.length, referenceLength + other.referenceLength);
    }

    /** The share of n-grams of this length that stand in a reference; 0 where there are none so long. */
    public double precision(int n) {
        return order(n).precision();
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
        order(n);
        if (referenceLength == 0 && length == 0)
            throw new IllegalStateException("Bleu: no tokens were counted, so there is no score; add sentences first");
        if (order(1).correct() == 0) return 0;
        double sum = 0, halved = 1;
        for (int k = 1; k <= n; k++) {
            PrecisionRecall one = order(k);
            double p = one.precision();
            if (smoothing == Smoothing.ADD_ONE && k > 1) p = (one.correct() + 1.0) / (one.found() + 1.0);
            if (smoothing == Smoothing.EXPONENTIAL && one.correct() == 0 && one.found() > 0)
                p = (halved /= 2) / one.found();
            if (p == 0) return 0;
            sum += Math.log(p);
        }
        return brevityPenalty() * Math.exp(sum / n);
    }

    private PrecisionRecall order(int n) {
        if (n < 1 || n > ORDERS)
            throw new IllegalArgumentException("Bleu: expected n-grams of 1 to " + ORDERS + " but got n = " + n);
        return orders.get(n - 1);
    }

    @Override public String toString() {
        return referenceLength == 0 && length == 0
                ? "Bleu(none)"
                : String.format(Locale.ROOT,
                        "Bleu(%.2f %%: precisions %.1f, %.1f, %.1f, %.1f %%, brevity penalty %.3f, %,d tokens)",
                        100 * score(), 100 * precision(1), 100 * precision(2), 100 * precision(3), 100 * precision(4),
                        brevityPenalty(), length);
    }
}
