package unroll.text;

import java.util.Iterator;
import java.util.function.Function;

import unroll.tensor.Rng;

/**
 * Batches that are drawn anew: no example comes twice. Batch k of epoch e comes from {@code rng.split(e).split(k)}, so
 * it depends on both alone.
 */
final class GeneratedBatches<B> implements Batches<B> {
    private final int perEpoch;
    private final Rng rng;
    private final Function<Rng, B> batch;

    GeneratedBatches(int perEpoch, Rng rng, Function<Rng, B> batch) {
        if (perEpoch < 1)
            throw new IllegalArgumentException("Batches: an epoch needs at least 1 batch but has " + perEpoch);
        this.perEpoch = perEpoch;
        this.rng = rng;
        this.batch = batch;
    }

    @Override public int perEpoch() { return perEpoch; }

    @Override public Iterator<B> epoch(int epoch) {
        return new Epoch<>(epoch, perEpoch, k -> batch.apply(rng.split(epoch).split(k)));
    }

    @Override public String toString() { return "GeneratedBatches(" + perEpoch + " batches an epoch)"; }
}
