package unroll.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.Interrupts;

/** How often each run of n neighbouring symbols occurs in a sequence. */
final class NGramCounts {
    private final Map<List<?>, Integer> counts = new HashMap<>();
    private int total;

    static NGramCounts of(List<?> sequence, int n) {
        NGramCounts all = new NGramCounts();
        for (int i = 0; i + n <= sequence.size(); i++) {
            Interrupts.check("n-gram counts", i);
            all.counts.merge(sequence.subList(i, i + n), 1, Integer::sum);
        }
        all.total = Math.max(0, sequence.size() - n + 1);
        return all;
    }

    /** Each n-gram as often as in the one that has most of it. */
    void takeMost(NGramCounts other) {
        other.counts.forEach((gram, n) -> counts.merge(gram, n, Math::max));
    }

    /** How many of these are among the others, each of which is used once. */
    int matches(NGramCounts others) {
        int matches = 0;
        for (var entry : counts.entrySet())
            matches += Math.min(entry.getValue(), others.counts.getOrDefault(entry.getKey(), 0));
        return matches;
    }

    int total() { return total; }
}
