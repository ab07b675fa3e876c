package unroll.recurrent;

import java.util.List;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Gated recurrent unit (Cho et al. 2014) in any of the four conventions in which it is written; without a choice z
 * keeps the OLD state, and the reset comes AFTER the product, as in PyTorch and cuDNN.
 *
 * <pre>{@code
 * r = σ(x W_r + h U_r + b_r)         z = σ(x W_z + h U_z + b_z)
 * n = tanh(x W_n + b_n + r ∘ (h U_n + c_n))      reset after the product
 *   = tanh(x W_n + b_n + (r ∘ h) U_n)            reset before it
 * h' = (1 - z) ∘ n + z ∘ h                       z keeps the old state
 *    = (1 - z) ∘ h + z ∘ n                       z takes the new one
 *
 * var cell = new GruCell(64, 256, GruConvention.KEEPS_NEW_RESET_BEFORE, rng);
 * Hidden s = cell.step(x, cell.initialState(32));                  // x: [32, 64] → s.h(): [32, 256]
 * }</pre>
 *
 * {@code w} is [I, 3H], {@code u} [H, 3H], {@code b} [3H], gates in the order r, z, n, and {@code c} [H] only where the
 * reset comes after; all start uniform in ±1/√H, as in PyTorch (whose two biases of r and of z are one here: their
 * sum). {@link WeightTransfer} moves weights between conventions where that is exact.
 */
public final class GruCell extends GatedCell<Hidden> {
    private final GruConvention convention;

    /** As PyTorch writes it. */
    public GruCell(int inputSize, int hiddenSize, Rng rng) {
        this(inputSize, hiddenSize, GruConvention.KEEPS_OLD_RESET_AFTER, rng);
    }

    public GruCell(int inputSize, int hiddenSize, GruConvention convention, Rng rng) {
        super(inputSize, hiddenSize, convention.suffix());
        this.convention = convention;
        addGates(3, rng);
        if (convention.resetAfter()) add("c", 1 / Math.sqrt(H), rng, H);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor h = s.h(), input = x.matmul(w()).add(b());                      // [B, 3H]
        // [B, 3H] or [B, 2H]
        Tensor recurrent = h.matmul(convention.resetAfter() ? u() : u().columns(0, 2 * H));
        Tensor r = input.columns(0, H).add(recurrent.columns(0, H)).sigmoid().named("r");              // reset gate
        Tensor z = input.columns(H, 2 * H).add(recurrent.columns(H, 2 * H)).sigmoid().named("z");      // update gate
        Tensor past = convention.resetAfter()
                ? r.mul(recurrent.columns(2 * H, 3 * H).add(weight("c")))
                : r.mul(h).matmul(u().columns(2 * H, 3 * H));
        Tensor n = input.columns(2 * H, 3 * H).add(past).tanh().named("n");                // candidate
        return new Hidden(convention.keepsOld() ? n.add(z.mul(h.sub(n))) : h.add(z.mul(n.sub(h))));
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }

    /** With the bias of h U_n, where the reset comes after. */
    @Override List<Parameter> biases() {
        return convention.resetAfter() ? List.of(b(), weight("c")) : List.of(b());
    }

    public GruConvention convention() { return convention; }
}
