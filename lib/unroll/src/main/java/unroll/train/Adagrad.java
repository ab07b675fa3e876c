package unroll.train;

import java.util.List;

import unroll.tensor.Parameter;

/**
 * Adagrad (Duchi, Hazan and Singer 2011): s ← s + g², w ← w - η g / (√s + 1e-10).
 *
 * <pre>{@code
 * var adagrad = new Adagrad(model.parameters(), 0.1);
 * }</pre>
 */
public final class Adagrad extends Optimizer {
    private static final float EPSILON = 1e-10f;

    public Adagrad(List<Parameter> parameters, double learningRate) { super(parameters, learningRate, 1); }

    @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
        float[] s = memory[0];
        float rate = (float) learningRate();
        for (int i = from; i < to; i++) {
            s[i] += g[i] * g[i];
            w[i] -= rate * g[i] / ((float) Math.sqrt(s[i]) + EPSILON);
        }
    }

    @Override public String toString() { return "Adagrad(rate=" + learningRate() + ")"; }
}
