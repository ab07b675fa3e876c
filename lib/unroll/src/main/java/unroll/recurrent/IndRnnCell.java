package unroll.recurrent;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The independently recurrent network (Li et al. 2018): each unit sees only its own past, so that its memory is one
 * number, u_j, and the gradient over n steps u_j to the n times the slopes of σ.
 *
 * <pre>{@code
 * h' = σ(x W + u ∘ h + b)                                          σ = ReLU in the publication
 *
 * var cell = new IndRnnCell(64, 256, Nonlinearity.RELU, rng);
 * var out = new Unrolled<>(cell).apply(x);                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, H], {@code u} [H], {@code b} [H]; w and b start uniform in ±1/√H, u uniform in [0, 1) as in the
 * publication.
 */
public final class IndRnnCell implements Cell<Hidden> {
    private final int I, H;
    private final Nonlinearity nonlinearity;
    private final Parameter w, u, b;

    public IndRnnCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        I = Sizes.positive("IndRnnCell", "input size", inputSize);
        H = Sizes.positive("IndRnnCell", "hidden size", hiddenSize);
        this.nonlinearity = nonlinearity;
        double bound = 1 / Math.sqrt(H);
        w = new Parameter("w", rng.uniform(-bound, bound, I, H));
        u = new Parameter("u", rng.uniform(0, 1, H));
        b = new Parameter("b", rng.uniform(-bound, bound, H));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, H, x, s);
        return new Hidden(nonlinearity.apply(x.matmul(w).add(s.h().mul(u)).add(b)).named("h"));
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }

    @Override public List<Parameter> parameters() { return List.of(w, u, b); }

    public Nonlinearity nonlinearity() { return nonlinearity; }

    @Override public int inputSize() { return I; }

    @Override public int hiddenSize() { return H; }

    @Override public String toString() {
        return "IndRnnCell(input=" + I + ", hidden=" + H + ", " + nonlinearity.name().toLowerCase(Locale.ROOT) + ")";
    }
}
