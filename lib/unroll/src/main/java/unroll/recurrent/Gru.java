package unroll.recurrent;

import java.util.List;

/**
 * Gated recurrent units over whole sequences: the equations of {@link GruCell} as one operation, with the backward pass
 * of {@link GruRecurrence}.
 *
 * <pre>{@code
 * r = σ(x W_r + h U_r + b_r)         z = σ(x W_z + h U_z + b_z)
 * n = tanh(x W_n + b_n + r ∘ (h U_n + c_n))
 * h' = (1 - z) ∘ n + z ∘ h
 *
 * var gru = Gru.of(64, 256).layers(2).build(rng);                  // as in PyTorch
 * var out = gru.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * var chung = Gru.of(64, 256).convention(GruConvention.KEEPS_NEW_RESET_BEFORE).build(rng);
 * }</pre>
 *
 * Units with fewer gates ({@link GruSpec#simplified}, {@link GruSpec#minimal}) are built in the same way; they run
 * unrolled. {@link Recording} shows its gates and their gradients at each step.
 */
public final class Gru extends FusedLayer<Hidden> {
    private final GruConvention convention;

    /** Runs the weights of a cell, which others may share. */
    public Gru(GruCell cell) { this(cell, false, ""); }

    Gru(GruCell cell, boolean learned, String more) {
        super("gru", cell, learned, cell.convention().suffix() + more);
        convention = cell.convention();
    }

    /** The configuration of one or more layers. */
    public static GruSpec of(int inputSize, int hiddenSize) {
        return new GruSpec(inputSize, hiddenSize);
    }

    @Override List<String> gates() { return List.of("r", "z", "n"); }

    @Override Recurrence recurrence(Recurrence.Room room) { return GruRecurrence.of(convention, room); }
}
