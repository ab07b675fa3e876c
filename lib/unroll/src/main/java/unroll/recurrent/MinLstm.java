package unroll.recurrent;

import unroll.tensor.VectorMath;

/**
 * minLSTM over whole sequences (Feng et al. 2024): the equations of {@link MinLstmCell}, the gates of all steps in one
 * product, then a scan over time.
 *
 * <pre>{@code
 * a_t = f_t / (f_t + i_t)      b_t = (1 - a_t) ∘ n_t      h_t = a_t ∘ h_{t-1} + b_t
 *
 * var layer = MinLstm.of(64, 256).build(rng);
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class MinLstm extends ScanLayer {
    private static final float LEAST = -87;                                // whose exponential is a normal float

    /** Runs the weights of a cell, which others may share. */
    public MinLstm(MinLstmCell cell) {
        this(cell, false, "");
    }

    MinLstm(MinLstmCell cell, boolean learned, String more) { super(cell, learned, more); }

    /** The configuration of one or more layers. */
    public static ScanSpec of(int inputSize, int hiddenSize) {
        return new ScanSpec("MinLstm", inputSize, hiddenSize);
    }

    /**
     * f / (f + i) = (1 + exp(-z_i)) / (1 + exp(-z_f) + 1 + exp(-z_i)), above and below times the smallest of 1,
     * exp(z_f), exp(z_i): no overflow, no 0/0.
     */
    @Override void factors(float[][] gates, float[] a, float[] b, int m) {
        float[] f = gates[0], i = gates[1], n = gates[2];
        for (int j = 0; j < m; j++) b[j] = Math.min(0, Math.min(f[j], i[j]));
        for (int j = 0; j < m; j++) f[j] = Math.max(LEAST, b[j] - f[j]);
        for (int j = 0; j < m; j++) i[j] = Math.max(LEAST, b[j] - i[j]);
        for (int j = 0; j < m; j++) b[j] = Math.max(LEAST, b[j]);
        VectorMath.exp(b, b, 0, m);
        VectorMath.exp(f, f, 0, m);
        VectorMath.exp(i, i, 0, m);
        for (int j = 0; j < m; j++) a[j] = (b[j] + i[j]) / (b[j] + f[j] + b[j] + i[j]);
        for (int j = 0; j < m; j++) f[j] = f[j] / (b[j] + f[j]);           // σ(-z_f), the slope of log f
        for (int j = 0; j < m; j++) i[j] = i[j] / (b[j] + i[j]);           // σ(-z_i), the slope of log i
        for (int j = 0; j < m; j++) b[j] = (1 - a[j]) * n[j];
    }

    /** a = σ(log f - log i). */
    @Override void back(float[][] gates, float[] a, float[] da, float[] db, int m) {
        float[] f = gates[0], i = gates[1], n = gates[2];
        for (int j = 0; j < m; j++) {
            float slope = (da[j] - db[j] * n[j]) * a[j] * (1 - a[j]);
            f[j] = slope * f[j];
            i[j] = -slope * i[j];
            n[j] = db[j] * (1 - a[j]);
        }
    }
}
