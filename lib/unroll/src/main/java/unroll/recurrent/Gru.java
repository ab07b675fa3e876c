package unroll.recurrent;

import java.util.List;

/**
 * Gated recurrent units over whole sequences: the equations of {@link GruCell} as one operation, with the backward pass of {@link GruRecurrence}.
 *
 * <pre>{@code
 * var gru = Gru.of(64, 256).layers(2).build(rng);
 * var out = gru.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@link Recording} shows its gates and their gradients at each step.
 */
public final class Gru extends FusedLayer<Hidden> {
    /** Runs the weights of a cell, which may be shared with an {@link Unrolled} layer. */
    public Gru(GruCell cell) { super("gru", cell); }

    /** The configuration of one or more layers. */
    public static RecurrentSpec of(int inputSize, int hiddenSize) {
        return new RecurrentSpec("Gru", (in, hidden, rng) -> new Gru(new GruCell(in, hidden, rng)), inputSize, hiddenSize);
    }

    /** The reset gate acts on h U_n alone. */
    @Override boolean apart() { return true; }

    @Override List<String> gates() { return List.of("r", "z", "n"); }

    @Override Recurrence recurrence(SequencePass.Part part, int T) { return new GruRecurrence(part, T, outputSize()); }

    @Override public String toString() { return "Gru(input=" + inputSize() + ", hidden=" + outputSize() + ")"; }
}
