package unroll.statespace;

import java.util.Arrays;

/**
 * {@link FourierPlan#LANES} real sequences side by side, over time and as a spectrum. Over time the first n steps stand
 * in {@code re}, the next n in {@code im}.
 */
final class FourierTile {
    private static final int LANES = FourierPlan.LANES;

    final float[][] re, im, spectrumRe, spectrumIm;
    // whether what was loaded has more than n steps
    boolean isLong;
    private final int n, n2;

    FourierTile(FourierPlan plan) {
        n = plan.n;
        n2 = plan.n2;
        re = new float[plan.n1][n2 * LANES];
        im = new float[plan.n1][n2 * LANES];
        spectrumRe = new float[n2][plan.n1 * LANES];
        spectrumIm = new float[n2][plan.n1 * LANES];
    }

    /**
     * Steps 0 .. steps - 1 of some columns, then zeros.
     *
     * @param from   where the first step of the first column stands
     * @param stride from a step to the next
     */
    void load(float[] x, int from, int stride, int steps, int columns) {
        isLong = steps > n;
        load(x, from, stride, Math.min(n, steps), columns, re);
        if (isLong) load(x, from + n * stride, stride, steps - n, columns, im);
    }

    private void load(float[] x, int from, int stride, int steps, int columns, float[][] part) {
        for (int r = columns < LANES ? 0 : steps / n2; r < part.length; r++) Arrays.fill(part[r], 0f);
        for (int t = 0; t < steps; t++) System.arraycopy(x, from + t * stride, part[t / n2], t % n2 * LANES, columns);
    }

    /** A spectrum of zeros. */
    void clearSpectrum() {
        for (float[] row : spectrumRe) Arrays.fill(row, 0f);
        for (float[] row : spectrumIm) Arrays.fill(row, 0f);
    }

    /** The other way round; beyond n steps only what {@link FourierPlan#backward} was asked for. */
    void store(float[] x, int from, int stride, int steps, int columns) {
        store(x, from, stride, Math.min(n, steps), columns, re);
        if (steps > n) store(x, from + n * stride, stride, steps - n, columns, im);
    }

    private void store(float[] x, int from, int stride, int steps, int columns, float[][] part) {
        for (int t = 0; t < steps; t++) System.arraycopy(part[t / n2], t % n2 * LANES, x, from + t * stride, columns);
    }

    /** Its spectrum times another one. */
    void multiply(FourierTile other) {
        for (int r = 0; r < n2; r++) multiply(spectrumRe[r], spectrumIm[r], other.spectrumRe[r], other.spectrumIm[r]);
    }

    /** Its spectrum times the conjugate of another one: a correlation. */
    void multiplyConjugate(FourierTile other) {
        for (int r = 0; r < n2; r++)
            multiplyConjugate(spectrumRe[r], spectrumIm[r], other.spectrumRe[r], other.spectrumIm[r]);
    }

    /** Adds a spectrum. */
    void add(FourierTile other) {
        for (int r = 0; r < n2; r++) {
            add(spectrumRe[r], other.spectrumRe[r]);
            add(spectrumIm[r], other.spectrumIm[r]);
        }
    }

    /** Adds a times the conjugate of b to its spectrum. */
    void addProduct(FourierTile a, FourierTile b) {
        for (int r = 0; r < n2; r++) {
            addRealProduct(spectrumRe[r], a.spectrumRe[r], a.spectrumIm[r], b.spectrumRe[r], b.spectrumIm[r]);
            addImaginaryProduct(spectrumIm[r], a.spectrumRe[r], a.spectrumIm[r], b.spectrumRe[r], b.spectrumIm[r]);
        }
    }

    void scale(float factor) {
        for (int r = 0; r < n2; r++) {
            scale(spectrumRe[r], factor);
            scale(spectrumIm[r], factor);
        }
    }

    private static void multiply(float[] re, float[] im, float[] c, float[] s) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j], u = c[j], v = s[j];
            re[j] = x * u - y * v;
            im[j] = x * v + y * u;
        }
    }

    private static void multiplyConjugate(float[] re, float[] im, float[] c, float[] s) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j], u = c[j], v = s[j];
            re[j] = x * u + y * v;
            im[j] = y * u - x * v;
        }
    }

    private static void addRealProduct(float[] to, float[] xr, float[] xi, float[] yr, float[] yi) {
        for (int j = 0; j < to.length; j++) to[j] += xr[j] * yr[j] + xi[j] * yi[j];
    }

    private static void addImaginaryProduct(float[] to, float[] xr, float[] xi, float[] yr, float[] yi) {
        for (int j = 0; j < to.length; j++) to[j] += xi[j] * yr[j] - xr[j] * yi[j];
    }

    private static void add(float[] a, float[] b) {
        for (int j = 0; j < a.length; j++) a[j] += b[j];
    }

    private static void scale(float[] a, float factor) {
        for (int j = 0; j < a.length; j++) a[j] *= factor;
    }
}
