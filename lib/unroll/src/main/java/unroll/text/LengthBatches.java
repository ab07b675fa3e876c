package unroll.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.IntStream;

import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;

/**
 * Batches of numbered examples of about the same length, each example once an epoch. All of an epoch comes from
 * {@code rng.split(epoch)}: the examples are shuffled, each {@value #POOL} batches of them sorted by length and cut
 * into batches, and the batches shuffled. One batch may be smaller.
 */
final class LengthBatches<B> implements Batches<B> {
    /**
     * In how many batches' worth of shuffled examples neighbours are sought: few leave much padding, many leave little
     * chance.
     */
    private static final int POOL = 20;

    private final int[] lengths;
    private final int batchSize;
    private final Rng rng;
    private final Function<int[], B> batch;

    LengthBatches(int[] lengths, int batchSize, Rng rng, Function<int[], B> batch) {
        if (batchSize < 1)
            throw new IllegalArgumentException("Batches: the batch size must be at least 1 but is " + batchSize);
        if (lengths.length < 1) throw new DatasetException(Reason.EMPTY, "Batches: there are no examples");
        this.lengths = lengths.clone();
        this.batchSize = batchSize;
        this.rng = rng;
        this.batch = batch;
    }

    @Override public int perEpoch() { return (lengths.length + batchSize - 1) / batchSize; }

    @Override public Iterator<B> epoch(int epoch) {
        Rng own = rng.split(epoch);
        Integer[] order = IntStream.of(own.permutation(lengths.length)).boxed().toArray(Integer[]::new);
        long pool = (long) POOL * batchSize;
        for (long from = 0; from < order.length; from += pool)
            Arrays.sort(order, (int) from, (int) Math.min(order.length, from + pool),
                    Comparator.comparingInt((Integer i) -> lengths[i]));
        int[] turns = own.permutation(perEpoch());
        return new Epoch<>(epoch, perEpoch(), k -> {
            int from = turns[k] * batchSize, to = Math.min(order.length - from, batchSize) + from;
            return batch.apply(Arrays.stream(order, from, to).mapToInt(i -> i).toArray());
        });
    }

    @Override public String toString() {
        return "LengthBatches(" + lengths.length + " examples of " + IntStream.of(lengths).min().orElse(0) + " to "
                + IntStream.of(lengths).max().orElse(0)
                + " steps, batch size " + batchSize + ", " + perEpoch() + " batches an epoch)";
    }
}
