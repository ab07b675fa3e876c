package unroll.text;

import java.util.Arrays;
import java.util.Objects;

import unroll.tensor.Interrupts;

/**
 * The Markov assumption: p(w_i | w_1 … w_{i-1}) ≈ p(w_i | w_{i-n+1} … w_{i-1}), counted in a text. Every order k leans
 * on the next shorter context, down to the uniform distribution p_0:
 *
 * <pre>
 * Witten-Bell                p_k(w | c) = (a(c w) + d(c) p_{k-1}(w | c')) / (a(c) + d(c))
 * Kneser-Ney                 p_k(w | c) = (max(a(c w) - D, 0) + g(c) p_{k-1}(w | c')) / a(c)
 * </pre>
 *
 * Witten and Bell (1991): a are counts, d(c) is the number of different symbols seen after c. Kneser and Ney (1995),
 * interpolated as in Chen and Goodman (1999): a are counts at the highest order, and below it the number of different
 * symbols seen before c w; D is taken off, g(c) is what was taken off after c. One D an order, or, modified, three: for
 * a = 1, 2, and 3 and more.
 *
 * <pre>{@code
 * var counts = NGramModel.count(7, train, vocabulary.size(), NGramModel.Smoothing.MODIFIED_KNESER_NEY);
 * counts.evaluate(held).natsPerCharacter();
 * counts.probabilities(context);                                   // [V], of the symbol after these ids
 * }</pre>
 */
public final class NGramModel {
    /** How what was seen little leans on shorter contexts. */
    public enum Smoothing {
        WITTEN_BELL("Witten-Bell"), KNESER_NEY("Kneser-Ney"), MODIFIED_KNESER_NEY("modified Kneser-Ney");

        private final String text;

        Smoothing(String text) { this.text = text; }

        @Override public String toString() { return text; }
    }

    private final int symbols;
    private final Smoothing smoothing;
    private final NGramTrie trie;
    /** Of each level from 1 on: a; and what is taken off where a is 1, 2, and 3 and more. */
    private final int[][] weights;
    private final double[][] discounts;
    /** Of each context, by its length: what p_k is divided by, 0 where nothing follows; and the share of p_{k-1}. */
    private final double[][] whole, rest;

    private NGramModel(int symbols, Smoothing smoothing, NGramTrie trie) {
        this.symbols = symbols;
        this.smoothing = smoothing;
        this.trie = trie;
        boolean counted = smoothing == Smoothing.WITTEN_BELL;
        weights = counted ? trie.count : trie.differentBefore();
        discounts = new double[trie.order + 1][];
        whole = new double[trie.order][];
        rest = new double[trie.order][];
        for (int k = 1; k <= trie.order; k++) {
            discounts[k] = counted ? new double[3] : discounts(weights[k]);
            addUp(k - 1, counted);
        }
    }

    /** Counts with {@link Smoothing#WITTEN_BELL}. */
    public static NGramModel count(int order, int[] ids, int symbols) {
        return count(order, ids, symbols, Smoothing.WITTEN_BELL);
    }

    /** Counts all n-grams up to the order n in a text of ids 0 .. symbols - 1. */
    public static NGramModel count(int order, int[] ids, int symbols, Smoothing smoothing) {
        Objects.requireNonNull(smoothing, "smoothing");
        if (order < 1 || symbols < 2)
            throw new IllegalArgumentException(
                    "NGramModel: expected an order of at least 1 and two symbols but got " + order + " and " + symbols);
        if (ids.length < order)
            throw new IllegalArgumentException(
                    "NGramModel: a text of " + ids.length + " symbols has no " + order + "-grams");
        for (int id : ids)
            if (id < 0 || id >= symbols)
                throw new IllegalArgumentException(
                        "NGramModel: the text has the id " + id + " but ids go from 0 to " + (symbols - 1));
        return new NGramModel(symbols, smoothing, new NGramTrie(order, ids, symbols));
    }

