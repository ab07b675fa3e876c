package unroll.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;

/**
 * Batches that are made when they are asked for, by the number of their epoch and their number in it.
 *
 * @param perEpoch how many an epoch has
 * @param epochs   for an epoch what makes its batches 0 .. perEpoch - 1
 * @param text     for {@code toString}
 */
record NumberedBatches<B>(int perEpoch, IntFunction<IntFunction<B>> epochs, String text) implements Batches<B> {
    /**
     * In how many batches' worth of shuffled examples neighbours are sought: few leave much padding, many leave little
     * chance.
     */
    private static final int POOL = 20;

    /** Each epoch has the examples 0 .. n - 1 in an order of its own; its last batch may be smaller. */
    static <B> NumberedBatches<B> ordered(int n, int batchSize, IntFunction<int[]> order, Function<int[], B> batch) {
        int perEpoch = perEpoch(n, batchSize);
        return new NumberedBatches<>(perEpoch, epoch -> {
            int[] now = order.apply(epoch);
            return k -> batch.apply(Arrays.copyOfRange(now, k * batchSize, end(k, batchSize, n)));
        }, "ShuffledBatches(" + n + " examples, batch size " + batchSize + ", " + perEpoch + " batches an epoch)");
    }

    /** See {@link Batches#byLength}. All of an epoch comes from {@code rng.split(epoch)}. */
    static <B> NumberedBatches<B> byLength(int[] lengths, int batchSize, Rng rng, Function<int[], B> batch) {
        int n = lengths.length, perEpoch = perEpoch(n, batchSize);
        int[] own = lengths.clone();
        return new NumberedBatches<>(perEpoch, epoch -> {
            Rng now = rng.split(epoch);
            Integer[] order = IntStream.of(now.permutation(n)).boxed().toArray(Integer[]::new);
            long pool = (long) POOL * batchSize;
            for (long from = 0; from < n; from += pool)
                Arrays.sort(order, (int) from, (int) Math.min(n, from + pool),
                        Comparator.comparingInt((Integer i) -> own[i]));
            int[] turns = now.permutation(perEpoch);
            return k -> batch.apply(Arrays.stream(order, turns[k] * batchSize, end(turns[k], batchSize, n))
                    .mapToInt(i -> i).toArray());
        }, "LengthBatches(" + n + " examples of " + IntStream.of(own).min().orElse(0) + " to "
                + IntStream.of(own).max().orElse(0) + " steps, batch size " + batchSize + ", " + perEpoch
                + " batches an epoch)");
    }

    private static int perEpoch(int examples, int batchSize) {
        if (batchSize < 1)
            throw new IllegalArgumentException("Batches: the batch size must be at least 1 but is " + batchSize);
        if (examples < 1) throw new DatasetException(Reason.EMPTY, "Batches: there are no examples");
        return (examples - 1) / batchSize + 1;
    }

    private static int end(int k, int batchSize, int n) {
        return Math.min(n - k * batchSize, batchSize) + k * batchSize;
    }

    /** Ends in a {@link LoopInterruptedException} when its thread is interrupted. */
    @Override public Iterator<B> epoch(int epoch) {
        if (epoch < 0) throw new IllegalArgumentException("Batches: epochs are numbered 0, 1, 2, …, but got " + epoch);
        IntFunction<B> batch = epochs.apply(epoch);
        return new Iterator<>() {
            private int next;

            @Override public boolean hasNext() { return next < perEpoch; }

            @Override public B next() {
                if (!hasNext())
                    throw new NoSuchElementException(
                            "Batches: epoch " + epoch + " has " + perEpoch + " batches, and all were read");
                if (Thread.currentThread().isInterrupted())
                    throw new LoopInterruptedException("The loop was interrupted before batch " + next + " of "
                            + perEpoch + " in epoch " + epoch + " (both counted from 0). The model keeps the weights "
                            + "that its last step gave it.");
                return batch.apply(next++);
            }
        };
    }

    @Override public String toString() { return text; }
}
