package unroll.train;

import java.util.List;

import unroll.tensor.Parameter;

/**
 * Adam (Kingma and Ba 2015): m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², w ← w - η m̂ / (√v̂ + ε) with m̂ = m / (1 -
 * β₁ᵗ), v̂ = v / (1 - β₂ᵗ). With {@link #decoupledWeightDecay} it is AdamW (Loshchilov and Hutter 2019): w ← w - η λ w
 * before that.
 *
 * <pre>{@code
 * var adam = new Adam(model.parameters(), 2e-3);
 * var adamW = new Adam(model.parameters(), 2e-3).decoupledWeightDecay(0.1);
 * }</pre>
 */
public final class Adam extends Optimizer {
    private final double beta1, beta2, epsilon, weightDecay;

    /** β₁ = 0.9, β₂ = 0.999, ε = 1e-8, as in the paper. */
    public Adam(List<Parameter> parameters, double learningRate) {
        this(parameters, learningRate, 0.9, 0.999, 1e-8, 0);
    }

    private Adam(List<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon,
            double weightDecay) {
        super(parameters, learningRate, 2);
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1))
            throw new IllegalArgumentException("Adam: expected betas in [0, 1) but got " + beta1 + " and " + beta2);
        if (!(weightDecay >= 0))
            throw new IllegalArgumentException("Adam: expected a weight decay of at least 0 but got " + weightDecay);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    /** A new optimizer with these rates of forgetting. */
    public Adam betas(double beta1, double beta2) {
        return new Adam(parameters(), learningRate(), beta1, beta2, epsilon, weightDecay);
    }

    /** AdamW: a new optimizer whose weights shrink by the rate times λ in each step, apart from the gradient. */
    public Adam decoupledWeightDecay(double lambda) {
        return new Adam(parameters(), learningRate(), beta1, beta2, epsilon, lambda);
    }

    @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
        float[] m = memory[0], v = memory[1];
        float b1 = (float) beta1, b2 = (float) beta2, c1 = (float) (1 - beta1), c2 = (float) (1 - beta2),
                shrink = (float) (1 - learningRate() * weightDecay);
        float rate = (float) (learningRate() / (1 - Math.pow(beta1, step))),
                scale = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))),
                eps = (float) epsilon;
        for (int i = from; i < to; i++) {
            float e = g[i], mi = b1 * m[i] + c1 * e, vi = b2 * v[i] + c2 * e * e;
            m[i] = mi;
            v[i] = vi;
            w[i] = shrink * w[i] - rate * mi / ((float) Math.sqrt(vi) * scale + eps);
        }
    }

    @Override public String toString() {
        return (weightDecay > 0 ? "AdamW" : "Adam") + "(rate=" + learningRate() + ", betas=" + beta1 + ", " + beta2
                + (weightDecay > 0 ? ", weight decay=" + weightDecay : "") + ")";
    }
}
