package unroll.train;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import unroll.text.Batches;

/** The first batches of each epoch of others. */
record FirstBatches<B>(Batches<B> all, int perEpoch) implements Batches<B> {
    @Override public Iterator<B> epoch(int epoch) {
        Iterator<B> from = all.epoch(epoch);
        return List.copyOf(Stream.generate(from::next).limit(perEpoch).toList()).iterator();
    }
}
