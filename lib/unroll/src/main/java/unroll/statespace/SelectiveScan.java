package unroll.statespace;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The selective state space (S6) of Mamba (Gu and Dao 2023) over a whole sequence as one operation: step, B and C
 * depend on the input. Zero-order hold for A, Euler for B, as there.
 *
 * <pre>{@code
 * A = -exp(aLog)
 * h_t[d,n] = exp(Δ_t[d] A[d,n]) h_{t-1}[d,n] + Δ_t[d] u_t[d] B_t[n]
 * y_t[d]   = sum over n of C_t[n] h_t[d,n] + skip[d] u_t[d]
 * }</pre>
 *
 * Of the states only those of every 64th step are kept. Each part (32 channels of one sequence) computes the others
 * again on the way back, 64 steps at a time, so they stay in the cache: two buffers of 32 · 64 N numbers for each
 * thread. Equal to the last bit for any number of threads.
 */
public final class SelectiveScan {
    static final int BLOCK = 32;                                           // channels of a part

    private final Tensor[] in;                                             // u, step, aLog, b, c, skip, h0
    final int T, B, D, N;
    final float[] u, step, a, b, c, skip, start;
    private final int blocks;
    private final float[][][] starts;                                      // of each part the states before some steps

    private SelectiveScan(Tensor... in) {
        this.in = in;
        T = in[0].size(0);
        B = in[0].size(1);
        D = in[0].size(2);
        N = in[2].size(1);
        u = in[0].data();
        step = in[1].data();
        b = in[3].data();
        c = in[4].data();
        skip = in[5].data();
        start = in[6].data();
        float[] log = in[2].data();
        a = new float[D * N];
        for (int i = 0; i < a.length; i++) a[i] = (float) -Math.exp(log[i]);
        blocks = (D + BLOCK - 1) / BLOCK;
        starts = new float[parts()][][];
    }

    /**
     * y {@code [T, B, D]}, and the state after the last step {@code [B, D, N]}.
     *
     * @param u    {@code [T, B, D]}
     * @param step Δ, at least 0, {@code [T, B, D]}
     * @param aLog {@code [D, N]}
     * @param b    {@code [T, B, N]}
     * @param c    {@code [T, B, N]}
     * @param skip {@code [D]}
     * @param h0   the state before the first step, {@code [B, D, N]}
     */
    public static List<Tensor> apply(Tensor u, Tensor step, Tensor aLog, Tensor b, Tensor c, Tensor skip, Tensor h0) {
        int[] x = u.shape(), m = aLog.shape();
        boolean fits = x.length == 3 && m.length == 2 && Arrays.equals(x, step.shape()) && m[0] == x[2]
                && Arrays.equals(b.shape(), new int[] {x[0], x[1], m[1]}) && Arrays.equals(c.shape(), b.shape())
                && Arrays.equals(skip.shape(), new int[] {x[2]})
                && Arrays.equals(h0.shape(), new int[] {x[1], x[2], m[1]});
        if (!fits)
            throw new ShapeException(
                    "SelectiveScan: expected u and step [T, B, D], aLog [D, N], b and c [T, B, N], skip [D] and h0 "
                            + "[B, D, N] but got "
                            + Arrays.toString(x) + ", " + Arrays.toString(step.shape()) + ", " + Arrays.toString(m)
                            + ", "
                            + Arrays.toString(b.shape()) + ", "
                            + Arrays.toString(c.shape()) + ", " + Arrays.toString(skip.shape()) + " and "
                            + Arrays.toString(h0.shape()));
        SelectiveScan scan = new SelectiveScan(u, step, aLog, b, c, skip, h0);
        float[] y = new float[scan.u.length], end = new float[scan.start.length];
        Parallel.run(scan.parts(), part -> scan.starts[part] = scan.part(part).forward(y, end));
        return Tape.record("selectiveScan", List.of(y, end), List.of(x, h0.shape()), g -> scan.back(g.get(0), g.get(1)),
                scan.in);
    }

    private int parts() { return B * blocks; }

    private SelectivePart part(int part) {
        int from = part % blocks * BLOCK;
        return new SelectivePart(this, part / blocks, from, Math.min(BLOCK, D - from));
    }

    /** Gradients of what several parts share are summed in the order of the parts. */
    private void back(float[] dy, float[] dEnd) {
        SelectiveGradients all = new SelectiveGradients(this);
        SelectiveGradients.Shared[] shared = new SelectiveGradients.Shared[parts()];
        Parallel.run(parts(), p -> shared[p] = part(p).back(starts[p], dy, dEnd, all));
        for (int p = 0; p < shared.length; p++) all.add(shared[p], p / blocks, p % blocks * BLOCK);
        float[][] ordered = {all.u, all.step, all.aLog, all.b, all.c, all.skip, all.start};
        for (int i = 0; i < in.length; i++) if (in[i].requiresGradient()) in[i].take(ordered[i]);
    }
}
