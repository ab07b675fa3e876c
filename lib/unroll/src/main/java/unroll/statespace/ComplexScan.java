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
 * g_t = e_t + conj(a_{t+1}) ∘ g_{t+1}      ∂L/∂b_t = g_t      ∂L/∂a_t = g_t ∘ conj(h_{t-1})      ∂L/∂h_0 = conj(a_1) ∘ g_1
 * }</pre>
 */
public final class ComplexScan {
    // of one part: its rows stay in the first-level cache
    private static final int COLUMNS = 256;

    private final Tensor[] in;                                             // a, b, h0, each real and imaginary part
    private final float[] aRe, aIm, bRe, bIm, startRe, startIm, hRe, hIm;
    private final int T, n, H;
    private final boolean constant;

    private ComplexScan(Tensor[] in) {
        this.in = in;
        constant = in[0].rank() == 1;
        T = in[2].size(0);
        H = in[2].size(2);
        n = in[4].size();
        aRe = constant ? tiled(in[0].data()) : in[0].data();
        aIm = constant ? tiled(in[1].data()) : in[1].data();
        bRe = in[2].data();
        bIm = in[3].data();
        startRe = in[4].data();
        startIm = in[5].data();
        hRe = new float[T * n];
        hIm = new float[T * n];
    }

    private float[] tiled(float[] row) {
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
                    "ComplexScan: expected a of shape [T, B, H] or [H], b of shape [T, B, H] and h0 of shape [B, H], "
                            + "imaginary parts"
                            + " like real ones, but got " + Arrays.toString(a) + ", " + Arrays.toString(b) + " and "
                            + Arrays.toString(h0));
        ComplexScan scan = new ComplexScan(new Tensor[] {aRe, aIm, bRe, bIm, h0Re, h0Im});
        scan.columns(scan::forward);
        return Tape.record("complexScan", List.of(scan.hRe, scan.hIm), List.of(b, b),
                g -> scan.back(g.get(0), g.get(1)), scan.in);
    }

    private void columns(Parallel.Range work) {
        Parallel.run((n + COLUMNS - 1) / COLUMNS,
                part -> work.accept(part * COLUMNS, Math.min(n, (part + 1) * COLUMNS)));
    }

    private int row(int t) { return constant ? 0 : t * n; }

    /** Columns from .. to - 1. Rows are copied, so that each inner loop has one index. */
    private void forward(int from, int to) {
        int m = to - from;
        float[] re = Arrays.copyOfRange(startRe, from, to), im = Arrays.copyOfRange(startIm, from, to);
        float[] ar = new float[m], ai = new float[m], br = new float[m], bi = new float[m];
        for (int t = 0; t < T; t++) {
            Interrupts.check("ComplexScan", t);
            System.arraycopy(aRe, row(t) + from, ar, 0, m);
            System.arraycopy(aIm, row(t) + from, ai, 0, m);
            System.arraycopy(bRe, t * n + from, br, 0, m);
            System.arraycopy(bIm, t * n + from, bi, 0, m);
            for (int j = 0; j < m; j++) br[j] += ar[j] * re[j] - ai[j] * im[j];
            for (int j = 0; j < m; j++) bi[j] += ar[j] * im[j] + ai[j] * re[j];
            System.arraycopy(br, 0, re, 0, m);
            System.arraycopy(bi, 0, im, 0, m);
            System.arraycopy(re, 0, hRe, t * n + from, m);
            System.arraycopy(im, 0, hIm, t * n + from, m);
        }
    }

    /** e turns into g, which is the gradient of b. */
    private void back(float[] eRe, float[] eIm) {
        float[] daRe = new float[aRe.length], daIm = new float[aRe.length], d0Re = new float[n], d0Im = new float[n];
        columns((from, to) -> back(eRe, eIm, daRe, daIm, d0Re, d0Im, from, to));
        float[][] all = {constant ? summed(daRe) : daRe, constant ? summed(daIm) : daIm, eRe, eIm, d0Re, d0Im};
        for (int i = 0; i < in.length; i++) if (in[i].requiresGradient()) in[i].take(all[i]);
    }

    private float[] summed(float[] columns) {
        float[] sum = new float[H];
        for (int i = 0; i < n; i++) sum[i % H] += columns[i];
        return sum;
    }

    private void back(float[] eRe, float[] eIm, float[] daRe, float[] daIm, float[] d0Re, float[] d0Im, int from,
            int to) {
        int m = to - from;
        float[] re = new float[m], im = new float[m], er = new float[m], ei = new float[m], ar = new float[m],
                ai = new float[m];
        float[] hr = new float[m], hi = new float[m], dr = new float[m], di = new float[m];
        for (int t = T - 1; t >= 0; t--) {
            Interrupts.check("ComplexScan", t);
            System.arraycopy(eRe, t * n + from, er, 0, m);
            System.arraycopy(eIm, t * n + from, ei, 0, m);
            // a is a_{t+1}, zeros at the end
            for (int j = 0; j < m; j++) er[j] += ar[j] * re[j] + ai[j] * im[j];
            for (int j = 0; j < m; j++) ei[j] += ar[j] * im[j] - ai[j] * re[j];
            System.arraycopy(er, 0, re, 0, m);
            System.arraycopy(ei, 0, im, 0, m);
            System.arraycopy(re, 0, eRe, t * n + from, m);
            System.arraycopy(im, 0, eIm, t * n + from, m);
            System.arraycopy(t > 0 ? hRe : startRe, (t > 0 ? (t - 1) * n : 0) + from, hr, 0, m);
            System.arraycopy(t > 0 ? hIm : startIm, (t > 0 ? (t - 1) * n : 0) + from, hi, 0, m);
            if (!constant) Arrays.fill(dr, 0f);
            if (!constant) Arrays.fill(di, 0f);
            for (int j = 0; j < m; j++) dr[j] += re[j] * hr[j] + im[j] * hi[j];
            for (int j = 0; j < m; j++) di[j] += im[j] * hr[j] - re[j] * hi[j];
            System.arraycopy(dr, 0, daRe, row(t) + from, m);
            System.arraycopy(di, 0, daIm, row(t) + from, m);
            System.arraycopy(aRe, row(t) + from, ar, 0, m);
            System.arraycopy(aIm, row(t) + from, ai, 0, m);
        }
        for (int j = 0; j < m; j++) d0Re[from + j] = ar[j] * re[j] + ai[j] * im[j];
        for (int j = 0; j < m; j++) d0Im[from + j] = ar[j] * im[j] - ai[j] * re[j];
    }
}
