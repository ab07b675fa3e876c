package unroll.recurrent;

import java.util.List;

/**
 * Long short-term memory over whole sequences: the equations of {@link LstmCell} as one operation, with the backward
 * pass of {@link LstmRecurrence}.
 *
 * <pre>{@code
 * i = σ(x W_i + h U_i + b_i)         f = σ(x W_f + h U_f + b_f)
 * g = tanh(x W_g + h U_g + b_g)      o = σ(x W_o + h U_o + b_o)
 * c' = f ∘ c + i ∘ g                 h' = o ∘ tanh(c')
 *
 * var lstm = Lstm.of(64, 256).layers(2).dropout(0.2).build(rng);
 * var out = lstm.apply(x);                                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code Lstm.of(64, 256).peepholes()} and other variants of {@link LstmSpec} are built in the same way; they run
 * unrolled. {@link Recording} shows its gates and their gradients at each step.
 */
public final class Lstm extends FusedLayer<LstmState> {
    /** Runs the weights of a cell, which others may share. */
    public Lstm(LstmCell cell) { this(cell, false, ""); }

    Lstm(LstmCell cell, boolean learned, String more) { super("lstm", cell, learned, more); }

    /** The configuration of one or more layers. */
    public static LstmSpec of(int inputSize, int hiddenSize) {
        return new LstmSpec(inputSize, hiddenSize);
    }

    @Override List<String> gates() { return List.of("i", "f", "g", "o", "c"); }

    @Override Recurrence recurrence(Recurrence.Room room) { return new LstmRecurrence(room); }
}
