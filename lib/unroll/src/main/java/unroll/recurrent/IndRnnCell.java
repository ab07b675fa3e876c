package unroll.recurrent;

import java.util.List;

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
public final class IndRnnCell extends SimpleCell<Hidden> {
    public IndRnnCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        super(inputSize, hiddenSize, nonlinearity);
        double bound = 1 / Math.sqrt(H);
        add("w", bound, rng, I, H);
        add("u", rng.uniform(0, 1, H));
        add("b", bound, rng, H);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        return new Hidden(sigma(x.matmul(w()).add(s.h().mul(u())).add(b())).named("h"));
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }

    /** Its u is a vector. */
    @Override List<Parameter> recurrentMatrices() { return List.of(); }
}
