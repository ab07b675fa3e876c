package unroll.recurrent;

import java.util.List;

/**
 * Simple recurrent networks over whole sequences: the equation of {@link ElmanCell} as one operation, with the backward
 * pass of {@link RnnRecurrence}.
 *
 * <pre>{@code
 * h' = tanh(x W + h U + b)
 *
 * var rnn = Rnn.of(64, 256).relu().build(rng);                     // tanh where nothing is said
 * var out = rnn.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code Rnn.of(64, 256).independent()} and other variants of {@link RnnSpec} are built in the same way; they run
 * unrolled.
 */
public final class Rnn extends FusedLayer<Hidden> {
    private final Nonlinearity nonlinearity;

    /** Runs the weights of a cell, which others may share. */
    public Rnn(ElmanCell cell) { this(cell, false, ""); }

    Rnn(ElmanCell cell, boolean learned, String more) {
        super("rnn", cell, learned, ", " + cell.nonlinearity() + more);
        nonlinearity = cell.nonlinearity();
    }

    /** The configuration of one or more layers with tanh. */
    public static RnnSpec of(int inputSize, int hiddenSize) {
        return new RnnSpec(inputSize, hiddenSize);
    }

    /** The same with another non-linearity. */
    public static RnnSpec of(int inputSize, int hiddenSize, Nonlinearity nonlinearity) {
        return of(inputSize, hiddenSize).nonlinearity(nonlinearity);
    }

    @Override List<String> gates() { return List.of("h"); }

    @Override Recurrence recurrence(Recurrence.Room room) { return new RnnRecurrence(room, nonlinearity); }
}
