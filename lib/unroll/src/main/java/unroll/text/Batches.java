package unroll.text;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

import unroll.tensor.Rng;

/**
 * The batches of every epoch, as a function of the epoch's number: so a run that was stopped continues exactly where it
 * was.
 *
 * @param <B> what one batch is
 */
public interface Batches<B> extends Iterable<B> {
    /** How many batches an epoch has. */
    int perEpoch();

    /** The batches of epoch 0, 1, 2, …; equal numbers give equal batches. */
    Iterator<B> epoch(int epoch);

    /**
     * A long text in {@code batchSize} rows, {@code steps} symbols at a time; the state is carried over. See
     * {@link ContiguousBatches}.
     */
    static ContiguousBatches contiguous(int[] ids, int batchSize, int steps) {
        return new ContiguousBatches(ids, batchSize, steps);
    }

    /**
     * Sequences of different length whose next symbols are to be predicted, in another order each epoch. See
     * {@link PaddedBatches}.
     */
    static PaddedBatches padded(List<int[]> sequences, int batchSize, Rng rng) {
        return PaddedBatches.nextSymbols(sequences, batchSize).shuffled(rng);
    }

    /**
     * Batches that a task draws anew, so that no example comes twice: {@code Batches.generated(100, rng, r ->
     * task.batch(50, r))}. Batch k of epoch e comes from {@code rng.split(e).split(k)}.
     */
    static <B> Batches<B> generated(int perEpoch, Rng rng, Function<Rng, B> batch) {
        if (perEpoch < 1)
            throw new IllegalArgumentException("Batches: an epoch needs at least 1 batch but has " + perEpoch);
        return new NumberedBatches<>(perEpoch, epoch -> k -> batch.apply(rng.split(epoch).split(k)),
                "GeneratedBatches(" + perEpoch + " batches an epoch)");
    }

    /**
     * Batches of the examples 0 .. n - 1, in another order each epoch, that of epoch e from {@code rng.split(e)}; the
     * function makes one batch from the numbers of its examples. The last one may be smaller.
     */
    static <B> Batches<B> shuffled(int examples, int batchSize, Rng rng, Function<int[], B> batch) {
        return NumberedBatches.ordered(examples, batchSize, epoch -> rng.split(epoch).permutation(examples), batch);
    }

    /**
     * Batches of examples of about the same length, so that little is padding; which ones come together, and when, is
     * drawn anew each epoch: the examples are shuffled, each 20 batches of them sorted by length and cut into batches,
     * and the batches shuffled. Example i has the length {@code lengths[i]}; the function makes one batch from the
     * numbers of its examples. One may be smaller.
     */
    static <B> Batches<B> byLength(int[] lengths, int batchSize, Rng rng, Function<int[], B> batch) {
        return NumberedBatches.byLength(lengths, batchSize, rng, batch);
    }

    /** The first epoch: for a loop that shows how training works. */
    @Override default Iterator<B> iterator() {
        return epoch(0);
    }
}
