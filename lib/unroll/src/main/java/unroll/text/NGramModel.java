package unroll.text;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

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
    private final String origin;
    private final NGramTrie trie;
    /** Of each n-gram c w, by its length: p(w | c). */
    private final double[][] p;
    /** Of each context c, by its length: the share of the next shorter one where c w was not seen. */
    private final double[][] share;

    /** The back-off form: p(w | c) of what was seen, and share(c) p(w | c') of all else. */
    NGramModel(int symbols, String origin, NGramTrie trie, double[][] p, double[][] share) {
        this.symbols = symbols;
        this.origin = origin;
        this.trie = trie;
        this.p = p;
        this.share = share;
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
        return smoothed(symbols, smoothing, NGramTrie.of(order, ids, symbols));
    }

    private static NGramModel smoothed(int symbols, Smoothing smoothing, NGramTrie trie) {
        boolean counted = smoothing == Smoothing.WITTEN_BELL;
        int[][] weights = counted ? trie.count : trie.differentBefore();
        double[][] p = new double[trie.order + 1][], share = new double[trie.order][];
        int[] shorter = {-1};                                              // of each context without its first symbol
        for (int length = 0; length < trie.order; length++) {
            int[] a = weights[length + 1], own = new int[trie.size(length + 1)];
            double[] discounts = counted ? new double[3] : discounts(smoothing, a);
            p[length + 1] = new double[a.length];
            share[length] = new double[trie.size(length)];
            for (int c = 0; c < share[length].length; c++) {
                Interrupts.check("NGramModel", c);
                double whole = 0, rest = 0;
                for (int j = trie.begin(length, c); j < trie.end(length, c); j++) {
                    whole += counted ? a[j] + 1 : a[j];
                    rest += counted ? 1 : discount(discounts, a[j]);
                }
                share[length][c] = whole == 0 ? 1 : rest / whole;
                for (int j = trie.begin(length, c); j < trie.end(length, c); j++) {
                    own[j] = length == 0 ? 0 : trie.child(length - 1, shorter[c], trie.symbol[length + 1][j]);
                    double before = length == 0 ? 1.0 / symbols : p[length][own[j]];
                    p[length + 1][j] = whole == 0 ? before : (a[j] - discount(discounts, a[j]) + rest * before) / whole;
                }
            }
            shorter = own;
        }
        return new NGramModel(symbols, smoothing.toString(), trie, p, share);
    }

    /** From how many n-grams have a = 1, 2, 3 and 4; where one of these is missing, fixed ones. */
    private static double[] discounts(Smoothing smoothing, int[] a) {
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

    private static double discount(double[] discounts, int a) { return a == 0 ? 0 : discounts[Math.min(a, 3) - 1]; }

    /** p(ids[i] | the symbols before it). */
    public double probability(int[] ids, int i) {
        double factor = 1;
        for (int length = Math.min(trie.order - 1, i); length >= 0; length--) {
            int c = trie.find(ids, i - length, i);
            if (c < 0) continue;
            int next = trie.child(length, c, ids[i]);
            if (next >= 0) return factor * p[length + 1][next];
            factor *= share[length][c];
        }
        return factor / symbols;
    }

    /** The probability of each symbol after these ids, of which the last order - 1 count, {@code [symbols]}. */
    public double[] probabilities(int[] context) {
        double[] all = new double[symbols];
        Arrays.fill(all, 1.0 / symbols);
        for (int length = 0; length < trie.order && length <= context.length; length++) {
            int c = trie.find(context, context.length - length, context.length);
            if (c < 0) break;
            for (int s = 0; s < symbols; s++) all[s] *= share[length][c];
            for (int j = trie.begin(length, c); j < trie.end(length, c); j++)
                all[trie.symbol[length + 1][j]] = p[length + 1][j];
        }
        return all;
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

    private double nats(int[] ids) { return -Arrays.stream(logProbabilities(ids)).sum(); }

    private double[] logProbabilities(int[] ids) {
        double[] all = new double[Math.max(0, ids.length - 1)];
        for (int i = 0; i < all.length; i++) {
            Interrupts.check("NGramModel", i);
            all[i] = Math.log(probability(ids, i + 1));
        }
        return all;
    }

    /**
     * These counts beside other predictors of the same vocabulary.
     *
     * @throws IllegalArgumentException if it has another number of symbols than what was counted
     */
    public Predictor over(Vocabulary vocabulary) {
        Message.require(vocabulary.size() == symbols, this + ": the vocabulary has " + vocabulary.size() + " symbols");
        return new Predictor() {
            @Override public Vocabulary vocabulary() { return vocabulary; }

            @Override public double[] logProbabilities(int[] ids) { return NGramModel.this.logProbabilities(ids); }

            @Override public Reading begin() { return new Window(); }

            @Override public String toString() { return NGramModel.this.toString(); }
        };
    }

    /** The last symbols of a text, as many as a context has at most. */
    private final class Window implements Predictor.Reading {
        private int[] last = {};

        @Override public void take(int symbol) {
            Objects.checkIndex(symbol, symbols);
            int keep = Math.min(last.length, Math.max(0, order() - 2));
            int[] next = Arrays.copyOfRange(last, last.length - keep, last.length + 1);
            next[keep] = symbol;
            last = next;
        }

        @Override public double[] probabilities() { return NGramModel.this.probabilities(last); }
    }

    /** The longest n-grams have so many symbols. */
    public int order() { return trie.order; }

    /** The ids go from 0 to this, which is not one of them. */
    public int symbols() { return symbols; }

    /** How many n-grams of n symbols it tells apart; of one symbol all. */
    int ngrams(int n) {
        return n == 1 ? symbols : trie.size(n);
    }

    /** Takes an n-gram, the probability of its last symbol, and its share as a context, NaN where it is none. */
    interface Visitor {
        void take(int[] ids, double p, double share) throws IOException;
    }

    /** All n-grams of n symbols. */
    void each(int n, Visitor visitor) throws IOException {
        int[] ids = new int[n];
        if (n > 1) {
            each(0, 0, ids, visitor);
            return;
        }
        for (ids[0] = 0; ids[0] < symbols; ids[0]++)
            visitor.take(ids, probability(ids, 0), share(1, trie.child(0, 0, ids[0])));
    }

    private void each(int length, int node, int[] ids, Visitor visitor) throws IOException {
        for (int j = trie.begin(length, node); j < trie.end(length, node); j++) {
            Interrupts.check("NGramModel", j);
            ids[length] = trie.symbol[length + 1][j];
            if (length + 1 < ids.length) each(length + 1, j, ids, visitor);
            else
                visitor.take(ids, p[length + 1][j], share(length + 1, j));
        }
    }

    private double share(int length, int node) {
        return node < 0 || length == trie.order || trie.begin(length, node) == trie.end(length, node)
                ? Double.NaN
                : share[length][node];
    }

    /** A model from the probabilities and shares themselves, level by level. */
    static final class BackOff {
        private final int symbols;
        private final NGramTrie trie;
        private final double[][] p, share;
        private int level;

        BackOff(int order, int symbols) {
            this.symbols = symbols;
            trie = NGramTrie.empty(order);
            p = new double[order + 1][];
            share = new double[order][];
            share[0] = new double[1];
        }

        /** All n-grams of the next length; a share may be NaN where no longer one begins so. */
        void add(int[] ids, double[] p, double[] share) {
            int[] nodes = trie.add(++level, ids);
            this.p[level] = new double[nodes.length];
            for (int i = 0; i < nodes.length; i++) this.p[level][nodes[i]] = p[i];
            for (int c = 0; level > 1 && c < trie.size(level - 1); c++) {
                if (!Double.isNaN(this.share[level - 1][c])) continue;
                if (trie.begin(level - 1, c) < trie.end(level - 1, c))
                    throw new IllegalArgumentException("a " + (level - 1)
                            + "-gram begins longer ones but has no back-off weight");
                this.share[level - 1][c] = 1;
            }
            if (level == trie.order) return;
            this.share[level] = new double[nodes.length];
            for (int i = 0; i < nodes.length; i++) this.share[level][nodes[i]] = share[i];
        }

        NGramModel model(String origin) { return new NGramModel(symbols, origin, trie, p, share); }
    }

    /** The number of n-grams that it keeps: its parameters. */
    public long parameterCount() {
        long all = 0;
        for (int k = 1; k <= trie.order; k++) all += trie.size(k);
        return all;
    }

    @Override public String toString() {
        return "NGramModel(order=" + trie.order + ", " + symbols + " symbols, " + origin + ")";
    }
}
