package unroll.statespace;

import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * Powers Ā^l of the states of one channel, l = 0 .. L - 1, as products Ā^(R i) Ā^j with R about √L: so that a sum over
 * states with all powers, and a sum over time with all powers (the Vandermonde matrix of {@link S4d} and its
 * transpose), are matrix products of two small factors. The factors are computed in double precision.
 */
final class ModePowers {
    private final int R, I, M;
    private final double[][] fineRe, fineIm, coarseRe, coarseIm;           // Ā^j [R][M], Ā^(R i) [I][M]

    ModePowers(DiagonalModes modes, int channel, int length) {
        M = modes.M;
        int r = 1;
        while ((long) r * r < length) r *= 2;
        R = r;
        I = (length - 1) / R + 1;
        double[] re = new double[M], im = new double[M], one = new double[M];
        System.arraycopy(modes.re, channel * M, re, 0, M);
        System.arraycopy(modes.im, channel * M, im, 0, M);
        java.util.Arrays.fill(one, 1);
        fineRe = new double[R + 1][M];
        fineIm = new double[R + 1][M];
        powers(one, re, im, fineRe, fineIm);
        coarseRe = new double[I][M];
        coarseIm = new double[I][M];
        powers(one, fineRe[R], fineIm[R], coarseRe, coarseIm);
    }

    private static void powers(double[] one, double[] re, double[] im, double[][] toRe, double[][] toIm) {
        System.arraycopy(one, 0, toRe[0], 0, one.length);
        for (int j = 1; j < toRe.length; j++) multiply(toRe[j - 1], toIm[j - 1], re, im, toRe[j], toIm[j]);
    }

    private static void multiply(double[] xr, double[] xi, double[] yr, double[] yi, double[] zr, double[] zi) {
        for (int n = 0; n < xr.length; n++) zr[n] = xr[n] * yr[n] - xi[n] * yi[n];
        for (int n = 0; n < xr.length; n++) zi[n] = xr[n] * yi[n] + xi[n] * yr[n];
    }

    /**
     * 2 Re(sum over n of c_n Ā_n^l) for each of several c.
     *
     * @param cRe {@code [G][M]}
     * @return {@code [G][I R]}, row-major, of which the first L of each row count
     */
    float[] evaluate(double[][] cRe, double[][] cIm) {
        int G = cRe.length;
        float[] left = Shape.room("powers of states", new int[] {G, I, 2, M}),
                right = Shape.room("powers of states", new int[] {2, M, R});
        double[] re = new double[M], im = new double[M];
        for (int g = 0; g < G; g++)
            for (int i = 0; i < I; i++) {
                multiply(cRe[g], cIm[g], coarseRe[i], coarseIm[i], re, im);
                int at = (g * I + i) * 2 * M;
                for (int n = 0; n < M; n++) left[at + n] = (float) (2 * re[n]);
                for (int n = 0; n < M; n++) left[at + M + n] = (float) (-2 * im[n]);
            }
        for (int j = 0; j < R; j++)
            for (int n = 0; n < M; n++) {
                right[n * R + j] = (float) fineRe[j][n];
                right[(M + n) * R + j] = (float) fineIm[j][n];
            }
        return Tensor.of(left, G * I, 2 * M).matmul(Tensor.of(right, 2 * M, R)).data();
    }

    /** The length of a row that {@link #evaluate} gives and {@link #moments} reads. */
    int row() { return I * R; }

    /** The sums over l of v_l Ā^l, and of l v_l Ā^l. */
    record Moments(double[][] re, double[][] im, double[][] weightedRe, double[][] weightedIm) {
    }

    /**
     * Both sums, the second one where {@code weighted}, for each of several sequences.
     *
     * @param v {@code [G][I R]}, row-major, zeros after the first L of each row
     * @return numbers {@code [G][M]}
     */
    Moments moments(float[] v, boolean weighted) {
        int G = v.length / row(), rows = G * I;
        float[] right = Shape.room("powers of states", new int[] {R, 2, M});
        for (int j = 0; j < R; j++)
            for (int n = 0; n < M; n++) {
                right[j * 2 * M + n] = (float) fineRe[j][n];
                right[j * 2 * M + M + n] = (float) fineIm[j][n];
            }
        float[] left = weighted ? Shape.room("powers of states", new int[] {2, v.length}) : v;
        if (weighted) {
            System.arraycopy(v, 0, left, 0, v.length);
            for (int q = 0; q < v.length; q++) left[v.length + q] = v[q] * (q % R);
        }
        float[] s = Tensor.of(left, left.length / R, R).matmul(Tensor.of(right, R, 2 * M)).data();
        Moments m = new Moments(new double[G][M], new double[G][M], new double[G][M], new double[G][M]);
        double[] xr = new double[M], xi = new double[M], zr = new double[M], zi = new double[M];
        for (int q = 0; q < rows; q++) {
            int g = q / I, i = q % I;
            read(s, q, xr, xi);
            multiply(xr, xi, coarseRe[i], coarseIm[i], zr, zi);
            add(zr, m.re[g]);
            add(zi, m.im[g]);
            if (!weighted) continue;
            for (int n = 0; n < M; n++) xr[n] *= R * i;
            for (int n = 0; n < M; n++) xi[n] *= R * i;
            addRead(s, rows + q, xr, xi);
            multiply(xr, xi, coarseRe[i], coarseIm[i], zr, zi);
            add(zr, m.weightedRe[g]);
            add(zi, m.weightedIm[g]);
        }
        return m;
    }

    private void read(float[] s, int row, double[] re, double[] im) {
        for (int n = 0; n < M; n++) re[n] = s[row * 2 * M + n];
        for (int n = 0; n < M; n++) im[n] = s[row * 2 * M + M + n];
    }

    private void addRead(float[] s, int row, double[] re, double[] im) {
        for (int n = 0; n < M; n++) re[n] += s[row * 2 * M + n];
        for (int n = 0; n < M; n++) im[n] += s[row * 2 * M + M + n];
    }

    private static void add(double[] x, double[] to) {
        for (int n = 0; n < to.length; n++) to[n] += x[n];
    }
}
