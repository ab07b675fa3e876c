package unroll.train;

import java.util.List;

import unroll.tensor.Parameter;

/**
 * RMSprop (Tieleman and Hinton 2012): v ← α v + (1 - α) g², w ← w - η g / (√v + ε), with α = 0.99 and ε = 1e-8.
 *
 * <pre>{@code
 * var rmsProp = new RmsProp(model.parameters(), 1e-3);
 * }</pre>
 */
public final class RmsProp extends Optimizer {
    private static final float ALPHA = 0.99f, EPSILON = 1e-8f;

    public RmsProp(List<Parameter> parameters, double learningRate) { super(parameters, learningRate, 1); }

    @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
        float[] v = memory[0];
        float rate = (float) learningRate();
        for (int i = from; i < to; i++) {
            v[i] = ALPHA * v[i] + (1 - ALPHA) * g[i] * g[i];
            w[i] -= rate * g[i] / ((float) Math.sqrt(v[i]) + EPSILON);
        }
    }

    @Override public String toString() { return "RmsProp(rate=" + learningRate() + ", alpha=" + ALPHA + ")"; }
}
