package unroll.recurrent;

import java.util.List;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The minimal gated unit (Zhou, Wu, Zhang and Zhou 2016): one gate both resets and updates.
 *
 * <pre>{@code
 * f = σ(x W_f + h U_f + b_f)         n = tanh(x W_n + (f ∘ h) U_n + b_n)
 * h' = (1 - f) ∘ h + f ∘ n
 *
 * var layer = new Unrolled<>(new MinimalGatedUnitCell(64, 256, rng));
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 2H], {@code u} [H, 2H], {@code b} [2H], in the order f, n; all start uniform in ±1/√H.
 */
public final class MinimalGatedUnitCell implements Cell<Hidden> {
    private final int I, H;
    private final Parameter w, u, b;

    public MinimalGatedUnitCell(int inputSize, int hiddenSize, Rng rng) {
        I = Sizes.positive("MinimalGatedUnitCell", "input size", inputSize);
        H = Sizes.positive("MinimalGatedUnitCell", "hidden size", hiddenSize);
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, 2 * H));
        u = new Parameter("u", rng.uniform(-bound, bound, H, 2 * H));
        b = new Parameter("b", rng.uniform(-bound, bound, 2 * H));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        Tensor input = x.matmul(w).add(b);                                 // [B, 2H]
        // the gate: 0 keeps
        Tensor f = input.columns(0, H).add(s.h().matmul(u.columns(0, H))).sigmoid().named("f");
        // candidate
        Tensor n = input.columns(H, 2 * H).add(f.mul(s.h()).matmul(u.columns(H, 2 * H))).tanh().named("n");
        return new Hidden(s.h().add(f.mul(n.sub(s.h()))));                 // (1 - f) h + f n
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return List.of(w, u, b); }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() { return "MinimalGatedUnitCell(input=" + I + ", hidden=" + H + ")"; }
}
