package unroll.tensor;

/** A file of tensors cannot be read or written; the message names it and the reason. */
public final class TensorFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TensorFileException(String message, Throwable cause) { super(Message.of(message), cause); }

    TensorFileException(String message) { super(Message.of(message)); }
}
