package unroll.data;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.text.VectorBatch;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le et al. 2015): T pairs of a number, uniform in
 * [0, 1), and a mark. Two numbers are marked, one in each half; the sum of these two is to be given after the last
 * step.
 *
 * <pre>{@code
 * var task = new AddingProblem(100);
 * Batches<VectorBatch> batches = task.batches(50, 200, Rng.seed(1));       // inputs: [100, 50, 2], targets: [50, 1]
 * }</pre>
 *
 * Who always answers 1 has a mean squared error of 1/6, the variance of the sum of two such numbers:
 * {@link #baseline()}. Papers often print 0.1767.
 *
 * @param steps T, at least 2
 */
public record AddingProblem(int steps) {
    public AddingProblem {
        if (steps < 2)
            throw new IllegalArgumentException(
                    "AddingProblem: expected at least 2 steps, one in each half, but got " + steps);
    }

    /**
     * Examples that are drawn independently: inputs {@code [T, B, 2]} with the number first and the mark, 0 or 1,
     * second; targets {@code [B, 1]}.
     */
    public VectorBatch batch(int batchSize, Rng rng) {
        int half = steps / 2;
        float[] numbers = rng.uniform(0, 1, steps, batchSize).data(), x = new float[2 * numbers.length],
                sums = new float[batchSize];
        for (int i = 0; i < numbers.length; i++) x[2 * i] = numbers[i];
        for (int b = 0; b < batchSize; b++)
            for (int t : new int[] {rng.nextInt(half), half + rng.nextInt(steps - half)}) {
                x[2 * (t * batchSize + b) + 1] = 1;
                sums[b] += numbers[t * batchSize + b];
            }
        return new VectorBatch(Tensor.of(x, steps, batchSize, 2), Tensor.of(sums, batchSize, 1));
    }

    /** New examples in each batch of each epoch. */
    public Batches<VectorBatch> batches(int batchSize, int perEpoch, Rng rng) {
        return Batches.generated(perEpoch, rng, r -> batch(batchSize, r));
    }

    /** The mean squared error of the answer 1, the best one for who knows nothing of the sequence: 1/6. */
    public static double baseline() {
        return 1 / 6.0;
    }
}
