package unroll.recurrent;

import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A layer with a shortcut past it: what comes after sees the hidden units and the input itself, so that an output layer
 * can read x without memory.
 *
 * <pre>{@code
 * out_t = [h_t, x_t]                 so that V out_t = V_h h_t + V_x x_t
 *
 * var layer = new InputShortcut(new Lstm(new LstmCell(64, 256, rng)));
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 320]
 * }</pre>
 *
 * It has no weights of its own; those of the shortcut are in the layer above.
 */
public final class InputShortcut extends SequenceLayer {
    private final SequenceLayer layer;

    public InputShortcut(SequenceLayer layer) { this.layer = child("layer", layer); }

    /**
     * The configuration of a layer with a shortcut past it, for example {@code InputShortcut.around(Lstm.of(64, 256))}.
     */
    public static Spec around(Spec layer) { return new Around(layer); }

    private record Around(Spec layer) implements Spec {
        @Override public SequenceLayer build(Rng rng) { return new InputShortcut(layer.build(rng)); }

        @Override public int inputSize() { return layer.inputSize(); }

        @Override public String toString() { return "InputShortcut(" + layer + ")"; }
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        Output out = layer.apply(x, initial, lengths);
        Tensor past = x.mul(lengths.mask());
        return new Output(Tensor.concat(2, List.of(out.states(), past)), out.last());
    }

    @Override public State initialState(int batch) { return layer.initialState(batch); }

    @Override public int inputSize() { return layer.inputSize(); }

    @Override public int outputSize() { return layer.outputSize() + layer.inputSize(); }

    @Override public String toString() { return "InputShortcut(" + layer + ")"; }
}
