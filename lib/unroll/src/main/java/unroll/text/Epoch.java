package unroll.text;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

import unroll.tensor.LoopInterruptedException;

/**
 * The batches 0 .. n - 1 of one epoch, each made when it is asked for; ends in a {@link LoopInterruptedException} when
 * its thread is interrupted.
 */
final class Epoch<B> implements Iterator<B> {
    private final int epoch;
    private final int batches;
    private final IntFunction<B> batch;
    private int next;

    Epoch(int epoch, int batches, IntFunction<B> batch) {
        if (epoch < 0) throw new IllegalArgumentException("Batches: epochs are numbered 0, 1, 2, …, but got " + epoch);
        this.epoch = epoch;
        this.batches = batches;
        this.batch = batch;
    }

    @Override public boolean hasNext() { return next < batches; }

    @Override public B next() {
        if (!hasNext())
            throw new NoSuchElementException(
                    "Batches: epoch " + epoch + " has " + batches + " batches, and all were read");
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException(
                    "The loop was interrupted before batch " + next + " of " + batches + " in epoch " + epoch
                            + " (both counted from 0). The model keeps the weights that its last step gave it.");
        return batch.apply(next++);
    }
}
