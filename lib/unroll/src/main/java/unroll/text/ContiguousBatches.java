package unroll.text;

import java.util.Iterator;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.text.DatasetException.Reason;

/**
 * One long text, read in rows side by side, so that the state is carried from batch to batch (truncated backpropagation
 * through time).
 *
 * <pre>{@code
 * for (SequenceBatch batch : Batches.contiguous(ids, 64, 100)) …       // inputs, targets: [100, 64]
 * }</pre>
 *
 * The text is cut in {@code B} rows of {@code L = (n - 1) / B} symbols; row b of every batch goes on where row b of the
 * batch before ended. The target of each symbol is the one after it. Batches have {@code T} steps, the last of an epoch
 * what is left of L (1 .. T). Only what does not fill all rows, at most {@code B - 1} symbols at the end of the text,
 * is never predicted: {@link #leftOver()}. Every epoch is the same.
 */
public final class ContiguousBatches implements Batches<SequenceBatch> {
    private final int[] ids;
    private final int batchSize;
    private final int steps;
    private final int rowLength;

    /** @throws DatasetException if the ids do not fill one batch */
    public ContiguousBatches(int[] ids, int batchSize, int steps) {
        if (batchSize < 1 || steps < 1)
            throw new IllegalArgumentException(
                    "Batches: batch size and steps must be at least 1 but are " + batchSize + " and " + steps);
        rowLength = Math.max(0, ids.length - 1) / batchSize;
        if (rowLength < steps)
            throw new DatasetException(Reason.TOO_SHORT, "Batches: " + batchSize + " rows of " + steps
                    + " steps need at least " + ((long) batchSize * steps + 1) + " symbols but the text has "
                    + ids.length + ". " + advice(ids.length - 1, batchSize, steps));
        this.ids = ids.clone();
        this.batchSize = batchSize;
        this.steps = steps;
    }

    private static String advice(int predicted, int batchSize, int steps) {
        if (predicted < 1) return "Even one step needs two symbols: choose a longer text.";
        String fewerSteps = predicted >= batchSize
                ? "at most " + predicted / batchSize + " steps with " + batchSize + " rows"
                : "";
        String fewerRows = predicted >= steps ? "at most " + predicted / steps + " rows of " + steps + " steps" : "";
        if (fewerSteps.isEmpty() && fewerRows.isEmpty())
            return "One row of at most " + predicted + " steps fits; or choose a longer text.";
        return "What fits: " + fewerRows + (fewerSteps.isEmpty() || fewerRows.isEmpty() ? "" : ", or ") + fewerSteps
                + "; or choose a longer text.";
    }

    @Override public int perEpoch() { return (rowLength + steps - 1) / steps; }

    @Override public Iterator<SequenceBatch> epoch(int epoch) {
        return new NumberedBatches<>(perEpoch(), e -> this::batch, toString()).epoch(epoch);
    }

    private SequenceBatch batch(int k) {
        int from = k * steps, T = Math.min(steps, rowLength - from);
        int[] inputs = new int[T * batchSize], targets = new int[T * batchSize];
        for (int t = 0; t < T; t++)
            for (int b = 0; b < batchSize; b++) {
                int at = b * rowLength + from + t;
                inputs[t * batchSize + b] = ids[at];
                targets[t * batchSize + b] = ids[at + 1];
            }
        return new SequenceBatch(IntTensor.of(inputs, T, batchSize), IntTensor.of(targets, T, batchSize),
                Lengths.full(T, batchSize), k > 0);
    }

    /**
     * The symbols at the end of the text that are never predicted because they do not fill all rows; fewer than the
     * batch size.
     */
    public int leftOver() {
        return ids.length - 1 - batchSize * rowLength;
    }

    @Override public String toString() {
        return "ContiguousBatches(" + ids.length + " symbols, " + batchSize + " rows of " + rowLength + ", " + steps
                + " steps, " + perEpoch() + " batches an epoch, " + leftOver() + " symbols left over)";
    }
}
