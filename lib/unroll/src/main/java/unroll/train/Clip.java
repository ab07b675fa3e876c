package unroll.train;

import java.util.List;

import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/**
 * Keeps a step from leaping when gradients explode (Pascanu, Mikolov and Bengio 2013).
 *
 * <pre>{@code
 * double norm = Clip.byGlobalNorm(model.parameters(), 5.0);        // the norm before clipping
 * }</pre>
 */
public final class Clip {
    // partial sums of this size: the same for any number of threads
    private static final int BLOCK = 1 << 15;

    private Clip() {
    }

    /**
     * If the norm ‖g‖ of all gradients together is above u: g ← u g / ‖g‖, the same direction, a smaller step.
     *
     * @return ‖g‖ before clipping; when it is not finite nothing is changed
     */
    public static double byGlobalNorm(List<Parameter> parameters, double u) {
        if (!(u > 0)) throw new IllegalArgumentException("Clip: expected a norm above 0 but got " + u);
        double norm = norm(parameters);
        if (norm > u && norm < Double.POSITIVE_INFINITY) {
            float factor = (float) (u / (norm + 1e-6));
            for (Parameter p : once(parameters)) {
                float[] g = p.gradientData();
                if (g != null) Parallel.ranges(g.length, (from, to) -> scale(g, factor, from, to));
            }
        }
        return norm;
    }

    /**
     * The norm of all gradients together; parameters without one count as zeros, and one that is given twice counts
     * once.
     */
    public static double norm(List<Parameter> parameters) {
        double sum = 0;
        for (Parameter p : once(parameters)) {
            float[] g = p.gradientData();
            if (g == null) continue;
            double[] sums = new double[(g.length + BLOCK - 1) / BLOCK];
            Parallel.run(sums.length,
                    i -> sums[i] = VectorMath.sumOfSquares(g, i * BLOCK, Math.min(g.length, (i + 1) * BLOCK)));
            for (double s : sums) sum += s;
        }
        return Math.sqrt(sum);
    }

    /** Each element of each gradient into [-u, u]: another direction, unlike {@link #byGlobalNorm}. */
    public static void byValue(List<Parameter> parameters, double u) {
        if (!(u > 0)) throw new IllegalArgumentException("Clip: expected a value above 0 but got " + u);
        float bound = (float) u;
        for (Parameter p : parameters) {
            float[] g = p.gradientData();
            if (g != null) for (int i = 0; i < g.length; i++) g[i] = Math.max(-bound, Math.min(bound, g[i]));
        }
    }

    /** One that two parts share has one gradient. */
    private static List<Parameter> once(List<Parameter> parameters) {
        return parameters.stream().distinct().toList();
    }

    private static void scale(float[] g, float by, int from, int to) {
        for (int i = from; i < to; i++) g[i] *= by;
    }
}
