package unroll.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.Interrupts;

/**
 * The Markov assumption: p(w_i | w_1 … w_{i-1}) ≈ p(w_i | w_{i-n+1} … w_{i-1}), counted in a text. Contexts that were
 * seen little lean on shorter ones (Witten and Bell 1991): p_k = (c(context, w) + d p_{k-1}(w)) / (c(context) + d),
 * with d the number of different symbols seen after the context, down to the uniform distribution.
 *
 * <pre>{@code
 * var bigram = NGramModel.count(2, vocabulary.encode(corpus.train()), vocabulary.size());
 * bigram.evaluate(held).natsPerCharacter();
 * }</pre>
 */
public final class NGramModel {
    private final int order, symbols;
    /** For each length of a context: what followed each context that was seen. */
    private final List<Map<List<Integer>, Counts>> byLength;

    private NGramModel(int order, int symbols, List<Map<List<Integer>, Counts>> byLength) {
        this.order = order;
        this.symbols = symbols;
        this.byLength = byLength;
    }

    /** How often each symbol followed a context. */
    private static final class Counts {
        private final Map<Integer, Integer> of = new HashMap<>();
        private int all;

        void add(int symbol) {
            of.merge(symbol, 1, Integer::sum);
            all++;
        }
    }

    /** Counts all n-grams up to the order n in a text of ids 0 .. symbols - 1. */
    public static NGramModel count(int order, int[] ids, int symbols) {
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
        List<Map<List<Integer>, Counts>> byLength = new ArrayList<>();
        for (int length = 0; length < order; length++) {
            Map<List<Integer>, Counts> counts = new HashMap<>();
            for (int i = length; i < ids.length; i++) {
                Interrupts.check("NGramModel", i);
                counts.computeIfAbsent(context(ids, i, length), c -> new Counts()).add(ids[i]);
            }
            byLength.add(counts);
        }
        return new NGramModel(order, symbols, byLength);
    }

    private static List<Integer> context(int[] ids, int i, int length) {
        List<Integer> before = new ArrayList<>(length);
        for (int j = i - length; j < i; j++) before.add(ids[j]);
        return before;
    }

    /** p(ids[i] | the symbols before it). */
    public double probability(int[] ids, int i) {
        double p = 1.0 / symbols;
        for (int length = 0; length < order && length <= i; length++) {
            Counts counts = byLength.get(length).get(context(ids, i, length));
            if (counts == null) break;
            int different = counts.of.size();
            p = (counts.of.getOrDefault(ids[i], 0) + different * p) / (counts.all + different);
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
        return byLength.stream().flatMap(m -> m.values().stream()).mapToLong(c -> c.of.size()).sum();
    }

    @Override public String toString() {
        return "NGramModel(order=" + order + ", " + symbols + " symbols, Witten-Bell)";
    }
}
