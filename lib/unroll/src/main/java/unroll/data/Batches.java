package unroll.data;

import java.util.Iterator;
import java.util.List;

import unroll.tensor.Rng;

/**
 * The batches of every epoch, as a function of the epoch's number: so a run that was stopped continues exactly where it was.
 *
 * @param <B> what one batch is
 */
public interface Batches<B> extends Iterable<B> {
    /** How many batches an epoch has. */
    int perEpoch();

    /** The batches of epoch 0, 1, 2, …; equal numbers give equal batches. */
    Iterator<B> epoch(int epoch);

    /** A long text in {@code batchSize} rows, {@code steps} symbols at a time; the state is carried over. See {@link ContiguousBatches}. */
    static ContiguousBatches contiguous(int[] ids, int batchSize, int steps) {
        return new ContiguousBatches(ids, batchSize, steps);
    }

    /** Sequences of different length whose next symbols are to be predicted, in another order each epoch. See {@link PaddedBatches}. */
    static PaddedBatches padded(List<int[]> sequences, int batchSize, Rng rng) {
        return PaddedBatches.nextSymbols(sequences, batchSize).shuffled(rng);
    }

    /** The first epoch: for a loop that shows how training works. */
    @Override default Iterator<B> iterator() { return epoch(0); }
}
