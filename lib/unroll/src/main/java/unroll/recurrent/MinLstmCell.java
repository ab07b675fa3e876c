package unroll.recurrent;

import java.util.List;

import unroll.tensor.Parameter;
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
public final class MinLstmCell implements Cell<Hidden> {
    private final int I, H;
    private final Parameter w, b;

    public MinLstmCell(int inputSize, int hiddenSize, Rng rng) {
        I = Sizes.positive("MinLstmCell", "input size", inputSize);
        H = Sizes.positive("MinLstmCell", "hidden size", hiddenSize);
        double bound = 1 / Math.sqrt(I);
        w = new Parameter("w", rng.uniform(-bound, bound, I, 3 * H));
        b = new Parameter("b", rng.uniform(-bound, bound, 3 * H));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        Tensor gates = x.matmul(w).add(b);                                 // [B, 3H]
        Tensor keep = keep(gates.columns(0, H), gates.columns(H, 2 * H)).named("a");       // f / (f + i)
        Tensor n = gates.columns(2 * H, 3 * H).named("n");                 // candidate
        return new Hidden(keep.mul(s.h()).add(keep.rsub(1).mul(n)));
    }

    /**
     * f / (f + i) for f = σ(p) and i = σ(q), as σ(log f - log i) with -log σ(q) = softplus(-q): the quotient itself is
     * 0/0 in floats where both gates are shut.
     */
    static Tensor keep(Tensor p, Tensor q) { return q.neg().softplus().sub(p.neg().softplus()).sigmoid(); }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return List.of(w, b); }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() { return "MinLstmCell(input=" + I + ", hidden=" + H + ")"; }
}
