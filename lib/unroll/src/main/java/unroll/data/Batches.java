package unroll.data;

import java.util.Iterator;

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

    /** The first epoch: for a loop that shows how training works. */
    @Override default Iterator<B> iterator() { return epoch(0); }
}
