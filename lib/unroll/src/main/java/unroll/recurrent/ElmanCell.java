package unroll.recurrent;

import java.util.List;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The simple recurrent network (Elman 1990): the hidden units are copied to a context layer and read with the next
 * input.
 *
 * <pre>{@code
 * h' = σ(x W + h U + b)                                            σ = tanh, ReLU or logistic
 *
 * var cell = new ElmanCell(64, 256, Nonlinearity.TANH, rng);
 * Hidden s = cell.step(x, cell.initialState(32));                  // x: [32, 64] → s.h(): [32, 256]
 * }</pre>
 *
 * {@code w} is [I, H], {@code u} [H, H], {@code b} [H]; all start uniform in ±1/√H, as in PyTorch (whose two biases are
 * one here: their sum).
 */
public final class ElmanCell implements Cell<Hidden> {
    private final int I, H;
    private final Nonlinearity nonlinearity;
    private final Parameter w, u, b;

    public ElmanCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        I = Sizes.positive("ElmanCell", "input size", inputSize);
        H = Sizes.positive("ElmanCell", "hidden size", hiddenSize);
        this.nonlinearity = nonlinearity;
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, H));
        u = new Parameter("u", rng.uniform(-bound, bound, H, H));
        b = new Parameter("b", rng.uniform(-bound, bound, H));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        return new Hidden(nonlinearity.apply(x.matmul(w).add(s.h().matmul(u)).add(b)).named("h"));
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return List.of(w, u, b); }

    public Nonlinearity nonlinearity() { return nonlinearity; }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() {
        return "ElmanCell(input=" + I + ", hidden=" + H + ", " + nonlinearity.name().toLowerCase(java.util.Locale.ROOT)
                + ")";
    }
}
