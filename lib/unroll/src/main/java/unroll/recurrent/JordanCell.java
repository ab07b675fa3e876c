package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The Jordan network (Jordan 1986): not the hidden units but the outputs are fed back to the hidden layer.
 *
 * <pre>{@code
 * k = σ(x W + y U + b)               y' = k V + c
 *
 * var cell = new JordanCell(64, 256, 10, Nonlinearity.TANH, rng);  // 256 hidden units, 10 outputs
 * var out = new Unrolled<>(cell).apply(x);  // x: [T, B, 64] → out.states(): [T, B, 10], which is y
 * }</pre>
 *
 * The output is linear and it is the whole state: {@code h()} of the state is y, and {@link #hiddenSize()} its length
 * O. {@code w} is [I, K], {@code u} [O, K], {@code b} [K] for K hidden units, {@code v} [K, O], {@code c} [O]; all
 * start uniform in ±1/√K.
 */
public final class JordanCell extends SimpleCell<Hidden> {
    private final int K;

    public JordanCell(int inputSize, int hiddenUnits, int outputSize, Nonlinearity nonlinearity, Rng rng) {
        super(inputSize, positive("JordanCell", "output size", outputSize), nonlinearity);
        K = positive("JordanCell", "hidden units", hiddenUnits);
        double bound = 1 / Math.sqrt(K);
        add("w", bound, rng, I, K);
        add("u", bound, rng, H, K);
        add("b", bound, rng, K);
        add("v", bound, rng, K, H);
        add("c", bound, rng, H);
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        require(x, s);
        Tensor k = sigma(x.matmul(w()).add(s.h().matmul(u())).add(b())).named("k");                    // [B, K]
        return new Hidden(k.matmul(weight("v")).add(weight("c")));         // [B, O]
    }

    @Override public Hidden initialState(int batch) { return Hidden.zeros(batch, H); }

    @Override public String toString() {
        return "JordanCell(input=" + I + ", hidden=" + K + ", output=" + H + ", " + nonlinearity() + ")";
    }
}
