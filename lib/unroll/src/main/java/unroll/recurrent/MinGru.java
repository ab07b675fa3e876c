package unroll.recurrent;

import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * minGRU over whole sequences (Feng et al. 2024): the equations of {@link MinGruCell}, the gates of all steps in one product, then a
 * {@link LinearScan}.
 *
 * <pre>{@code
 * a_t = 1 - z_t      b_t = z_t ∘ n_t      h_t = a_t ∘ h_{t-1} + b_t
 *
 * var layer = MinGru.of(64, 256).build(rng);
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class MinGru extends ScanLayer {
    /** Runs the weights of a cell, which may be shared with an {@link Unrolled} layer. */
    public MinGru(MinGruCell cell) { super(cell); }

    /** The configuration of one layer. */
    public static SequenceLayer.Spec of(int inputSize, int hiddenSize) {
        return new Configuration(Sizes.positive("MinGru", "input size", inputSize), Sizes.positive("MinGru", "hidden size", hiddenSize));
    }

    private record Configuration(int inputSize, int hiddenSize) implements SequenceLayer.Spec {
        @Override public SequenceLayer build(Rng rng) { return new MinGru(new MinGruCell(inputSize, hiddenSize, rng)); }

        @Override public String toString() { return "MinGru(input=" + inputSize + ", hidden=" + hiddenSize + ")"; }
    }

    @Override List<Tensor> factors(Tensor gates) {
        int H = outputSize();
        Tensor z = gates.columns(0, H).sigmoid();                          // [T, B, H]
        return List.of(z.rsub(1), z.mul(gates.columns(H, 2 * H)));
    }

    @Override public String toString() { return "MinGru(input=" + inputSize() + ", hidden=" + outputSize() + ")"; }
}
