package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of a GRU with the reset after the product, one gate a line. A hat marks ∂L/∂: ĥ is
 * ∂L/∂h.
 *
 * <pre>
 * r = σ(x W_r + h U_r + b_r)           z = σ(x W_z + h U_z + b_z)
 * m = h U_n + c                        n = tanh(x W_n + b_n + r ∘ m)             h_t = n + k ∘ (h_{t-1} - n)
 *
 * ẑ^n = ĥ ∘ (1 - k) ∘ (1 - n²)         ẑ^z = s ĥ ∘ (h_{t-1} - n) ∘ z (1 - z)     ẑ^r = ẑ^n ∘ m ∘ r (1 - r)
 * m̂ = ẑ^n ∘ r                          ĥ_{t-1} = ĥ ∘ k + (ẑ^r, ẑ^z, m̂) Uᵀ
 * </pre>
 *
 * k is how much of the old state is kept: k = z, s = 1 where z keeps the old state, and k = 1 - z, s = -1 where it
 * takes the new one. So k = k_0 + s z with k_0 = 0 or 1.
 */
final class GruRecurrence extends Recurrence {
    // the last is the place of c behind b
    private static final int RESET = 0, UPDATE = 1, CANDIDATE = 2, RECURRENT_CANDIDATE = 3;
    private final int H;
    private final float k0, s;
    private final float[][] r, z, n, m, before;                            // [T][rows * H]; before is h_{t-1}
    private final float[][] bias, biasGradient;
    private final float[] scratch, dr, dz, dn;

    GruRecurrence(SequencePass.Part part, int T, int H, boolean keepsOld) {
        super(part);
        this.H = H;
        k0 = keepsOld ? 0 : 1;
        s = keepsOld ? 1 : -1;
        r = new float[T][size];
        z = new float[T][size];
        n = new float[T][size];
        m = new float[T][size];
        before = new float[T][size];
        bias = new float[4][size];
        biasGradient = new float[4][size];
        scratch = new float[size];
        dr = new float[size];
        dz = new float[size];
        dn = new float[size];
    }

    @Override void begin(float[] b) {
        for (int gate = 0; gate < 4; gate++) {
            tile(b, gate, H, bias[gate]);
            Arrays.fill(biasGradient[gate], 0);
        }
    }

    @Override void step(int t) {
        System.arraycopy(h, 0, before[t], 0, size);
        VectorMath.sigmoid(both(t, RESET, r[t]), r[t], 0, size);
        VectorMath.sigmoid(both(t, UPDATE, z[t]), z[t], 0, size);
        part.recurrentGate(CANDIDATE, m[t]);
        VectorMath.add(m[t], bias[RECURRENT_CANDIDATE], 0, size);
        part.gate(CANDIDATE, n[t]);
        candidate(n[t], bias[CANDIDATE], r[t], m[t], size);
        VectorMath.tanh(n[t], n[t], 0, size);
        mix(n[t], z[t], before[t], h, k0, s, size);
    }

    private float[] both(int t, int gate, float[] to) {
        part.gate(gate, to);
        part.recurrentGate(gate, scratch);
        sum(to, scratch, bias[gate], size);
        return to;
    }

    @Override void back(int t) {
        gradients(dh, r[t], z[t], n[t], m[t], before[t], dr, dz, dn, scratch, k0, s, size);
        send(t, RESET, dr);
        send(t, UPDATE, dz);
        VectorMath.add(biasGradient[CANDIDATE], dn, 0, size);
        part.gateGradient(CANDIDATE, dn);
        VectorMath.add(biasGradient[RECURRENT_CANDIDATE], scratch, 0, size);
        part.recurrentGateGradient(CANDIDATE, scratch);
    }

    private void send(int t, int gate, float[] d) {
        VectorMath.add(biasGradient[gate], d, 0, size);
        part.gateGradient(gate, d);
        part.recurrentGateGradient(gate, d);
    }

    private static void sum(float[] a, float[] b, float[] c, int n) {
        for (int k = 0; k < n; k++) a[k] += b[k] + c[k];
    }

    private static void candidate(float[] x, float[] bias, float[] r, float[] m, int n) {
        for (int k = 0; k < n; k++) x[k] += bias[k] + r[k] * m[k];
    }

    static void mix(float[] candidate, float[] z, float[] before, float[] h, float k0, float s, int n) {
        for (int k = 0; k < n; k++) h[k] = candidate[k] + (k0 + s * z[k]) * (before[k] - candidate[k]);
    }

    private static void gradients(float[] dh, float[] r, float[] z, float[] n, float[] m, float[] before, float[] dr,
            float[] dz, float[] dn,
            float[] dm, float k0, float s, int size) {
        for (int k = 0; k < size; k++) {
            float d = dh[k], u = z[k], q = n[k], a = r[k], keep = k0 + s * u;
            float e = d * (1 - keep) * (1 - q * q);
            dn[k] = e;
            dz[k] = s * d * (before[k] - q) * u * (1 - u);
            dr[k] = e * m[k] * a * (1 - a);
            dm[k] = e * a;
            dh[k] = d * keep;
        }
    }

    @Override float[] values(int gate, int t) { return (gate == RESET ? r : gate == UPDATE ? z : n)[t]; }

    @Override void biasGradient(float[] to) {
        for (int gate = 0; gate < 4; gate++) sumRows(biasGradient[gate], to, gate, H);
    }
}
