package unroll.recurrent;

import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * minLSTM over whole sequences (Feng et al. 2024): the equations of {@link MinLstmCell}, the gates of all steps in one product, then a
 * {@link LinearScan}.
 *
 * <pre>{@code
 * a_t = f_t / (f_t + i_t)      b_t = (1 - a_t) ∘ n_t      h_t = a_t ∘ h_{t-1} + b_t
 *
 * var layer = MinLstm.of(64, 256).build(rng);
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class MinLstm extends ScanLayer {
    /** Runs the weights of a cell, which may be shared with an {@link Unrolled} layer. */
    public MinLstm(MinLstmCell cell) { super(cell); }

    /** The configuration of one layer. */
    public static SequenceLayer.Spec of(int inputSize, int hiddenSize) {
        return new Configuration(Sizes.positive("MinLstm", "input size", inputSize), Sizes.positive("MinLstm", "hidden size", hiddenSize));
    }

    private record Configuration(int inputSize, int hiddenSize) implements SequenceLayer.Spec {
        @Override public SequenceLayer build(Rng rng) { return new MinLstm(new MinLstmCell(inputSize, hiddenSize, rng)); }

        @Override public String toString() { return "MinLstm(input=" + inputSize + ", hidden=" + hiddenSize + ")"; }
    }

    @Override List<Tensor> factors(Tensor gates) {
        int H = outputSize();
        Tensor keep = MinLstmCell.keep(gates.columns(0, H), gates.columns(H, 2 * H));                  // [T, B, H]
        return List.of(keep, keep.rsub(1).mul(gates.columns(2 * H, 3 * H)));
    }

    @Override public String toString() { return "MinLstm(input=" + inputSize() + ", hidden=" + outputSize() + ")"; }
}
