package unroll.data;

import java.util.function.Function;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;

/**
 * Strings whose last symbol is the answer, drawn once: string i from {@code rng.split(i)}. Read is all but the answer.
 */
record RecallStrings(int symbols, Function<Rng, int[]> string) {
    /**
     * Strings to learn from, in another order each epoch; to be given is the next symbol at each step, or the answer
     * only.
     */
    Batches<LabelledBatch> training(int strings, int batchSize, boolean everyStep, Rng rng) {
        Rng drawn = rng.split(0);
        return Batches.shuffled(strings, batchSize, rng.split(1), chosen -> batch(drawn, chosen, everyStep));
    }

    /** Strings to be tested on: only the answer counts. */
    LabelledBatch test(int strings, Rng rng) {
        if (strings < 1) throw new IllegalArgumentException("expected at least 1 string but got " + strings);
        return batch(rng.split(0), IntStream.range(0, strings).toArray(), false);
    }

    private LabelledBatch batch(Rng drawn, int[] chosen, boolean everyStep) {
        int B = chosen.length, T = string.apply(drawn.split(0)).length - 1;
        int[] x = new int[T * B], y = new int[T * B];
        for (int b = 0; b < B; b++) {
            int[] s = string.apply(drawn.split(chosen[b]));
            for (int t = 0; t < T; t++) {
                x[t * B + b] = s[t];
                y[t * B + b] = everyStep || t == T - 1 ? s[t + 1] : SequenceBatch.IGNORE;
            }
        }
        return LabelledBatch.ofSymbols(IntTensor.of(x, T, B), symbols, Lengths.full(T, B), IntTensor.of(y, T, B));
    }
}
