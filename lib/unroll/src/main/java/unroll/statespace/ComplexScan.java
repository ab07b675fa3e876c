package unroll.statespace;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The linear recurrence with complex numbers over a whole sequence as one operation; real and imaginary parts are
 * separate tensors.
 *
 * <pre>{@code
 * h_t = a_t ∘ h_{t-1} + b_t
 *
 * // a: [T, B, H] or [H], b: [T, B, H], h0: [B, H] → two [T, B, H]
 * List<Tensor> h = ComplexScan.apply(aRe, aIm, bRe, bIm, h0Re, h0Im);
 * }</pre>
 *
 * The way back is a scan from the last step to the first; with e_t what arrives at h_t:
 *
 * <pre>{@code
 * g_t = e_t + conj(a_{t+1}) ∘ g_{t+1}    ∂L/∂b_t = g_t    ∂L/∂a_t = g_t ∘ conj(h_{t-1})      ∂L/∂h_0 = conj(a_1) ∘ g_1
 * }</pre>
 */
public final class ComplexScan {
    // of one part: its rows stay in the first-level cache
    private static final int COLUMNS = 256;

    private final Tensor[] in;                                             // a, b, h0, each real and imaginary part
    private final float[][] a, b, start, h;                                // real and imaginary part
    private final int T, n, H;
    private final boolean constant;

    private ComplexScan(Tensor... in) {
        this.in = in;
        constant = in[0].rank() == 1;
        T = in[2].size(0);
        H = in[2].size(2);
        n = in[4].size();
        a = new float[][] {spread(in[0].data()), spread(in[1].data())};
        b = new float[][] {in[2].data(), in[3].data()};
        start = new float[][] {in[4].data(), in[5].data()};
        h = new float[2][T * n];
    }

    /** A constant for each sequence. */
    private float[] spread(float[] row) {
        if (!constant) return row;
        float[] all = new float[n];
        for (int i = 0; i < n; i += H) System.arraycopy(row, 0, all, i, H);
        return all;
    }

    /**
     * Real and imaginary part of all h_t.
     *
     * @throws ShapeException when the shapes do not fit each other
     */
    public static List<Tensor> apply(Tensor aRe, Tensor aIm, Tensor bRe, Tensor bIm, Tensor h0Re, Tensor h0Im) {
        int[] a = aRe.shape(), b = bRe.shape(), h0 = h0Re.shape();
        boolean fits = b.length == 3 && (Arrays.equals(a, b) || a.length == 1 && a[0] == b[2])
                && Arrays.equals(h0, Arrays.copyOfRange(b, 1, 3))
                && Arrays.equals(a, aIm.shape()) && Arrays.equals(b, bIm.shape()) && Arrays.equals(h0, h0Im.shape());
        if (!fits)
            throw new ShapeException(
                    "ComplexScan: expected a of shape [T, B, H] or [H], b of shape [T, B, H] and h0 of "
                            + "shape [B, H], imaginary parts like real ones, but got " + Arrays.toString(a) + ", "
                            + Arrays.toString(b) + " and " + Arrays.toString(h0));
        ComplexScan scan = new ComplexScan(aRe, aIm, bRe, bIm, h0Re, h0Im);
        scan.columns(scan::forward);
        return Tape.record("complexScan", List.of(scan.h[0], scan.h[1]), List.of(b, b),
                g -> scan.back(g.get(0), g.get(1)), scan.in);
    }

    private void columns(Parallel.Range work) {
        Parallel.run((n + COLUMNS - 1) / COLUMNS,
                part -> work.accept(part * COLUMNS, Math.min(n, (part + 1) * COLUMNS)));
    }

    private int row(int t) { return constant ? 0 : t * n; }

    private static void copy(float[][] from, int at, float[][] to, int place, int m) {
        for (int part = 0; part < 2; part++) System.arraycopy(from[part], at, to[part], place, m);
    }

    /** Adds x y, with the sign -1 the conjugate of x times y. */
    private static void addProduct(float[][] to, float[][] x, float sign, float[][] y) {
        float[] re = to[0], im = to[1], xr = x[0], xi = x[1], yr = y[0], yi = y[1];
        for (int j = 0; j < re.length; j++) re[j] += xr[j] * yr[j] - sign * xi[j] * yi[j];
        for (int j = 0; j < im.length; j++) im[j] += xr[j] * yi[j] + sign * xi[j] * yr[j];
    }

    /** Columns from .. to - 1. Rows are copied, so that each inner loop has one index. */
    private void forward(int from, int to) {
        int m = to - from;
        float[][] before = new float[2][m], at = new float[2][m], next = new float[2][m];
        copy(start, from, before, 0, m);
        for (int t = 0; t < T; t++) {
            Interrupts.check("ComplexScan", t);
            copy(a, row(t) + from, at, 0, m);
            copy(b, t * n + from, next, 0, m);
            addProduct(next, at, 1, before);
            copy(next, 0, before, 0, m);
            copy(next, 0, h, t * n + from, m);
        }
    }

    /** e turns into g, which is the gradient of b. */
    private void back(float[] eRe, float[] eIm) {
        float[][] e = {eRe, eIm}, da = new float[2][a[0].length], d0 = new float[2][n];
        columns((from, to) -> back(e, da, d0, from, to));
        float[][] all = {summed(da[0]), summed(da[1]), eRe, eIm, d0[0], d0[1]};
        for (int i = 0; i < in.length; i++) if (in[i].requiresGradient()) in[i].take(all[i]);
    }

    /** What arrives at a constant from each sequence. */
    private float[] summed(float[] columns) {
        if (!constant) return columns;
        float[] sum = new float[H];
        for (int i = 0; i < n; i++) sum[i % H] += columns[i];
        return sum;
    }

    private void back(float[][] e, float[][] da, float[][] d0, int from, int to) {
        int m = to - from;
        float[][] g = new float[2][m], next = new float[2][m], own = new float[2][m], before = new float[2][m],
                d = new float[2][m];
        for (int t = T - 1; t >= 0; t--) {
            Interrupts.check("ComplexScan", t);
            copy(e, t * n + from, own, 0, m);
            addProduct(own, next, -1, g);                                  // next is a_{t+1}, zeros at the end
            copy(own, 0, g, 0, m);
            copy(g, 0, e, t * n + from, m);
            copy(t > 0 ? h : start, (t > 0 ? (t - 1) * n : 0) + from, before, 0, m);
            if (!constant) d = new float[2][m];
            addProduct(d, before, -1, g);
            copy(d, 0, da, row(t) + from, m);
            copy(a, row(t) + from, next, 0, m);
        }
        float[][] first = new float[2][m];
        addProduct(first, next, -1, g);
        copy(first, 0, d0, from, m);
    }
}
