package unroll.recurrent;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The simple recurrent network with its state before the non-linearity, as the state-space view writes it.
 *
 * <pre>{@code
 * z' = x W + σ(z) U + b              the output sees σ(z')
 *
 * var cell = new PreactivationCell(64, 256, Nonlinearity.TANH, rng);
 * var out = new Unrolled<>(cell).apply(x);  // x: [T, B, 64] → out.states(): [T, B, 256], which is σ(z)
 * }</pre>
 *
 * With h = σ(z) this is {@link ElmanCell} with the same weights, started in h_0 = σ(z_0); {@link LearnedInitialState}
 * makes z_0 a parameter. {@code w} is [I, H], {@code u} [H, H], {@code b} [H]; all start uniform in ±1/√H.
 */
public final class PreactivationCell implements Cell<PreactivationState> {
    private final int I, H;
    private final Nonlinearity nonlinearity;
    private final Parameter w, u, b;

    public PreactivationCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        I = Sizes.positive("PreactivationCell", "input size", inputSize);
        H = Sizes.positive("PreactivationCell", "hidden size", hiddenSize);
        this.nonlinearity = nonlinearity;
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, H));
        u = new Parameter("u", rng.uniform(-bound, bound, H, H));
        b = new Parameter("b", rng.uniform(-bound, bound, H));
    }

    @Override public PreactivationState step(Tensor x, PreactivationState s) {
        Sizes.step(this, I, H, x, s);
        return new PreactivationState(x.matmul(w).add(s.h().matmul(u)).add(b).named("z"), nonlinearity);
    }

    @Override public PreactivationState initialState(int batch) {
        return new PreactivationState(Tensor.zeros(batch, H), nonlinearity);
    }

    @Override public List<Parameter> parameters() { return List.of(w, u, b); }

    public Nonlinearity nonlinearity() { return nonlinearity; }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() {
        return "PreactivationCell(input=" + I + ", hidden=" + H + ", " + nonlinearity.name().toLowerCase(Locale.ROOT)
                + ")";
    }
}
