package unroll.statespace;

import java.util.Arrays;

/**
 * How a tile of {@value #LANES} sequences of n steps is transformed: as n = n1 n2, first across n1 rows of n2 steps, then, times the twiddle factors
 * and transposed, across n2 rows (the four steps of Bailey 1990). So all inner loops are long and a tile stays in the second-level cache.
 * Immutable; shared by threads.
 */
final class FourierPlan {
    /** Sequences side by side. */
    static final int LANES = 16;

    final int n, n1, n2;
    private final FourierRows first, second;
    private final float[][] cos, sin;                                      // [n1][n2 LANES], of -2 π f c / n for frequency f of the row, column c

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
        for (int r = 0; r < n1; r++) {
            long f = first.frequency(r);
            for (int c = 0; c < n2; c++) {
                double angle = -2 * Math.PI * (f * c % n) / n;
                Arrays.fill(cos[r], c * LANES, (c + 1) * LANES, (float) Math.cos(angle));
                Arrays.fill(sin[r], c * LANES, (c + 1) * LANES, (float) Math.sin(angle));
            }
        }
    }

    /** Values over time to their spectrum. */
    void forward(FourierTile tile) {
        first.forward(tile.re, tile.im);
        for (int r = 0; r < n1; r++) turn(tile.re[r], tile.im[r], cos[r], sin[r]);
        exchange(tile.re, tile.spectrumRe, n1, n2);
        exchange(tile.im, tile.spectrumIm, n1, n2);
        second.forward(tile.spectrumRe, tile.spectrumIm);
    }

    /** A spectrum to n times its values over time. */
    void backward(FourierTile tile) {
        second.backward(tile.spectrumRe, tile.spectrumIm);
        exchange(tile.spectrumRe, tile.re, n2, n1);
        exchange(tile.spectrumIm, tile.im, n2, n1);
        for (int r = 0; r < n1; r++) turnBack(tile.re[r], tile.im[r], cos[r], sin[r]);
        first.backward(tile.re, tile.im);
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
