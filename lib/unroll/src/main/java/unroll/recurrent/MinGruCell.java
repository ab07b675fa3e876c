package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * minGRU (Feng et al. 2024), one step at a time: a gated recurrent unit whose gate and candidate do not see the past.
 * The gate is 1 where the state is NEW.
 *
 * <pre>{@code
 * z = σ(x W_z + b_z)                 n = x W_n + b_n
 * h' = (1 - z) ∘ h + z ∘ n
 *
 * var cell = new MinGruCell(64, 256, rng);
 * Hidden s = cell.step(x, cell.initialState(32));                  // x: [32, 64] → s.h(): [32, 256]
 * }</pre>
 *
 * This is the plain form of the publication, with a linear candidate, and not the one in logarithms, whose candidate is
 * kept positive. {@code w} is [I, 2H], {@code b} [2H], in the order z, n; both start uniform in ±1/√I. {@link MinGru}
 * trains it as a scan.
 */
public final class MinGruCell extends GatedCell<Hidden> {
    public MinGruCell(int inputSize, int hiddenSize, Rng rng) {
        super(inputSize, hiddenSize, "");
        double bound = 1 / Math.sqrt(I);
        add("w", bound, rng, I, 2 * H);
        add("b", bound, rng, 2 * H);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(b());                                 // [B, 2H]
        Tensor z = gates.columns(0, H).sigmoid().named("z");               // update gate: 0 keeps
        Tensor n = gates.columns(H, 2 * H).named("n");                     // candidate
        return new Hidden(z.rsub(1).mul(s.h()).add(z.mul(n)));
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }
}
