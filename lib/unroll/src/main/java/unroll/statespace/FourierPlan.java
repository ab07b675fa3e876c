package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Interrupts;

/**
 * How a {@link Tile} of {@value #LANES} real sequences of 2 n steps is transformed by n complex numbers each, so that
 * no two sequences share one transform: as z_t = (x_t - i x_{t+n}) exp(-i π t / 2n). A product of such spectra is the
 * convolution modulo X^2n + 1, where what goes round comes back with the other sign (the right-angle convolution of
 * Crandall 1994). With room for zeros nothing goes round.
 *
 * <p>As n = n1 n2, first across n1 rows of n2 steps, then, times the twiddle factors and transposed, across n2 rows
 * (the four steps of Bailey 1990). So all inner loops are long and a tile stays in the second-level cache. Of exp(-i π
 * t / 2n) each row has its part before, each column among the twiddle factors. Immutable; shared by threads.
 *
 * <p>Every inner loop runs along one row with one index, and over at most four arrays: the compiler makes no vector
 * instructions of others.
 */
final class FourierPlan {
    /** Sequences side by side. */
    static final int LANES = 16;

    final int n, n1, n2;
    final Rows first, second;
    // [n1][n2 LANES], of -2 π (f + 1/4) c / n for frequency f of the row, column c
    private final float[][] cos, sin;
    private final float[] rowCos, rowSin;                                  // [n1], of π r / 2 n1

    /** @param n a power of two */
    FourierPlan(int n) {
        this.n = n;
        int bits = Integer.numberOfTrailingZeros(n);
        n1 = 1 << (bits + 1) / 2;
        n2 = 1 << bits / 2;
        first = new Rows(n1);
        second = n2 == n1 ? first : new Rows(n2);
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

    /**
     * {@link FourierPlan#LANES} real sequences side by side, over time and as a spectrum. Over time the first n steps
     * stand in {@code re}, the next n in {@code im}.
     */
    final class Tile {
        final float[][] spectrumRe = new float[n2][n1 * LANES], spectrumIm = new float[n2][n1 * LANES];
        private final float[][] re = new float[n1][n2 * LANES], im = new float[n1][n2 * LANES];
        private boolean isLong;                                            // what was loaded has more than n steps

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

        private void load(float[] x, int from, int stride, int steps, int columns, float[][] to) {
            for (int r = columns < LANES ? 0 : steps / n2; r < to.length; r++) Arrays.fill(to[r], 0f);
            for (int t = 0; t < steps; t++) System.arraycopy(x, from + t * stride, to[t / n2], t % n2 * LANES, columns);
        }

        /** The other way round; beyond n steps only what {@link #backward} was asked for. */
        void store(float[] x, int from, int stride, int steps, int columns) {
            for (int t = 0; t < steps; t++) {
                float[][] half = t < n ? re : im;
                System.arraycopy(half[t % n / n2], t % n2 * LANES, x, from + t * stride, columns);
            }
        }

        /** Values over time to their spectrum. */
        void forward() {
            for (int r = 0; r < n1; r++)
                if (isLong) turn(re[r], im[r], rowCos[r], rowSin[r], -1);
                else
                turnLower(re[r], im[r], rowCos[r], rowSin[r]);
            first.forward(re, im);
            for (int r = 0; r < n1; r++) product(re[r], im[r], cos[r], sin[r], 1);
            exchange(re, spectrumRe);
            exchange(im, spectrumIm);
            second.forward(spectrumRe, spectrumIm);
        }

        /**
         * A spectrum to n times its values over time.
         *
         * @param all whether those of the second half are wanted too
         */
        void backward(boolean all) {
            second.backward(spectrumRe, spectrumIm);
            exchange(spectrumRe, re);
            exchange(spectrumIm, im);
            for (int r = 0; r < n1; r++) product(re[r], im[r], cos[r], sin[r], -1);
            first.backward(re, im);
            for (int r = 0; r < n1; r++)
                if (all) turn(re[r], im[r], rowCos[r], rowSin[r], -1);
                else
                turnedRe(re[r], im[r], rowCos[r], rowSin[r]);
        }

        /** A spectrum of zeros. */
        void clear() {
            for (float[] row : spectrumRe) Arrays.fill(row, 0f);
            for (float[] row : spectrumIm) Arrays.fill(row, 0f);
        }

        /**
         * Its spectrum times another one.
         *
         * @param sign 1, or -1 for the conjugate of the other: a correlation
         */
        void multiply(Tile other, int sign) {
            for (int r = 0; r < n2; r++)
                product(spectrumRe[r], spectrumIm[r], other.spectrumRe[r], other.spectrumIm[r], sign);
        }

        /** Adds another spectrum, or with the sign -1 its conjugate. */
        void add(Tile other, int sign) {
            for (int r = 0; r < n2; r++) {
                sum(spectrumRe[r], other.spectrumRe[r], 1);
                sum(spectrumIm[r], other.spectrumIm[r], sign);
            }
        }

        /** Divides its spectrum by n. */
        void normalize() {
            for (int r = 0; r < n2; r++) {
                scale(spectrumRe[r], 1f / n);
                scale(spectrumIm[r], 1f / n);
            }
        }
    }

    /**
     * The discrete Fourier transform across rows: n rows of equal length, each column a sequence of n complex numbers.
     * Radix 4, in place. Frequencies come out permuted ({@link #frequency}), which a convolution does not mind:
     * {@link #backward} takes them in the same order.
     */
    static final class Rows {
        private final int n;
        private final float[] cos, sin;                                    // of -2 π k / n

        private Rows(int n) {
            this.n = n;
            cos = new float[n];
            sin = new float[n];
            for (int k = 0; k < n; k++) {
                double angle = -2 * Math.PI * k / n;
                cos[k] = (float) Math.cos(angle);
                sin[k] = (float) Math.sin(angle);
            }
        }

        /** Which frequency row r holds after {@link #forward}. */
        int frequency(int r) {
            int frequency = 0, step = 1;
            for (int length = n; length > 1;) {
                int radix = length >= 4 ? 4 : 2;
                length /= radix;
                frequency += step * (r / length);
                r %= length;
                step *= radix;
            }
            return frequency;
        }

        /** Sum over t of x_t exp(-2 π i k t / n), decimated in frequency. Rows change places. */
        private void forward(float[][] re, float[][] im) {
            int length = n;
            for (; length >= 4; length /= 4) fours(re, im, length, 1);
            if (length == 2) twos(re, im);
        }

        /** n times the inverse. */
        private void backward(float[][] re, float[][] im) {
            int length = 4;
            if (Integer.numberOfTrailingZeros(n) % 2 == 1) {
                twos(re, im);
                length = 8;
            }
            for (; length <= n; length *= 4) fours(re, im, length, -1);
        }

        private void twos(float[][] re, float[][] im) {
            for (int r = 0; r < n; r += 2) {
                difference(re[r], re[r + 1]);
                difference(im[r], im[r + 1]);
            }
        }

        /**
         * Rows a, b, c, d, a quarter of the length apart, to a + b + c + d, (a - ib - c + id) u, (a - b + c - d) u²,
         * (a + ib - c - id) u³; with the sign -1 the reverse of that, times 4.
         */
        private void fours(float[][] re, float[][] im, int length, int sign) {
            int quarter = length / 4;
            for (int first = 0; first < n; first += length) {
                Interrupts.check("a Fourier transform", "row", first, n);
                for (int a = first; a < first + quarter; a++) {
                    int u = (a - first) * (n / length), b = a + quarter, c = b + quarter, d = c + quarter;
                    if (sign < 0) turn(re, im, a, quarter, u, sign);
                    sums(re[a], re[b], re[c], re[d]);
                    sums(im[a], im[b], im[c], im[d]);
                    difference(re[c], im[d]);
                    difference(im[c], re[d]);
                    float[] br = re[b], bi = im[b], cr = re[c], ci = im[c], dr = re[d], di = im[d];
                    place(re, im, sign > 0 ? b : d, cr, dr);
                    place(re, im, c, br, bi);
                    place(re, im, sign > 0 ? d : b, di, ci);
                    if (sign > 0) turn(re, im, a, quarter, u, sign);
                }
            }
        }

        private static void place(float[][] re, float[][] im, int row, float[] r, float[] i) {
            re[row] = r;
            im[row] = i;
        }

        /** The rows after a, a quarter apart, times u, u² and u³ or, with the sign -1, their conjugates. */
        private void turn(float[][] re, float[][] im, int a, int quarter, int u, int sign) {
            for (int k = 1; u != 0 && k < 4; k++)
                FourierPlan.turn(re[a + k * quarter], im[a + k * quarter], cos[k * u], sign * sin[k * u], 1);
        }
    }

    /** Rows for columns; the lanes of a step stay together. */
    private static void exchange(float[][] from, float[][] to) {
        for (int c = 0; c < to.length; c++) {
            float[] row = to[c];
            for (int r = 0; r < from.length; r++) System.arraycopy(from[r], c * LANES, row, r * LANES, LANES);
        }
    }

    /** z to z (cos + i sin), with the sign -1 to the conjugate of that: so is x with its second half u twisted. */
    private static void turn(float[] re, float[] im, float cos, float sin, int sign) {
        float c = sign * cos, s = sign * sin;
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos - y * sin;
            im[j] = x * s + y * c;
        }
    }

