package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The simplified gated recurrent unit of many lectures: an update gate and no reset gate. The gate is 1 where the state
 * is NEW.
 *
 * <pre>{@code
 * z = σ(x W_z + h U_z + b_z)         n = tanh(x W_n + h U_n + b_n)
 * h' = (1 - z) ∘ h + z ∘ n                                         often written Γ_u for z, c for h, c̃ for n
 *
 * var out = new Unrolled<>(new SimplifiedGruCell(64, 256, rng)).apply(x);  // [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 2H], {@code u} [H, 2H], {@code b} [2H], in the order z, n; all start uniform in ±1/√H.
 */
public final class SimplifiedGruCell extends GatedCell<Hidden> {
    public SimplifiedGruCell(int inputSize, int hiddenSize, Rng rng) { super(inputSize, hiddenSize, 2, rng); }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(s.h().matmul(u())).add(b());            // [B, 2H]
        Tensor z = gates.columns(0, H).sigmoid().named("z");               // update gate: 0 keeps
        Tensor n = gates.columns(H, 2 * H).tanh().named("n");              // candidate
        return new Hidden(s.h().add(z.mul(n.sub(s.h()))));                 // (1 - z) h + z n
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }
}
