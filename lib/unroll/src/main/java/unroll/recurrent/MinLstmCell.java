package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * minLSTM (Feng et al. 2024), one step at a time: gates and candidate do not see the past, and the two gates are scaled
 * to sum to one, so that the size of the state does not grow with time.
 *
 * <pre>{@code
 * f = σ(x W_f + b_f)      i = σ(x W_i + b_i)      n = x W_n + b_n
 * h' = f / (f + i) ∘ h + i / (f + i) ∘ n
 *
 * var cell = new MinLstmCell(64, 256, rng);
 * Hidden s = cell.step(x, cell.initialState(32));                  // x: [32, 64] → s.h(): [32, 256]
 * }</pre>
 *
 * This is the plain form of the publication, with a linear candidate, and not the one in logarithms, whose candidate is
 * kept positive. {@code w} is [I, 3H], {@code b} [3H], in the order f, i, n; both start uniform in ±1/√I.
 * {@link MinLstm} trains it as a scan.
 */
public final class MinLstmCell extends GatedCell<Hidden> {
    public MinLstmCell(int inputSize, int hiddenSize, Rng rng) {
        super(inputSize, hiddenSize, "");
        double bound = 1 / Math.sqrt(I);
        add("w", bound, rng, I, 3 * H);
        add("b", bound, rng, 3 * H);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(b());                                 // [B, 3H]
        Tensor keep = keep(gates.columns(0, H), gates.columns(H, 2 * H)).named("a");       // f / (f + i)
        Tensor n = gates.columns(2 * H, 3 * H).named("n");                 // candidate
        return new Hidden(keep.mul(s.h()).add(keep.rsub(1).mul(n)));
    }

    /**
     * f / (f + i) for f = σ(p) and i = σ(q), as σ(log f - log i) with -log σ(q) = softplus(-q): the quotient itself is
     * 0/0 in floats where both gates are shut.
     */
    static Tensor keep(Tensor p, Tensor q) { return q.neg().softplus().sub(p.neg().softplus()).sigmoid(); }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }
}
