package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
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
public final class PreactivationCell extends SimpleCell<PreactivationCell.PreactivationState> {
    /**
     * What stands before the non-linearity is remembered, and what comes out of it is seen.
     *
     * @param z            {@code [B, H]}
     * @param nonlinearity σ
     */
    public record PreactivationState(Tensor z, Nonlinearity nonlinearity) implements State {
        /** σ(z). */
        @Override public Tensor h() { return nonlinearity.apply(z); }

        @Override public List<Tensor> tensors() { return List.of(z); }

        @Override public PreactivationState with(List<Tensor> tensors) {
            return new PreactivationState(tensors.get(0), nonlinearity);
        }
    }

    public PreactivationCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        super(inputSize, hiddenSize, nonlinearity);
        addGates(1, rng);
    }

    @Override public PreactivationState step(Tensor x, PreactivationState s) {
        require(x, s);
        return new PreactivationState(x.matmul(w()).add(s.h().matmul(u())).add(b()).named("z"), nonlinearity());
    }

    @Override public PreactivationState initialState(int batch) {
        return new PreactivationState(Tensor.zeros(batch, H), nonlinearity());
    }
}
