package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of a GRU with the reset before the product, one gate a line. A hat marks ∂L/∂: ĥ is
 * ∂L/∂h.
 *
 * <pre>
 * r = σ(x W_r + h U_r + b_r)           z = σ(x W_z + h U_z + b_z)
 * q = r ∘ h_{t-1}                      n = tanh(x W_n + q U_n + b_n)             h_t = n + k ∘ (h_{t-1} - n)
 *
 * ẑ^n = ĥ ∘ (1 - k) ∘ (1 - n²)         ẑ^z = s ĥ ∘ (h_{t-1} - n) ∘ z (1 - z)
 * q̂ = ẑ^n U_nᵀ                         ẑ^r = q̂ ∘ h_{t-1} ∘ r (1 - r)
 * ĥ_{t-1} = ĥ ∘ k + q̂ ∘ r + (ẑ^r, ẑ^z) (U_r, U_z)ᵀ
 * </pre>
 *
 * k is how much of the old state is kept, as in {@link GruRecurrence}: k = k_0 + s z with k_0 = 0, s = 1 where z keeps
 * the old state, and k_0 = 1, s = -1 where it takes the new one. The gradient of U_n is Σ_t q_tᵀ ẑ^n_t.
 */
final class ResetFirstGruRecurrence extends Recurrence {
    private static final int RESET = 0, UPDATE = 1, CANDIDATE = 2;
    private final int H;
    private final float k0, s;
    private final float[][] r, z, n, before;                               // [T][rows * H]; before is h_{t-1}
    private final float[][] bias, biasGradient;
    private final float[] q, dq, dz;

    ResetFirstGruRecurrence(SequencePass.Part part, int T, int H, boolean keepsOld) {
        super(part);
        this.H = H;
        k0 = keepsOld ? 0 : 1;
        s = keepsOld ? 1 : -1;
        r = new float[T][size];
        z = new float[T][size];
        n = new float[T][size];
        before = new float[T][size];
        bias = new float[3][size];
        biasGradient = new float[3][size];
        q = new float[size];
        dq = new float[size];
        dz = new float[size];
    }

    @Override void begin(float[] b) {
        for (int gate = 0; gate < 3; gate++) {
            tile(b, gate, H, bias[gate]);
            Arrays.fill(biasGradient[gate], 0);
        }
    }

    @Override void step(int t) {
        System.arraycopy(h, 0, before[t], 0, size);
        VectorMath.sigmoid(gate(t, RESET, r[t]), r[t], 0, size);
        VectorMath.sigmoid(gate(t, UPDATE, z[t]), z[t], 0, size);
        times(r[t], h, q, size);
        part.lastGate(t, q, n[t]);
        VectorMath.add(n[t], bias[CANDIDATE], 0, size);
        VectorMath.tanh(n[t], n[t], 0, size);
        GruRecurrence.mix(n[t], z[t], before[t], h, k0, s, size);
    }

    private float[] gate(int t, int gate, float[] to) {
        part.gate(gate, to);
        VectorMath.add(to, bias[gate], 0, size);
        return to;
    }

    @Override void back(int t) {
        candidateGradient(dh, z[t], n[t], dz, k0, s, size);
        VectorMath.add(biasGradient[CANDIDATE], dz, 0, size);
        part.lastGateGradient(t, dz, dq);
        updateGradient(dh, z[t], n[t], before[t], dz, s, size);
        send(t, UPDATE);
        resetGradient(dq, r[t], before[t], dz, size);
        send(t, RESET);
        stateGradient(dh, z[t], dq, r[t], k0, s, size);
    }

    private void send(int t, int gate) {
        VectorMath.add(biasGradient[gate], dz, 0, size);
        part.gateGradient(gate, dz);
    }

    private static void times(float[] a, float[] b, float[] y, int n) {
        for (int k = 0; k < n; k++) y[k] = a[k] * b[k];
    }

    private static void candidateGradient(float[] dh, float[] z, float[] n, float[] dz, float k0, float s, int size) {
        for (int k = 0; k < size; k++) dz[k] = dh[k] * (1 - (k0 + s * z[k])) * (1 - n[k] * n[k]);
    }

    private static void updateGradient(float[] dh, float[] z, float[] n, float[] before, float[] dz, float s,
            int size) {
        for (int k = 0; k < size; k++) dz[k] = s * dh[k] * (before[k] - n[k]) * z[k] * (1 - z[k]);
    }

    private static void resetGradient(float[] dq, float[] r, float[] before, float[] dz, int size) {
        for (int k = 0; k < size; k++) dz[k] = dq[k] * before[k] * r[k] * (1 - r[k]);
    }

    private static void stateGradient(float[] dh, float[] z, float[] dq, float[] r, float k0, float s, int size) {
        for (int k = 0; k < size; k++) dh[k] = dh[k] * (k0 + s * z[k]) + dq[k] * r[k];
    }

    @Override float[] values(int gate, int t) { return (gate == RESET ? r : gate == UPDATE ? z : n)[t]; }

    @Override void biasGradient(float[] to) {
        for (int gate = 0; gate < 3; gate++) sumRows(biasGradient[gate], to, gate, H);
    }
}
