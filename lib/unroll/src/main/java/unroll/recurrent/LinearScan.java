package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The linear recurrence over a whole sequence as one operation; everything that is not linear in h was computed for all
 * steps before.
 *
 * <pre>{@code
 * h_t = a_t ∘ h_{t-1} + b_t
 *
 * Tensor h = LinearScan.apply(a, b, h0);                           // a, b: [T, B, H], h0: [B, H] → [T, B, H]
 * }</pre>
 *
 * The way back is a scan too, from the last step to the first, with e_t = ∂L/∂h_t as it arrives and g_t the whole
 * gradient of h_t:
 *
 * <pre>{@code
 * g_t = e_t + a_{t+1} ∘ g_{t+1}      ∂L/∂b_t = g_t      ∂L/∂a_t = g_t ∘ h_{t-1}      ∂L/∂h_0 = a_1 ∘ g_1
 * }</pre>
 *
 * The recurrence is associative, (a, b) then (a', b') being (a' a, a' b + b'), so it could be cut over time into log T
 * rounds. On a few cores that is slower than this plain loop over time, whose B·H columns need nothing of each other
 * and are the parallel part.
 */
public final class LinearScan {
    // of one part: three rows stay in the first-level cache
    private static final int COLUMNS = 256;

    private LinearScan() {
    }

    /**
     * All h_t.
     *
     * @param a  {@code [T, B, H]}
     * @param b  {@code [T, B, H]}
     * @param h0 the state before the first step, {@code [B, H]}
     * @throws ShapeException when the shapes do not fit each other
     */
    public static Tensor apply(Tensor a, Tensor b, Tensor h0) {
        if (a.rank() != 3 || !Arrays.equals(a.shape(), b.shape())
                || !Arrays.equals(h0.shape(), Arrays.copyOfRange(a.shape(), 1, 3)))
            throw new ShapeException("LinearScan: expected a and b of shape [T, B, H] and h0 of shape [B, H] but got "
                    + Arrays.toString(a.shape())
                    + ", " + Arrays.toString(b.shape()) + " and " + Arrays.toString(h0.shape()));
        int T = a.size(0), n = h0.size();
        float[] av = a.data(), bv = b.data(), start = h0.data(), h = new float[T * n];
        columns(n, (from, to) -> forward(av, bv, start, h, T, n, from, to));
        return Tape.record("linearScan", h, a.shape(), gradients -> {
            float[] e = gradients.get(0), da = new float[e.length], d0 = new float[n];
            columns(n, (from, to) -> back(av, start, h, e, da, d0, T, n, from, to));
            if (a.requiresGradient()) a.take(da);
            if (b.requiresGradient()) b.take(e);
            if (h0.requiresGradient()) h0.take(d0);
        }, a, b, h0);
    }

    private static void columns(int n, Parallel.Range work) {
        Parallel.run((n + COLUMNS - 1) / COLUMNS,
                part -> work.accept(part * COLUMNS, Math.min(n, (part + 1) * COLUMNS)));
    }

    /**
     * Columns from .. to - 1. Rows are copied, so that each inner loop has one index and becomes vector instructions.
     */
    private static void forward(float[] a, float[] b, float[] h0, float[] h, int T, int n, int from, int to) {
        int m = to - from;
        float[] state = Arrays.copyOfRange(h0, from, to), keep = new float[m], add = new float[m];
        for (int t = 0; t < T; t++) {
            Interrupts.check("LinearScan", t);
            System.arraycopy(a, t * n + from, keep, 0, m);
            System.arraycopy(b, t * n + from, add, 0, m);
            for (int j = 0; j < m; j++) state[j] = keep[j] * state[j] + add[j];
            System.arraycopy(state, 0, h, t * n + from, m);
        }
    }

    /**
     * Turns e, what arrives at each h_t, into g, the whole gradient of each h_t, which is that of b_t; and fills da and
     * d0.
     */
    private static void back(float[] a, float[] h0, float[] h, float[] e, float[] da, float[] d0, int T, int n,
            int from, int to) {
        int m = to - from;
        float[] g = new float[m], keep = new float[m], arrives = new float[m], before = new float[m],
                slope = new float[m];
        for (int t = T - 1; t >= 0; t--) {
            Interrupts.check("LinearScan", t);
            System.arraycopy(e, t * n + from, arrives, 0, m);
            // keep is a_{t+1}, zeros at the end
            for (int j = 0; j < m; j++) g[j] = arrives[j] + keep[j] * g[j];
            System.arraycopy(g, 0, e, t * n + from, m);
            if (t > 0) System.arraycopy(h, (t - 1) * n + from, before, 0, m);
            else
                System.arraycopy(h0, from, before, 0, m);
            for (int j = 0; j < m; j++) slope[j] = g[j] * before[j];
            System.arraycopy(slope, 0, da, t * n + from, m);
            System.arraycopy(a, t * n + from, keep, 0, m);
        }
        for (int j = 0; j < m; j++) g[j] *= keep[j];
        System.arraycopy(g, 0, d0, from, m);
    }
}
