package unroll.train;

import java.util.List;

import unroll.tensor.Parameter;

/**
 * Adadelta (Zeiler 2012): v ← ρ v + (1 - ρ) g², d = g √(u + ε) / √(v + ε), u ← ρ u + (1 - ρ) d², w ← w - η d, with ρ =
 * 0.9 and ε = 1e-6.
 *
 * <pre>{@code
 * var adadelta = new Adadelta(model.parameters(), 1);
 * }</pre>
 */
public final class Adadelta extends Optimizer {
    private static final float RHO = 0.9f, EPSILON = 1e-6f;

    public Adadelta(List<Parameter> parameters, double learningRate) { super(parameters, learningRate, 2); }

    @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
        float[] v = memory[0], u = memory[1];
        float rate = (float) learningRate();
        for (int i = from; i < to; i++) {
            v[i] = RHO * v[i] + (1 - RHO) * g[i] * g[i];
            float d = g[i] * (float) Math.sqrt(u[i] + EPSILON) / (float) Math.sqrt(v[i] + EPSILON);
            u[i] = RHO * u[i] + (1 - RHO) * d * d;
            w[i] -= rate * d;
        }
    }

    @Override public String toString() { return "Adadelta(rate=" + learningRate() + ")"; }
}
