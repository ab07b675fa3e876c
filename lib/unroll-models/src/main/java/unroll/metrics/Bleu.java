package unroll.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import unroll.tensor.Message;

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
 * Scores are in 0 .. 1; papers often give a hundred times as much. They depend on how sentences are cut into tokens.
 * The figures are those of sacreBLEU and NLTK for the same tokens.
 *
 * @param orders          n-grams in common, written and wanted, for n = 1 to {@value #ORDERS}
 * @param length          how many tokens were written
 * @param referenceLength how many the references have
 */
public record Bleu(List<PrecisionRecall> orders, long length, long referenceLength) {
    /** The longest n-grams that are counted. */
    public static final int ORDERS = 4;

    public Bleu {
        orders = List.copyOf(orders);
    }

    public static Bleu none() { return new Bleu(Collections.nCopies(ORDERS, PrecisionRecall.none()), 0, 0); }

    /** One sentence more. Of the references' lengths that counts which is nearest, of equally near ones the shorter. */
    public Bleu add(List<?> written, List<? extends List<?>> references) {
        Message.require(!references.isEmpty(), "Bleu: expected at least one reference for a sentence but got none");
        List<PrecisionRecall> own = new ArrayList<>();
        for (int n = 1; n <= ORDERS; n++) {
            NGramCounts allowed = NGramCounts.of(references.get(0), n);
            for (List<?> reference : references) allowed.takeMost(NGramCounts.of(reference, n));
            own.add(NGramCounts.of(written, n).among(allowed));
        }
        int nearest = references.stream().map(List::size).min(
                Comparator.comparingInt((Integer size) -> Math.abs(size - written.size())).thenComparing(size -> size))
                .get();
        return add(new Bleu(own, written.size(), nearest));
    }

    /** Both together. */
    public Bleu add(Bleu other) {
        List<PrecisionRecall> sum = new ArrayList<>();
        for (int n = 0; n < ORDERS; n++) sum.add(orders.get(n).add(other.orders.get(n)));
        return new Bleu(sum, length + other.length, referenceLength + other.referenceLength);
    }

    /** 0 where there are no n-grams so long. */
    public double precision(int n) { return order(n).precision(); }

    /** 1, or e^(1 - r/c) where the c tokens that were written are fewer than the r of the references. */
    public double brevityPenalty() {
        return length >= referenceLength ? 1 : length == 0 ? 0 : Math.exp(1 - (double) referenceLength / length);
    }

    /** BLEU-4. */
    public double score() { return score(ORDERS); }

    /** BLEU of 1 to {@code n}-grams, each with the same weight; 0 where an order has no match, as published. */
    public double score(int n) {
        order(n);
        if (referenceLength == 0 && length == 0)
            throw new IllegalStateException("Bleu: no tokens were counted, so there is no score; add sentences first");
        double sum = 0;
        for (int k = 1; k <= n; k++) sum += Math.log(precision(k));
        return brevityPenalty() * Math.exp(sum / n);
    }

    private PrecisionRecall order(int n) {
        Message.require(n >= 1 && n <= ORDERS, "Bleu: expected n-grams of 1 to " + ORDERS + " but got n = " + n);
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
