package unroll.train;

import java.util.List;

import unroll.tensor.Parameter;

/**
 * Stochastic gradient descent: v ← μ v + g, w ← w - η v (momentum as in PyTorch); with Nesterov's variant w ← w - η (g
 * + μ v). Weight decay adds λ w to g.
 *
 * <pre>{@code
 * var sgd = new Sgd(model.parameters(), 0.1).momentum(0.9);
 * }</pre>
 */
public final class Sgd extends Optimizer {
    private final double momentum, weightDecay;
    private final boolean nesterov;

    public Sgd(List<Parameter> parameters, double learningRate) { this(parameters, learningRate, 0, false, 0); }

    private Sgd(List<Parameter> parameters, double learningRate, double momentum, boolean nesterov,
            double weightDecay) {
        super(parameters, learningRate, momentum == 0 ? 0 : 1);
        if (!(momentum >= 0 && momentum < 1))
            throw new IllegalArgumentException("Sgd: expected a momentum in [0, 1) but got " + momentum);
        if (!(weightDecay >= 0))
            throw new IllegalArgumentException("Sgd: expected a weight decay of at least 0 but got " + weightDecay);
        if (nesterov && momentum == 0)
            throw new IllegalArgumentException(
                    "Sgd: Nesterov's variant needs a momentum above 0; call momentum(…) first");
        this.momentum = momentum;
        this.nesterov = nesterov;
        this.weightDecay = weightDecay;
    }

    /** A new optimizer with this momentum μ. */
    public Sgd momentum(double momentum) {
        return new Sgd(parameters(), learningRate(), momentum, nesterov && momentum > 0, weightDecay);
    }

    /** A new optimizer with Nesterov's variant of the momentum. */
    public Sgd nesterov() {
        return new Sgd(parameters(), learningRate(), momentum, true, weightDecay);
    }

    /** A new optimizer with this weight decay λ. */
    public Sgd weightDecay(double weightDecay) {
        return new Sgd(parameters(), learningRate(), momentum, nesterov, weightDecay);
    }

    @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
        float rate = (float) learningRate(), mu = (float) momentum, lambda = (float) weightDecay;
        if (memory.length == 0) {
            for (int i = from; i < to; i++) w[i] -= rate * (g[i] + lambda * w[i]);
            return;
        }
        float[] v = memory[0];
        for (int i = from; i < to; i++) {
            float e = g[i] + lambda * w[i];
            v[i] = mu * v[i] + e;
            w[i] -= rate * (nesterov ? e + mu * v[i] : v[i]);
        }
    }

    @Override public String toString() {
        return "Sgd(rate=" + learningRate()
                + (momentum > 0 ? ", momentum=" + momentum + (nesterov ? ", Nesterov" : "") : "")
                + (weightDecay > 0 ? ", weight decay=" + weightDecay : "") + ")";
    }
}
