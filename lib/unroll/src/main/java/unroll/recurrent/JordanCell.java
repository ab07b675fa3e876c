package unroll.recurrent;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Parameter;
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
public final class JordanCell implements Cell<Hidden> {
    private final int I, K, O;
    private final Nonlinearity nonlinearity;
    private final Parameter w, u, b, v, c;

    public JordanCell(int inputSize, int hiddenUnits, int outputSize, Nonlinearity nonlinearity, Rng rng) {
        I = Sizes.positive("JordanCell", "input size", inputSize);
        K = Sizes.positive("JordanCell", "hidden units", hiddenUnits);
        O = Sizes.positive("JordanCell", "output size", outputSize);
        this.nonlinearity = nonlinearity;
        double bound = 1 / Math.sqrt(K);
        w = new Parameter("w", rng.uniform(-bound, bound, I, K));
        u = new Parameter("u", rng.uniform(-bound, bound, O, K));
        b = new Parameter("b", rng.uniform(-bound, bound, K));
        v = new Parameter("v", rng.uniform(-bound, bound, K, O));
        c = new Parameter("c", rng.uniform(-bound, bound, O));
    }

    @Override public Hidden step(Tensor x, Hidden s) {
        Sizes.step(this, I, O, x, s);
        Tensor k = nonlinearity.apply(x.matmul(w).add(s.h().matmul(u)).add(b)).named("k");             // [B, K]
        return new Hidden(k.matmul(v).add(c));                             // [B, O]
    }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, O)); }

    @Override public List<Parameter> parameters() { return List.of(w, u, b, v, c); }

    public Nonlinearity nonlinearity() { return nonlinearity; }

    @Override public int inputSize() { return I; }

    /** The length of the output, which is all that is remembered. */
    @Override public int hiddenSize() { return O; }

    @Override public String toString() {
        return "JordanCell(input=" + I + ", hidden=" + K + ", output=" + O + ", "
                + nonlinearity.name().toLowerCase(Locale.ROOT) + ")";
    }
}
