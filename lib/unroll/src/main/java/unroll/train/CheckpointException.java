package unroll.train;

import unroll.tensor.Message;

/** A checkpoint cannot be written or read; the message names the file and the reason. Nothing was changed. */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CheckpointException(String message, Throwable cause) { super(Message.of(message), cause); }

    CheckpointException(String message) { super(Message.of(message)); }
}
