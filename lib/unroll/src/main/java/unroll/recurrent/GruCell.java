package unroll.recurrent;

import java.util.List;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Gated recurrent unit (Cho et al. 2014), z keeping the OLD state, reset AFTER the product, as in PyTorch and cuDNN.
 *
 * <pre>{@code
 * r = σ(x W_r + h U_r + b_r)         z = σ(x W_z + h U_z + b_z)
 * n = tanh(x W_n + b_n + r ∘ (h U_n + c_n))
 * h' = (1 - z) ∘ n + z ∘ h
 *
 * var cell = new GruCell(64, 256, rng);
 * Hidden s = cell.step(x, cell.initialState(32));                  // x: [32, 64] → s.h(): [32, 256]
 * }</pre>
 *
 * {@code w} is [I, 3H], {@code u} [H, 3H], {@code b} [3H], gates in the order r, z, n, and {@code c} [H]; all start uniform in ±1/√H, as in
 * PyTorch (whose two biases of r and of z are one here: their sum).
 */
public final class GruCell implements Cell<Hidden> {
    private final int I, H;
    private final Parameter w, u, b, c;

    public GruCell(int inputSize, int hiddenSize, Rng rng) {
        I = Sizes.positive("GruCell", "input size", inputSize);
        H = Sizes.positive("GruCell", "hidden size", hiddenSize);
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, 3 * H));
        u = new Parameter("u", rng.uniform(-bound, bound, H, 3 * H));
        b = new Parameter("b", rng.uniform(-bound, bound, 3 * H));
        c = new Parameter("c", rng.uniform(-bound, bound, H));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        Tensor input = x.matmul(w).add(b), recurrent = s.h().matmul(u);    // [B, 3H] each
        Tensor r = input.columns(0, H).add(recurrent.columns(0, H)).sigmoid().named("r");              // reset gate
        Tensor z = input.columns(H, 2 * H).add(recurrent.columns(H, 2 * H)).sigmoid().named("z");      // update gate: 1 keeps
        Tensor n = input.columns(2 * H, 3 * H).add(r.mul(recurrent.columns(2 * H, 3 * H).add(c))).tanh().named("n");   // candidate
        return new Hidden(n.add(z.mul(s.h().sub(n))));                     // (1 - z) n + z h
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return List.of(w, u, b, c); }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() { return "GruCell(input=" + I + ", hidden=" + H + ")"; }
}
