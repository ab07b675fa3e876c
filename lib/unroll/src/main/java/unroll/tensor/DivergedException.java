package unroll.tensor;

/**
 * A computation met numbers that are no longer finite: training went wrong earlier, and a result would look like one
 * and mean nothing.
 */
public class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DivergedException(String message) { super(Message.of(message)); }
}
