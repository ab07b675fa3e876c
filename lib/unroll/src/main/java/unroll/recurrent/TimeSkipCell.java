package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
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
public final class TimeSkipCell extends SimpleCell<TimeSkipCell.TimeSkipState> {
    /**
     * The last two hidden vectors.
     *
     * @param h      the last one, {@code [B, H]}
     * @param before the one before it, {@code [B, H]}
     */
    public record TimeSkipState(Tensor h, Tensor before) implements State {
        @Override public List<Tensor> tensors() { return List.of(h, before); }

        @Override public TimeSkipState with(List<Tensor> tensors) {
            return new TimeSkipState(tensors.get(0), tensors.get(1));
        }
    }

    public TimeSkipCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        super(inputSize, hiddenSize, nonlinearity);
        double bound = 1 / Math.sqrt(H);
        add("w", bound, rng, I, H);
        add("u1", bound, rng, H, H);
        add("u2", bound, rng, H, H);
        add("b", bound, rng, H);
    }

    @Override public TimeSkipState step(Tensor x, TimeSkipState s) {
        require(x, s);
        Tensor past = s.h().matmul(weight("u1"));
        Tensor z = x.matmul(w()).add(past).add(s.before().matmul(weight("u2"))).add(b());              // [B, H]
        return new TimeSkipState(sigma(z).named("h"), s.h());
    }

    @Override public TimeSkipState initialState(int batch) {
        return new TimeSkipState(Tensor.zeros(batch, H), Tensor.zeros(batch, H));
    }

    @Override List<Parameter> recurrentMatrices() { return List.of(weight("u1"), weight("u2")); }
}