    /** The conjugate where the second half is all zeros, whatever stands there. */
    private static void turnLower(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j];
            re[j] = x * cos;
            im[j] = -x * sin;
        }
    }

    /** Only the real part. */
    private static void turnedRe(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) re[j] = re[j] * cos - im[j] * sin;
    }

    /** a + b + c + d, a - b + c - d, a - c, b - d. */
    private static void sums(float[] a, float[] b, float[] c, float[] d) {
        for (int j = 0; j < a.length; j++) {
            float w = a[j], x = b[j], y = c[j], z = d[j], s = w + y, t = x + z;
            a[j] = s + t;
            b[j] = s - t;
            c[j] = w - y;
            d[j] = x - z;
        }
    }

    /** a + b, a - b. */
    private static void difference(float[] a, float[] b) {
        for (int j = 0; j < a.length; j++) {
            float x = a[j], y = b[j];
            a[j] = x + y;
            b[j] = x - y;
        }
    }

    private static void product(float[] re, float[] im, float[] otherRe, float[] otherIm, float sign) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j], u = otherRe[j], v = sign * otherIm[j];
            re[j] = x * u - y * v;
            im[j] = x * v + y * u;
        }
    }

    private static void sum(float[] a, float[] b, float sign) {
        for (int j = 0; j < a.length; j++) a[j] += sign * b[j];
    }

    private static void scale(float[] a, float factor) {
        for (int j = 0; j < a.length; j++) a[j] *= factor;
    }
}
