package unroll.recurrent;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of a GRU. k is how much of the old state is kept: k = z, s = 1 where z keeps the
 * old state, and k = 1 - z, s = -1 where it takes the new one. So k = k_0 + s z with k_0 = 0 or 1.
 */
abstract class GruRecurrence extends Recurrence {
    static final int RESET = 0, UPDATE = 1, CANDIDATE = 2;
    final float k0, s;
    final float[][] r = perStep(), z = perStep(), n = perStep(), before = perStep();       // before is h_{t-1}

    private GruRecurrence(Room room, RecurrentSide side, int biases, boolean keepsOld) {
        super(room, 3, side, biases);
        k0 = keepsOld ? 0 : 1;
        s = keepsOld ? 1 : -1;
    }

    static GruRecurrence of(GruConvention convention, Room room) {
        return convention.resetAfter()
                ? new ResetAfter(room, convention.keepsOld())
                : new ResetBefore(room, convention.keepsOld());
    }

    @Override final void step(int t) {
        System.arraycopy(h, 0, before[t], 0, size);
        gates(t);
        mix(n[t], z[t], before[t], h, k0, s, size);
    }

    /** Makes r, z and n of time t. */
    abstract void gates(int t);

    private static void mix(float[] candidate, float[] z, float[] before, float[] h, float k0, float s, int size) {
        for (int k = 0; k < size; k++) h[k] = candidate[k] + (k0 + s * z[k]) * (before[k] - candidate[k]);
    }

    @Override final float[] values(int gate, int t) { return (gate == RESET ? r : gate == UPDATE ? z : n)[t]; }

    /**
     * With the reset after the product. A hat marks ∂L/∂: ĥ is ∂L/∂h.
     *
     * <pre>
     * r = σ(x W_r + h U_r + b_r)           z = σ(x W_z + h U_z + b_z)
     * m = h U_n + c                        n = tanh(x W_n + b_n + r ∘ m)             h_t = n + k ∘ (h_{t-1} - n)
     *
     * ẑ^n = ĥ ∘ (1 - k) ∘ (1 - n²)         ẑ^z = s ĥ ∘ (h_{t-1} - n) ∘ z (1 - z)     ẑ^r = ẑ^n ∘ m ∘ r (1 - r)
     * m̂ = ẑ^n ∘ r                          ĥ_{t-1} = ĥ ∘ k + (ẑ^r, ẑ^z, m̂) Uᵀ
     * </pre>
     */
    private static final class ResetAfter extends GruRecurrence {
        private static final int C = 3;                                    // the place of c behind b
        private final float[][] m = perStep();
        private final float[] dr = new float[size], dz = new float[size], dn = new float[size], dm = new float[size];
        private final float[] recurrent = new float[size];

        ResetAfter(Room room, boolean keepsOld) { super(room, RecurrentSide.APART, 4, keepsOld); }

        @Override void gates(int t) {
            VectorMath.sigmoid(both(RESET, r[t]), r[t], 0, size);
            VectorMath.sigmoid(both(UPDATE, z[t]), z[t], 0, size);
            recurrentGate(CANDIDATE, m[t]);
            VectorMath.add(m[t], bias[C], 0, size);
            inputGate(CANDIDATE, n[t]);
            candidate(n[t], bias[CANDIDATE], r[t], m[t], size);
            VectorMath.tanh(n[t], n[t], 0, size);
        }

        private float[] both(int gate, float[] to) {
            inputGate(gate, to);
            recurrentGate(gate, recurrent);
            sum(to, recurrent, bias[gate], size);
            return to;
        }

        @Override void back(int t) {
            gradients(r[t], z[t], n[t], m[t], before[t]);
            send(RESET, dr);
            sendRecurrent(RESET, dr);
            send(UPDATE, dz);
            sendRecurrent(UPDATE, dz);
            send(CANDIDATE, dn);
            sendRecurrent(CANDIDATE, dm);
            VectorMath.add(biasGradient[C], dm, 0, size);
        }

        private static void sum(float[] a, float[] b, float[] c, int n) {
            for (int k = 0; k < n; k++) a[k] += b[k] + c[k];
        }

        private static void candidate(float[] x, float[] bias, float[] r, float[] m, int n) {
            for (int k = 0; k < n; k++) x[k] += bias[k] + r[k] * m[k];
        }

        private void gradients(float[] r, float[] z, float[] n, float[] m, float[] before) {
            float[] dh = this.dh, dr = this.dr, dz = this.dz, dn = this.dn, dm = this.dm;
            float k0 = this.k0, s = this.s;
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
    }

    /**
     * With the reset before the product. A hat marks ∂L/∂: ĥ is ∂L/∂h. The gradient of U_n is Σ_t q_tᵀ ẑ^n_t.
     *
     * <pre>
     * r = σ(x W_r + h U_r + b_r)           z = σ(x W_z + h U_z + b_z)
     * q = r ∘ h_{t-1}                      n = tanh(x W_n + q U_n + b_n)             h_t = n + k ∘ (h_{t-1} - n)
     *
     * ẑ^n = ĥ ∘ (1 - k) ∘ (1 - n²)         ẑ^z = s ĥ ∘ (h_{t-1} - n) ∘ z (1 - z)
     * q̂ = ẑ^n U_nᵀ                         ẑ^r = q̂ ∘ h_{t-1} ∘ r (1 - r)
     * ĥ_{t-1} = ĥ ∘ k + q̂ ∘ r + (ẑ^r, ẑ^z) (U_r, U_z)ᵀ
     * </pre>
     */
    private static final class ResetBefore extends GruRecurrence {
        private final float[] q = new float[size], dq = new float[size], dz = new float[size];

        ResetBefore(Room room, boolean keepsOld) { super(room, RecurrentSide.LAST_LATER, 3, keepsOld); }

        @Override void gates(int t) {
            VectorMath.sigmoid(gate(RESET, r[t]), r[t], 0, size);
            VectorMath.sigmoid(gate(UPDATE, z[t]), z[t], 0, size);
            times(r[t], h, q, size);
            VectorMath.tanh(lastGate(t, q, n[t]), n[t], 0, size);
        }

        @Override void back(int t) {
            candidateGradient(dh, z[t], n[t], dz, k0, s, size);
            sendLast(t, dz, dq);
            updateGradient(dh, z[t], n[t], before[t], dz, s, size);
            send(UPDATE, dz);
            resetGradient(dq, r[t], before[t], dz, size);
            send(RESET, dz);
            stateGradient(dh, z[t], dq, r[t], k0, s, size);
        }

        private static void times(float[] a, float[] b, float[] y, int n) {
            for (int k = 0; k < n; k++) y[k] = a[k] * b[k];
        }

        private static void candidateGradient(float[] dh, float[] z, float[] n, float[] dz, float k0, float s,
                int size) {
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
    }
}
