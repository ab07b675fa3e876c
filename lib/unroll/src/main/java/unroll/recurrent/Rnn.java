package unroll.recurrent;

import java.util.List;
import java.util.Locale;

/**
 * Simple recurrent networks over whole sequences: the equation of {@link ElmanCell} as one operation, with the backward pass of
 * {@link RnnRecurrence}.
 *
 * <pre>{@code
 * var rnn = Rnn.of(64, 256).build(rng);                            // tanh
 * var out = rnn.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Rnn extends FusedLayer<Hidden> {
    private final Nonlinearity nonlinearity;

    /** Runs the weights of a cell, which may be shared with an {@link Unrolled} layer. */
    public Rnn(ElmanCell cell) {
        super("rnn", cell);
        nonlinearity = cell.nonlinearity();
    }

    /** The configuration of one or more layers with tanh. */
    public static RecurrentSpec of(int inputSize, int hiddenSize) {
        return of(inputSize, hiddenSize, Nonlinearity.TANH);
    }

    /** The same with another non-linearity. */
    public static RecurrentSpec of(int inputSize, int hiddenSize, Nonlinearity nonlinearity) {
        return new RecurrentSpec("Rnn", (in, hidden, rng) -> new Rnn(new ElmanCell(in, hidden, nonlinearity, rng)), inputSize, hiddenSize);
    }

    @Override boolean apart() { return false; }

    @Override List<String> gates() { return List.of("h"); }

    @Override Recurrence recurrence(SequencePass.Part part, int T) { return new RnnRecurrence(part, T, outputSize(), nonlinearity); }

    @Override public String toString() {
        return "Rnn(input=" + inputSize() + ", hidden=" + outputSize() + ", " + nonlinearity.name().toLowerCase(Locale.ROOT) + ")";
    }
}
