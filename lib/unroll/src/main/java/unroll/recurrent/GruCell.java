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
public final class GruCell implements Cell<Hidden> {
    private final int I, H;
    private final GruConvention convention;
    private final Parameter w, u, b, c;

    /** As PyTorch writes it. */
    public GruCell(int inputSize, int hiddenSize, Rng rng) {
        this(inputSize, hiddenSize, GruConvention.KEEPS_OLD_RESET_AFTER, rng);
    }

    public GruCell(int inputSize, int hiddenSize, GruConvention convention, Rng rng) {
        I = Sizes.positive("GruCell", "input size", inputSize);
        H = Sizes.positive("GruCell", "hidden size", hiddenSize);
        this.convention = convention;
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, 3 * H));
        u = new Parameter("u", rng.uniform(-bound, bound, H, 3 * H));
        b = new Parameter("b", rng.uniform(-bound, bound, 3 * H));
        c = convention.resetAfter() ? new Parameter("c", rng.uniform(-bound, bound, H)) : null;
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        Tensor h = s.h(), input = x.matmul(w).add(b);                      // [B, 3H]
        // [B, 3H] or [B, 2H]
        Tensor recurrent = h.matmul(convention.resetAfter() ? u : u.columns(0, 2 * H));
        Tensor r = input.columns(0, H).add(recurrent.columns(0, H)).sigmoid().named("r");              // reset gate
        Tensor z = input.columns(H, 2 * H).add(recurrent.columns(H, 2 * H)).sigmoid().named("z");      // update gate
        Tensor past = convention.resetAfter()
                ? r.mul(recurrent.columns(2 * H, 3 * H).add(c))
                : r.mul(h).matmul(u.columns(2 * H, 3 * H));
        Tensor n = input.columns(2 * H, 3 * H).add(past).tanh().named("n");                // candidate
        return new Hidden(convention.keepsOld() ? n.add(z.mul(h.sub(n))) : h.add(z.mul(n.sub(h))));
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return c == null ? List.of(w, u, b) : List.of(w, u, b, c); }

    public GruConvention convention() { return convention; }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() { return "GruCell(input=" + I + ", hidden=" + H + convention.suffix() + ")"; }
}
