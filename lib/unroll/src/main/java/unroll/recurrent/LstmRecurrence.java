package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of an LSTM, one gate a line. A hat marks ∂L/∂: ĉ is ∂L/∂c.
 *
 * <pre>
 * z_t = x_t W + h_{t-1} U + b          i = σ(z^i)   f = σ(z^f)   g = tanh(z^g)   o = σ(z^o)
 * c_t = f ∘ c_{t-1} + i ∘ g            s = tanh(c_t)             h_t = o ∘ s
 *
 * ẑ^o = ĥ ∘ s ∘ o (1 - o)              ĉ += ĥ ∘ o ∘ (1 - s²)
 * ẑ^i = ĉ ∘ g ∘ i (1 - i)              ẑ^g = ĉ ∘ i ∘ (1 - g²)
 * ẑ^f = ĉ ∘ c_{t-1} ∘ f (1 - f)        ĉ_{t-1} = ĉ ∘ f           ĥ_{t-1} = ẑ Uᵀ
 * </pre>
 */
final class LstmRecurrence extends Recurrence {
    private static final int INPUT = 0, FORGET = 1, CANDIDATE = 2, OUTPUT = 3;
    private final float[][] i = perStep(), f = perStep(), g = perStep(), o = perStep(), s = perStep();
    private final float[][] c = new float[capacity + 1][size];             // begins with c_{-1}
    private final float[] dc = new float[size], dz = new float[size];

    LstmRecurrence(Room room) { super(room, 4, RecurrentSide.ADDED, 4); }

    @Override void step(int t) {
        VectorMath.sigmoid(gate(INPUT, i[t]), i[t], 0, size);
        VectorMath.sigmoid(gate(FORGET, f[t]), f[t], 0, size);
        VectorMath.tanh(gate(CANDIDATE, g[t]), g[t], 0, size);
        VectorMath.sigmoid(gate(OUTPUT, o[t]), o[t], 0, size);
        remember(f[t], c[t], i[t], g[t], c[t + 1], size);
        VectorMath.tanh(c[t + 1], s[t], 0, size);
        times(o[t], s[t], h, size);
    }

    @Override void back(int t) {
        outputGradient(dh, o[t], s[t], dc, dz, size);
        recordMemoryGradient(t, dc);
        send(OUTPUT, dz);
        inputGradient(dc, i[t], g[t], dz, size);
        send(INPUT, dz);
        candidateGradient(dc, i[t], g[t], dz, size);
        send(CANDIDATE, dz);
        forgetGradient(dc, f[t], c[t], dz, size);
        send(FORGET, dz);
        Arrays.fill(dh, 0);                                                // all of h goes through U
    }

    private static void remember(float[] f, float[] c, float[] i, float[] g, float[] next, int n) {
        for (int k = 0; k < n; k++) next[k] = f[k] * c[k] + i[k] * g[k];
    }

    private static void times(float[] a, float[] b, float[] y, int n) {
        for (int k = 0; k < n; k++) y[k] = a[k] * b[k];
    }

    private static void outputGradient(float[] dh, float[] o, float[] s, float[] dc, float[] dz, int n) {
        for (int k = 0; k < n; k++) {
            float d = dh[k], a = o[k], q = s[k];
            dz[k] = d * q * a * (1 - a);
            dc[k] += d * a * (1 - q * q);
        }
    }

    private static void inputGradient(float[] dc, float[] i, float[] g, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dc[k] * g[k] * i[k] * (1 - i[k]);
    }

    private static void candidateGradient(float[] dc, float[] i, float[] g, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dc[k] * i[k] * (1 - g[k] * g[k]);
    }

    private static void forgetGradient(float[] dc, float[] f, float[] before, float[] dz, int n) {
        for (int k = 0; k < n; k++) {
            float d = dc[k], a = f[k];
            dz[k] = d * before[k] * a * (1 - a);
            dc[k] = d * a;
        }
    }

    @Override float[] values(int gate, int t) {
        return switch (gate) {
            case INPUT -> i[t];
            case FORGET -> f[t];
            case CANDIDATE -> g[t];
            case OUTPUT -> o[t];
            default -> c[t + 1];
        };
    }

    @Override float[] memory(int t) { return c[t]; }

    @Override float[] memoryGradient() { return dc; }
}
