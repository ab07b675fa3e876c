package unroll.recurrent;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of a GRU. k is how much of the old state is kept: k = z, s = 1 where z keeps the
 * old state, and k = 1 - z, s = -1 where it takes the new one. So k = k_0 + s z with k_0 = 0 or 1.
 */
abstract class GruRecurrence extends Recurrence {
    static final int RESET = 0, UPDATE = 1, CANDIDATE = 2;
    final float k0, s;
    final float[][] r = perStep(), z = perStep(), n = perStep();
    final float[] before = perUnit();                                      // h_{t-1}

    private GruRecurrence(Room room, RecurrentSide side, boolean keepsOld) {
        super(room, 3, side);
        k0 = keepsOld ? 0 : 1;
        s = keepsOld ? 1 : -1;
    }

    static GruRecurrence of(GruConvention convention, Room room) {
        return convention.resetAfter()
                ? new ResetAfter(room, convention.keepsOld())
                : new ResetBefore(room, convention.keepsOld());
    }

    @Override final void step(int t, Rows rows) {
        int from = rows.from(), to = rows.to();
        System.arraycopy(h, from, before, from, to - from);
        gates(t, rows);
        mix(n[slot(t)], z[slot(t)], before, h, k0, s, from, to);
    }

    /** Makes r, z and n of time t. */
    abstract void gates(int t, Rows rows);

    private static void mix(float[] candidate, float[] z, float[] before, float[] h, float k0, float s, int from,
            int to) {
        for (int k = from; k < to; k++) h[k] = candidate[k] + (k0 + s * z[k]) * (before[k] - candidate[k]);
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
        private final float[][] m = perStep();
        private final float[] dr = perUnit(), dz = perUnit(), dn = perUnit(), dm = perUnit(), recurrent = perUnit();

        ResetAfter(Room room, boolean keepsOld) { super(room, RecurrentSide.APART, keepsOld); }

        @Override void gates(int t, Rows rows) {
            int from = rows.from(), to = rows.to(), k = slot(t);
            VectorMath.sigmoid(both(RESET, rows, dr), r[k], from, to);
            VectorMath.sigmoid(both(UPDATE, rows, dz), z[k], from, to);
            recurrentGate(CANDIDATE, rows, m[k]);
            gate(CANDIDATE, rows, n[k]);
            candidate(n[k], r[k], m[k], from, to);
            VectorMath.tanh(n[k], n[k], from, to);
        }

        private float[] both(int gate, Rows rows, float[] to) {
            gate(gate, rows, to);
            VectorMath.add(to, recurrentGate(gate, rows, recurrent), rows.from(), rows.to());
            return to;
        }

        @Override void back(int t, Rows rows) {
            previous(t, rows, before);
            gradients(r[t], z[t], n[t], m[t], before, rows.from(), rows.to());
            send(RESET, rows, dr);
            sendRecurrent(RESET, rows, dr);
            send(UPDATE, rows, dz);
            sendRecurrent(UPDATE, rows, dz);
            send(CANDIDATE, rows, dn);
            sendRecurrent(CANDIDATE, rows, dm);
        }

        private static void candidate(float[] x, float[] r, float[] m, int from, int to) {
            for (int k = from; k < to; k++) x[k] += r[k] * m[k];
        }

        private void gradients(float[] r, float[] z, float[] n, float[] m, float[] before, int from, int to) {
            float[] dh = this.dh, dr = this.dr, dz = this.dz, dn = this.dn, dm = this.dm;
            float k0 = this.k0, s = this.s;
            for (int k = from; k < to; k++) {
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
        private final float[] q = perUnit(), dq = perUnit(), dz = perUnit();

        ResetBefore(Room room, boolean keepsOld) { super(room, RecurrentSide.LAST_LATER, keepsOld); }

        @Override void gates(int t, Rows rows) {
            int from = rows.from(), to = rows.to(), k = slot(t);
            VectorMath.sigmoid(gate(RESET, rows, dz), r[k], from, to);
            VectorMath.sigmoid(gate(UPDATE, rows, dz), z[k], from, to);
            times(r[k], h, q, from, to);
            VectorMath.tanh(lastGate(t, q, rows, n[k]), n[k], from, to);
        }

        @Override void back(int t, Rows rows) {
            int from = rows.from(), to = rows.to();
            previous(t, rows, before);
            candidateGradient(dh, z[t], n[t], dz, k0, s, from, to);
            times(r[t], before, q, from, to);
            sendLast(t, dz, q, rows, dq);
            updateGradient(dh, z[t], n[t], before, dz, s, from, to);
            send(UPDATE, rows, dz);
            resetGradient(dq, r[t], before, dz, from, to);
            send(RESET, rows, dz);
            stateGradient(dh, z[t], dq, r[t], k0, s, from, to);
        }

        private static void times(float[] a, float[] b, float[] y, int from, int to) {
            for (int k = from; k < to; k++) y[k] = a[k] * b[k];
        }

        private static void candidateGradient(float[] dh, float[] z, float[] n, float[] dz, float k0, float s,
                int from, int to) {
            for (int k = from; k < to; k++) dz[k] = dh[k] * (1 - (k0 + s * z[k])) * (1 - n[k] * n[k]);
        }

        private static void updateGradient(float[] dh, float[] z, float[] n, float[] before, float[] dz, float s,
                int from, int to) {
            for (int k = from; k < to; k++) dz[k] = s * dh[k] * (before[k] - n[k]) * z[k] * (1 - z[k]);
        }

        private static void resetGradient(float[] dq, float[] r, float[] before, float[] dz, int from, int to) {
            for (int k = from; k < to; k++) dz[k] = dq[k] * before[k] * r[k] * (1 - r[k]);
        }

        private static void stateGradient(float[] dh, float[] z, float[] dq, float[] r, float k0, float s, int from,
                int to) {
            for (int k = from; k < to; k++) dh[k] = dh[k] * (k0 + s * z[k]) + dq[k] * r[k];
        }
    }
}
