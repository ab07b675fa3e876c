package unroll.recurrent;

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
public final class ElmanCell extends SimpleCell<Hidden> {
    public ElmanCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity, Rng rng) {
        super(inputSize, hiddenSize, nonlinearity);
        addGates(1, rng);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        return new Hidden(sigma(x.matmul(w()).add(s.h().matmul(u())).add(b())).named("h"));
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }
}
