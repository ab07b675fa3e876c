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
    private final float[][] i = perStep(), f = perStep(), g = perStep(), o = perStep();
    private final float[][] c;                                             // begins with c_{-1}
    private final float[] dc = perUnit(), dz = perUnit(), s = perUnit();

    LstmRecurrence(Room room) {
        super(room, 4, RecurrentSide.ADDED);
        c = new float[kept ? room.capacity() + 1 : 2][B * H];
    }

    @Override void step(int t, Rows rows) {
        int from = rows.from(), to = rows.to(), k = slot(t);
        float[] next = memory(t + 1);
        VectorMath.sigmoid(gate(INPUT, rows, s), i[k], from, to);
        VectorMath.sigmoid(gate(FORGET, rows, s), f[k], from, to);
        VectorMath.tanh(gate(CANDIDATE, rows, g[k]), g[k], from, to);
        VectorMath.sigmoid(gate(OUTPUT, rows, s), o[k], from, to);
        remember(f[k], memory(t), i[k], g[k], next, from, to);
        VectorMath.tanh(next, s, from, to);
        times(o[k], s, h, from, to);
    }

    @Override void back(int t, Rows rows) {
        int from = rows.from(), to = rows.to();
        // again: faster than to read it from far away
        VectorMath.tanh(c[t + 1], s, from, to);
        outputGradient(dh, o[t], s, dc, dz, from, to);
        recordMemoryGradient(t, rows, dc);
        send(OUTPUT, rows, dz);
        inputGradient(dc, i[t], g[t], dz, from, to);
        send(INPUT, rows, dz);
        candidateGradient(dc, i[t], g[t], dz, from, to);
        send(CANDIDATE, rows, dz);
        forgetGradient(dc, f[t], c[t], dz, from, to);
        send(FORGET, rows, dz);
        Arrays.fill(dh, from, to, 0);                                      // all of h goes through U
    }

    private static void remember(float[] f, float[] c, float[] i, float[] g, float[] next, int from, int to) {
        for (int k = from; k < to; k++) next[k] = f[k] * c[k] + i[k] * g[k];
    }

    private static void times(float[] a, float[] b, float[] y, int from, int to) {
        for (int k = from; k < to; k++) y[k] = a[k] * b[k];
    }

    private static void outputGradient(float[] dh, float[] o, float[] s, float[] dc, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) {
            float d = dh[k], a = o[k], q = s[k];
            dz[k] = d * q * a * (1 - a);
            dc[k] += d * a * (1 - q * q);
        }
    }

    private static void inputGradient(float[] dc, float[] i, float[] g, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) dz[k] = dc[k] * g[k] * i[k] * (1 - i[k]);
    }

    private static void candidateGradient(float[] dc, float[] i, float[] g, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) dz[k] = dc[k] * i[k] * (1 - g[k] * g[k]);
    }

    private static void forgetGradient(float[] dc, float[] f, float[] before, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) {
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

    @Override float[] memory(int t) { return c[kept ? t : t % 2]; }

    @Override float[] memoryGradient() { return dc; }
}
