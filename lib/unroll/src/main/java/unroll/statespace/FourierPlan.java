package unroll.statespace;

import java.util.Arrays;

/**
 * How a tile of {@value #LANES} real sequences of 2 n steps is transformed by n complex numbers each, so that no two
 * sequences share one transform: as z_t = (x_t - i x_{t+n}) exp(-i π t / 2n). A product of such spectra is the
 * convolution modulo X^2n + 1, where what goes round comes back with the other sign (the right-angle convolution of
 * Crandall 1994). With room for zeros nothing goes round.
 *
 * <p>As n = n1 n2, first across n1 rows of n2 steps, then, times the twiddle factors and transposed, across n2 rows
 * (the four steps of Bailey 1990). So all inner loops are long and a tile stays in the second-level cache. Of exp(-i π
 * t / 2n) each row has its part before, each column among the twiddle factors. Immutable; shared by threads.
 */
final class FourierPlan {
    /** Sequences side by side. */
    static final int LANES = 16;

    final int n, n1, n2;
    private final FourierRows first, second;
    // [n1][n2 LANES], of -2 π (f + 1/4) c / n for frequency f of the row, column c
    private final float[][] cos, sin;
    private final float[] rowCos, rowSin;                                  // [n1], of π r / 2 n1

    /** @param n a power of two */
    FourierPlan(int n) {
        this.n = n;
        int bits = Integer.numberOfTrailingZeros(n);
        n1 = 1 << (bits + 1) / 2;
        n2 = 1 << bits / 2;
        first = new FourierRows(n1);
        second = n2 == n1 ? first : new FourierRows(n2);
        cos = new float[n1][n2 * LANES];
        sin = new float[n1][n2 * LANES];
        rowCos = new float[n1];
        rowSin = new float[n1];
        for (int r = 0; r < n1; r++) {
            rowCos[r] = (float) Math.cos(Math.PI * r / (2. * n1));
            rowSin[r] = (float) Math.sin(Math.PI * r / (2. * n1));
            long f = 4L * first.frequency(r) + 1;
            for (int c = 0; c < n2; c++) {
                double angle = -2 * Math.PI * (f * c % (4L * n)) / (4. * n);
                Arrays.fill(cos[r], c * LANES, (c + 1) * LANES, (float) Math.cos(angle));
                Arrays.fill(sin[r], c * LANES, (c + 1) * LANES, (float) Math.sin(angle));
            }
        }
    }

    /** Values over time to their spectrum. */
    void forward(FourierTile tile) {
        for (int r = 0; r < n1; r++)
            if (tile.isLong) twist(tile.re[r], tile.im[r], rowCos[r], rowSin[r]);
            else
            twistLower(tile.re[r], tile.im[r], rowCos[r], rowSin[r]);
        first.forward(tile.re, tile.im);
        for (int r = 0; r < n1; r++) turn(tile.re[r], tile.im[r], cos[r], sin[r]);
        exchange(tile.re, tile.spectrumRe, n1, n2);
        exchange(tile.im, tile.spectrumIm, n1, n2);
        second.forward(tile.spectrumRe, tile.spectrumIm);
    }

    /**
     * A spectrum to n times its values over time.
     *
     * @param all whether those of the second half are wanted too
     */
    void backward(FourierTile tile, boolean all) {
        second.backward(tile.spectrumRe, tile.spectrumIm);
        exchange(tile.spectrumRe, tile.re, n2, n1);
        exchange(tile.spectrumIm, tile.im, n2, n1);
        for (int r = 0; r < n1; r++) turnBack(tile.re[r], tile.im[r], cos[r], sin[r]);
        first.backward(tile.re, tile.im);
        for (int r = 0; r < n1; r++)
            if (all) untwist(tile.re[r], tile.im[r], rowCos[r], rowSin[r]);
            else
            untwistLower(tile.re[r], tile.im[r], rowCos[r], rowSin[r]);
    }

    /** x and its second half u to (x - iu) (cos - i sin). */
    private static void twist(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], u = im[j];
            re[j] = x * cos - u * sin;
            im[j] = -x * sin - u * cos;
        }
    }

    /** The same where the second half is all zeros, whatever stands there. */
    private static void twistLower(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j];
            re[j] = x * cos;
            im[j] = -x * sin;
        }
    }

    /** z to the real and the negative imaginary part of z (cos + i sin). */
    private static void untwist(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos - y * sin;
            im[j] = -x * sin - y * cos;
        }
    }

    private static void untwistLower(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) re[j] = re[j] * cos - im[j] * sin;
    }

    private static void turn(float[] re, float[] im, float[] cos, float[] sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos[j] - y * sin[j];
            im[j] = x * sin[j] + y * cos[j];
        }
    }

    private static void turnBack(float[] re, float[] im, float[] cos, float[] sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos[j] + y * sin[j];
            im[j] = y * cos[j] - x * sin[j];
        }
    }

    /** Rows for columns; the lanes of a step stay together. */
    private static void exchange(float[][] from, float[][] to, int rows, int columns) {
        for (int c = 0; c < columns; c++) {
            float[] row = to[c];
            for (int r = 0; r < rows; r++) System.arraycopy(from[r], c * LANES, row, r * LANES, LANES);
        }
    }
}
