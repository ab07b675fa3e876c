package unroll.tensor;

/**
 * Weights cannot be read from a file or written to one: it is not of its format, damaged, or holds other weights; the
 * message names the file and the reason. Nothing was changed.
 */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CheckpointException(String message, Throwable cause) { super(Message.of(message), cause); }

    public CheckpointException(String message) { super(Message.of(message)); }
}
