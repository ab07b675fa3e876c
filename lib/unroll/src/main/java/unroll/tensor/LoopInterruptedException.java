package unroll.tensor;

/**
 * A long computation, or a loop over batches, was interrupted, as a notebook's stop button does. The kernel gives the
 * next cell a new thread at once while the old one runs on, so everything that can run longer than a second looks at
 * its thread's flag and ends with this exception. The flag stays set, so that whoever catches it still sees why, and
 * what comes after it ends too.
 */
public final class LoopInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LoopInterruptedException(String message) { super(Message.of(message)); }
}
