package unroll.data;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;

/**
 * The copying task (Hochreiter and Schmidhuber 1997, in the form of Arjovsky et al. 2016): ten symbols out of eight,
 * then T - 1 blanks, a delimiter and ten more blanks. To be given: T + 10 blanks, then the ten symbols in their order.
 *
 * <pre>{@code
 * var task = new CopyTask(50);
 * // inputs: [70, 50, 10], 1-of-10; labels: [70, 50]
 * Batches<LabelledBatch> batches = task.batches(50, 200, Rng.seed(1));
 * }</pre>
 *
 * @param delay T, at least 1
 */
public record CopyTask(int delay) {
    /** The symbols to be copied are 0 to 7. */
    public static final int SYMBOLS = 8;
    /** How many of them there are in a sequence. */
    public static final int COPIED = 10;
    public static final int BLANK = 8, DELIMITER = 9;
    /** Symbols, blank and delimiter. */
    public static final int CLASSES = 10;

    public CopyTask {
        if (delay < 1)
            throw new IllegalArgumentException("CopyTask: expected a delay of at least 1 step but got " + delay);
    }

    /** T + 20. */
    public int steps() { return delay + 2 * COPIED; }

    /** Examples that are drawn independently, with a label for each step. */
    public LabelledBatch batch(int batchSize, Rng rng) {
        int T = steps();
        int[] x = new int[T * batchSize], y = new int[T * batchSize];
        Arrays.fill(x, BLANK);
        Arrays.fill(y, BLANK);
        for (int b = 0; b < batchSize; b++) {
            for (int i = 0; i < COPIED; i++)
                x[i * batchSize + b] = y[(T - COPIED + i) * batchSize + b] = rng.nextInt(SYMBOLS);
            x[(COPIED + delay - 1) * batchSize + b] = DELIMITER;
        }
        return LabelledBatch.ofSymbols(IntTensor.of(x, T, batchSize), CLASSES, Lengths.full(T, batchSize),
                IntTensor.of(y, T, batchSize));
    }

    /** New examples in each batch of each epoch. */
    public Batches<LabelledBatch> batches(int batchSize, int perEpoch, Rng rng) {
        return Batches.generated(perEpoch, rng, r -> batch(batchSize, r));
    }

    /**
     * The mean loss in nats a step of who remembers nothing: blanks where they belong, then one of eight at random, 10
     * ln 8 / (T + 20).
     */
    public double baseline() {
        return COPIED * Math.log(SYMBOLS) / steps();
    }
}
