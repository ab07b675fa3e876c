package unroll.text;

import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;

import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;

/**
 * Batches of numbered examples, each once an epoch; the order of epoch e comes from {@code rng.split(e)}. The last
 * batch may be smaller.
 */
final class ShuffledBatches<B> implements Batches<B> {
    private final int examples;
    private final int batchSize;
    private final Rng rng;
    private final Function<int[], B> batch;

    ShuffledBatches(int examples, int batchSize, Rng rng, Function<int[], B> batch) {
        if (batchSize < 1)
            throw new IllegalArgumentException("Batches: the batch size must be at least 1 but is " + batchSize);
        if (examples < 1) throw new DatasetException(Reason.EMPTY, "Batches: there are no examples");
        this.examples = examples;
        this.batchSize = batchSize;
        this.rng = rng;
        this.batch = batch;
    }

    @Override public int perEpoch() { return (examples + batchSize - 1) / batchSize; }

    @Override public Iterator<B> epoch(int epoch) {
        int[] order = rng.split(epoch).permutation(examples);
        return new Epoch<>(epoch, perEpoch(),
                k -> batch.apply(Arrays.copyOfRange(order, k * batchSize, Math.min(examples, (k + 1) * batchSize))));
    }

    @Override public String toString() {
        return "ShuffledBatches(" + examples + " examples, batch size " + batchSize + ", " + perEpoch()
                + " batches an epoch)";
    }
}
