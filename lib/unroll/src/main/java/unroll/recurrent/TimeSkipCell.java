package unroll.recurrent;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The simple recurrent network with skip connections over time (Lin et al. 1996): a path to the step before the last
 * halves the number of factors that a gradient passes.
 *
 * <pre>{@code
 * h_t = σ(x_t W + h_{t-1} U_1 + h_{t-2} U_2 + b)
 *
 * var cell = new TimeSkipCell(64, 256, Nonlinearity.TANH, rng);
 * var out = new Unrolled<>(cell).apply(x);                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, H], {@code u1} and {@code u2} [H, H], {@code b} [H]; all start uniform in ±1/√H.
 */
public final class TimeSkipCell implements Cell<TimeSkipState> {
    private final int I, H;
    private final Nonlinearity nonlinearity;
    private final Parameter w, u1, u2, b;

    public TimeSkipCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        I = Sizes.positive("TimeSkipCell", "input size", inputSize);
        H = Sizes.positive("TimeSkipCell", "hidden size", hiddenSize);
        this.nonlinearity = nonlinearity;
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, H));
        u1 = new Parameter("u1", rng.uniform(-bound, bound, H, H));
        u2 = new Parameter("u2", rng.uniform(-bound, bound, H, H));
        b = new Parameter("b", rng.uniform(-bound, bound, H));
    }

    @Override public TimeSkipState step(Tensor x, TimeSkipState s) {
        Sizes.step(this, I, H, x, s);
        Tensor z = x.matmul(w).add(s.h().matmul(u1)).add(s.before().matmul(u2)).add(b);                // [B, H]
        return new TimeSkipState(nonlinearity.apply(z).named("h"), s.h());
    }

    @Override public TimeSkipState initialState(int batch) {
        return new TimeSkipState(Tensor.zeros(batch, H), Tensor.zeros(batch, H));
    }

    @Override public List<Parameter> parameters() { return List.of(w, u1, u2, b); }

    public Nonlinearity nonlinearity() { return nonlinearity; }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() {
        return "TimeSkipCell(input=" + I + ", hidden=" + H + ", " + nonlinearity.name().toLowerCase(Locale.ROOT) + ")";
    }
}
