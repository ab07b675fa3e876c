package unroll.tensor;

/** Two shapes do not fit the operation; the message names the operation and both shapes. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShapeException(String message) { super(Message.of(message)); }
}
