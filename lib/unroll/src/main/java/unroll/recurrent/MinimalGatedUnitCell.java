package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The minimal gated unit (Zhou, Wu, Zhang and Zhou 2016): one gate both resets and updates.
 *
 * <pre>{@code
 * f = σ(x W_f + h U_f + b_f)         n = tanh(x W_n + (f ∘ h) U_n + b_n)
 * h' = (1 - f) ∘ h + f ∘ n
 *
 * var out = new Unrolled<>(new MinimalGatedUnitCell(64, 256, rng)).apply(x);  // [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 2H], {@code u} [H, 2H], {@code b} [2H], in the order f, n; all start uniform in ±1/√H.
 */
public final class MinimalGatedUnitCell extends GatedCell<Hidden> {
    public MinimalGatedUnitCell(int inputSize, int hiddenSize, Rng rng) { super(inputSize, hiddenSize, 2, rng); }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor input = x.matmul(w()).add(b());                                 // [B, 2H]
        // the gate: 0 keeps
        Tensor f = input.columns(0, H).add(s.h().matmul(u().columns(0, H))).sigmoid().named("f");
        // candidate
        Tensor n = input.columns(H, 2 * H).add(f.mul(s.h()).matmul(u().columns(H, 2 * H))).tanh().named("n");
        return new Hidden(s.h().add(f.mul(n.sub(s.h()))));                 // (1 - f) h + f n
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }
}
