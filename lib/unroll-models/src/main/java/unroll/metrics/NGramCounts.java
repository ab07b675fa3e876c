package unroll.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.Interrupts;

/** How often each run of n neighbouring symbols occurs in a sequence. */
record NGramCounts(Map<List<?>, Integer> counts) {
    static NGramCounts of(List<?> sequence, int n) {
        Map<List<?>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= sequence.size(); i++) {
            Interrupts.check("n-gram counts", i);
            counts.merge(sequence.subList(i, i + n), 1, Integer::sum);
        }
        return new NGramCounts(counts);
    }

    /** Each n-gram as often as in the one that has most of it. */
    void takeMost(NGramCounts other) {
        other.counts.forEach((gram, n) -> counts.merge(gram, n, Math::max));
    }

    /** How many there are. */
    int total() { return counts.values().stream().mapToInt(n -> n).sum(); }

    /** How many of these are among those wanted, each of which is used once. */
    PrecisionRecall among(NGramCounts wanted) {
        int matches = counts.entrySet().stream()
                .mapToInt(e -> Math.min(e.getValue(), wanted.counts.getOrDefault(e.getKey(), 0))).sum();
        return new PrecisionRecall(matches, total(), wanted.total());
    }
}