    /** From how many n-grams have a = 1, 2, 3 and 4; where one of these is missing, fixed ones. */
    private double[] discounts(int[] a) {
        double[] n = new double[5];
        for (int v : a) if (v >= 1 && v <= 4) n[v]++;
        double y = n[1] / (n[1] + 2 * n[2]);
        if (smoothing == Smoothing.KNESER_NEY) {
            double d = n[1] > 0 && n[2] > 0 ? y : 0.5;
            return new double[] {d, d, d};
        }
        double[] d = new double[3];
        for (int j = 1; j <= 3; j++) {
            d[j - 1] = j - (j + 1) * y * n[j + 1] / n[j];
            if (n[j] == 0 || n[j + 1] == 0 || d[j - 1] < 0 || d[j - 1] > j) return new double[] {0.5, 1, 1.5};
        }
        return d;
    }

    private double discount(int level, int a) { return a == 0 ? 0 : discounts[level][Math.min(a, 3) - 1]; }

    /** Over what follows each context of that length. */
    private void addUp(int length, boolean counted) {
        int contexts = trie.size(length);
        whole[length] = new double[contexts];
        rest[length] = new double[contexts];
        for (int c = 0; c < contexts; c++) {
            Interrupts.check("NGramModel", c);
            for (int j = trie.begin(length, c); j < trie.end(length, c); j++) {
                int a = weights[length + 1][j];
                whole[length][c] += counted ? a + 1 : a;
                rest[length][c] += counted ? 1 : discount(length + 1, a);
            }
        }
    }

    /** p(ids[i] | the symbols before it). */
    public double probability(int[] ids, int i) {
        double p = 1.0 / symbols;
        for (int length = 0; length < trie.order && length <= i; length++) {
            int c = trie.find(ids, i - length, i);
            if (c < 0) break;
            if (whole[length][c] == 0) continue;
            int next = trie.child(length, c, ids[i]), a = next < 0 ? 0 : weights[length + 1][next];
            p = (a - discount(length + 1, a) + rest[length][c] * p) / whole[length][c];
        }
        return p;
    }

    /** The probability of each symbol after these ids, of which the last order - 1 count, {@code [symbols]}. */
    public double[] probabilities(int[] context) {
        double[] p = new double[symbols];
        Arrays.fill(p, 1.0 / symbols);
        for (int length = 0; length < trie.order && length <= context.length; length++) {
            int c = trie.find(context, context.length - length, context.length);
            if (c < 0) break;
            double all = whole[length][c], share = rest[length][c] / all;
            if (all == 0) continue;
            for (int s = 0; s < symbols; s++) p[s] *= share;
            for (int j = trie.begin(length, c); j < trie.end(length, c); j++) {
                int a = weights[length + 1][j];
                p[trie.symbol[length + 1][j]] += (a - discount(length + 1, a)) / all;
            }
        }
        return p;
    }

    /** How well it predicts a text of characters, after its first. */
    public Perplexity evaluate(int[] ids) {
        return new Perplexity(nats(ids), Math.max(0, ids.length - 1), Math.max(0, ids.length - 1));
    }

    /** The same for a text of words, whose length decides what it costs per character. */
    public Perplexity evaluate(int[] ids, Vocabulary vocabulary) {
        int[] targets = Arrays.copyOfRange(ids, Math.min(1, ids.length), ids.length);
        return new Perplexity(nats(ids), targets.length, vocabulary.characters(targets));
    }

    private double nats(int[] ids) {
        double nats = 0;
        for (int i = 1; i < ids.length; i++) {
            Interrupts.check("NGramModel", i);
            nats -= Math.log(probability(ids, i));
        }
        return nats;
    }

    /** The number of counts that it keeps: its parameters. */
    public long parameterCount() {
        long all = 0;
        for (int k = 1; k <= trie.order; k++) all += trie.size(k);
        return all;
    }

    @Override public String toString() {
        return "NGramModel(order=" + trie.order + ", " + symbols + " symbols, " + smoothing + ")";
    }
}
