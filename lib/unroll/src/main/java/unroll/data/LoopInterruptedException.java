package unroll.data;

/**
 * The thread that reads batches was interrupted, as a notebook's stop button does. The kernel gives the next cell a new thread at once while
 * the old one runs on, so every loop over batches ends with this exception before its next batch.
 */
public final class LoopInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Interrupted at another place than between two batches. */
    public LoopInterruptedException(String message) { super(message); }

    LoopInterruptedException(int epoch, int batch, int perEpoch) {
        super("The loop was interrupted before batch " + batch + " of " + perEpoch + " in epoch " + epoch
                + " (both counted from 0). The model keeps the weights that its last step gave it.");
    }
}
