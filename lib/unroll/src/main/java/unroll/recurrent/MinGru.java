package unroll.recurrent;

import unroll.tensor.VectorMath;

/**
 * minGRU over whole sequences (Feng et al. 2024): the equations of {@link MinGruCell}, the gates of all steps in one
 * product, then a scan over time.
 *
 * <pre>{@code
 * a_t = 1 - z_t      b_t = z_t ∘ n_t      h_t = a_t ∘ h_{t-1} + b_t
 *
 * var layer = MinGru.of(64, 256).build(rng);
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class MinGru extends ScanLayer {
    /** Runs the weights of a cell, which others may share. */
    public MinGru(MinGruCell cell) { this(cell, false, ""); }

    MinGru(MinGruCell cell, boolean learned, String more) { super(cell, learned, more); }

    /** The configuration of one or more layers. */
    public static ScanSpec of(int inputSize, int hiddenSize) {
        return new ScanSpec("MinGru", inputSize, hiddenSize);
    }

    @Override void factors(float[][] gates, float[] a, float[] b, int m) {
        float[] z = gates[0], n = gates[1];
        System.arraycopy(z, 0, b, 0, m);
        VectorMath.sigmoid(b, z, 0, m);                                    // update gate: 0 keeps
        for (int j = 0; j < m; j++) a[j] = 1 - z[j];
        for (int j = 0; j < m; j++) b[j] = z[j] * n[j];
    }

    @Override void back(float[][] gates, float[] a, float[] da, float[] db, int m) {
        float[] z = gates[0], n = gates[1];
        for (int j = 0; j < m; j++) {
            float gate = z[j], candidate = n[j];
            z[j] = (db[j] * candidate - da[j]) * gate * (1 - gate);
            n[j] = db[j] * gate;
        }
    }
}
