package unroll.bench;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Losses;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Nets of two or three units that read one string and accept or reject it: all overhead, no arithmetic. */
final class TinyNets {
    private TinyNets() {
    }

    /** h_t = tanh(x_t W + h_{t-1} U + b) on one-hot symbols, accept by the logit of the last state. */
    static Runnable elman(int hidden, int steps) {
        Rng rng = Rng.seed(1);
        float[] oneHot = new float[2 * steps];
        for (int t = 0; t < steps; t++) oneHot[2 * t + rng.nextInt(2)] = 1;
        Tensor symbols = Tensor.of(oneHot, steps, 2);
        Parameter w = weight("w", rng, 2, hidden), u = weight("u", rng, hidden, hidden), b = weight("b", rng, hidden),
                p = weight("p", rng, hidden),
                q = weight("q", rng, 1);
        return step(List.of(w, u, b, p, q), () -> {
            Tensor inputs = symbols.linear(w, b), h = Tensor.zeros(hidden);
            for (Tensor x : inputs.unbind()) h = h.linear(u, x).tanh();
            return h.matmul(p).add(q);
        });
    }

    /**
     * h_t = tanh(h_{t-1} A_s + a_s) with a matrix A_s and a bias for each symbol s, accept by the logit of the last
     * state.
     */
    static Runnable secondOrder(int hidden, int steps) {
        Rng rng = Rng.seed(1);
        int[] symbols = new int[steps];
        for (int t = 0; t < steps; t++) symbols[t] = rng.nextInt(2);
        List<Parameter> matrices = List.of(weight("a0", rng, hidden, hidden), weight("a1", rng, hidden, hidden)),
                biases = List.of(weight("b0", rng, hidden), weight("b1", rng, hidden));
        Parameter p = weight("p", rng, hidden), q = weight("q", rng, 1);
        List<Parameter> all = new ArrayList<>(matrices);
        all.addAll(biases);
        all.addAll(List.of(p, q));
        return step(all, () -> {
            Tensor h = Tensor.zeros(hidden);
            for (int s : symbols) h = h.linear(matrices.get(s), biases.get(s)).tanh();
            return h.matmul(p).add(q);
        });
    }

    private static Parameter weight(String name, Rng rng, int... shape) {
        return new Parameter(name, rng.normal(shape).mul(0.5));
    }

    private static Runnable step(List<Parameter> weights, java.util.function.Supplier<Tensor> logit) {
        Tensor accepted = Tensor.ones(1);
        return () -> {
            weights.forEach(Parameter::zeroGradient);
            Losses.binaryCrossEntropy(logit.get(), accepted).backward();
        };
    }
}
