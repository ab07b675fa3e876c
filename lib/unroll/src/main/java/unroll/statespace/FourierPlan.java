package unroll.statespace;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

import unroll.tensor.Interrupts;

/**
 * How {@value #LANES} real sequences of 2 n steps side by side are transformed by n complex numbers each, so that no
 * two sequences share one transform: as z_t = (x_t - i x_{t+n}) exp(-i π t / 2n). A product of such spectra is the
 * convolution modulo X^2n + 1, where what goes round comes back with the other sign (the right-angle convolution of
 * Crandall 1994). With room for zeros nothing goes round.
 *
 * <p>As n = n1 n2, first across n1 rows of n2 steps, then, times the twiddle factors and transposed, across n2 rows
 * (the four steps of Bailey 1990). So all inner loops are long. Both go through all their levels with {@value #BLOCK}
 * columns at a time, which stay in the second-level cache however long the rows are. Of exp(-i π t / 2n) each row has
 * its part before, each column among the twiddle factors. Shared by threads, and so are the tiles and spectra that are
 * given back: to make one costs as much as a transform.
 *
 * <p>Every inner loop runs along one row with one index, and over four arrays or six: the compiler makes no vector
 * instructions of a butterfly of more rows. Rows begin at the same place within a line of the cache, since their length
 * and the header of an array fill whole lines: a vector that lies across two lines costs two.
 */
final class FourierPlan {
    /** Sequences side by side. */
    static final int LANES = 16;
    private static final int BLOCK = 512, PADDING = 12, TOGETHER = 3;

    final int n, n1, n2;
    final Rows first, second;
    // [n1][n2 LANES], of -2 π (f + 1/4) c / n for frequency f of the row, column c
    private final float[][] cos, sin;
    private final float[] rowCos, rowSin;                                  // [n1], of π r / 2 n1
    private final Deque<Tile> tiles = new ConcurrentLinkedDeque<>();
    private final Deque<Spectrum> spectra = new ConcurrentLinkedDeque<>();

    /** @param n a power of two */
    FourierPlan(int n) {
        this.n = n;
        int bits = Integer.numberOfTrailingZeros(n);
        n1 = 1 << (bits + 1) / 2;
        n2 = 1 << bits / 2;
        first = new Rows(n1);
        second = n2 == n1 ? first : new Rows(n2);
        cos = rows(n1, n2);
        sin = rows(n1, n2);
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
     * The plans of one layer, each with what is free of it: a training step uses that of the last one. Several threads
     * may run the layer. The garbage collector drops plans before memory runs short.
     */
    static final class Kept {
        private final Map<Integer, SoftReference<FourierPlan>> plans = new ConcurrentHashMap<>();

        /** @param n a power of two */
        FourierPlan plan(int n) {
            SoftReference<FourierPlan> kept = plans.get(n);
            FourierPlan plan = kept == null ? null : kept.get();
            if (plan == null) plans.put(n, new SoftReference<>(plan = new FourierPlan(n)));
            return plan;
        }
    }

    private static float[][] rows(int rows, int columns) {
        return new float[rows][columns * LANES + PADDING];
    }

    /** One that was given back, or a new one; what stands in it is undefined. */
    Tile tile() {
        Tile tile = tiles.poll();
        return tile == null ? new Tile() : tile;
    }

    /** The same for a spectrum. */
    Spectrum spectrum() {
        Spectrum spectrum = spectra.poll();
        return spectrum == null ? new Spectrum() : spectrum;
    }

    /** For others to use: whoever gives it back must not touch it any more. */
    void giveBack(Tile tile) {
        tiles.push(tile);
    }

    void giveBack(Spectrum spectrum) {
        spectra.push(spectrum);
    }

    private interface Columns {
        void accept(int from, int to);
    }

    private static void blocks(int columns, Columns work) {
        for (int from = 0; from < columns * LANES; from += BLOCK)
            work.accept(from, Math.min(columns * LANES, from + BLOCK));
    }

    /** {@link FourierPlan#LANES} spectra side by side. */
    final class Spectrum {
        final float[][] re = rows(n2, n1), im = rows(n2, n1);

        /** Zeros. */
        void clear() {
            for (float[] row : re) Arrays.fill(row, 0f);
            for (float[] row : im) Arrays.fill(row, 0f);
        }

        /**
         * Times another one.
         *
         * @param sign 1, or -1 for the conjugate of the other: a correlation
         */
        void multiply(Spectrum other, int sign) {
            for (int r = 0; r < n2; r++) product(re[r], im[r], other.re[r], other.im[r], sign, 0, n1 * LANES);
        }

        /** Adds x times the conjugate of y. */
        void addCorrelation(Spectrum x, Spectrum y) {
            for (int r = 0; r < n2; r++) correlation(re[r], im[r], x.re[r], x.im[r], y.re[r], y.im[r]);
        }

        void add(Spectrum other) {
            for (int r = 0; r < n2; r++) {
                sum(re[r], other.re[r]);
                sum(im[r], other.im[r]);
            }
        }

        /** Divides by n. */
        void normalize() {
            for (int r = 0; r < n2; r++) {
                scale(re[r], 1f / n);
                scale(im[r], 1f / n);
            }
        }
    }

    /**
     * {@link FourierPlan#LANES} real sequences side by side, over time: the first n steps stand in {@code re}, the next
     * n in {@code im}.
     */
    final class Tile {
        private final float[][] re = rows(n1, n2), im = rows(n1, n2);
        private boolean isLong;                                            // what was loaded has more than n steps

        /**
         * Steps 0 .. steps - 1 of some columns, then zeros.
         *
         * @param from   where the first step of the first column stands
         * @param stride from a step to the next
         */
        void load(float[] x, int from, int stride, int steps, int columns) {
            isLong = steps > n;
            int full = columns < LANES ? 0 : steps / n2;                   // rows that the steps fill
            for (int r = full; r < (isLong ? 2 * n1 : n1); r++) Arrays.fill(row(r), 0f);
            for (int t = 0; t < steps; t += n2) {
                float[] row = row(t / n2);
                for (int c = 0; c < Math.min(n2, steps - t); c++)
                    System.arraycopy(x, from + (t + c) * stride, row, c * LANES, columns);
            }
        }

        /** The other way round; beyond n steps only what {@link #backward} was asked for. */
        void store(float[] x, int from, int stride, int steps, int columns) {
            for (int t = 0; t < steps; t += n2) {
                float[] row = row(t / n2);
                for (int c = 0; c < Math.min(n2, steps - t); c++)
                    System.arraycopy(row, c * LANES, x, from + (t + c) * stride, columns);
            }
        }

        /** Steps r n2 .. (r + 1) n2 - 1. */
        private float[] row(int r) { return r < n1 ? re[r] : im[r - n1]; }

        /** Values over time, which are lost, to their spectrum. */
        void forward(Spectrum to) {
            blocks(n2, (begin, end) -> {
                for (int r = 0; r < n1; r++)
                    if (isLong) turn(re[r], im[r], rowCos[r], rowSin[r], begin, end);
                else
                    turnLower(re[r], im[r], rowCos[r], rowSin[r], begin, end);
                first.forward(re, im, begin, end);
                for (int r = 0; r < n1; r++) product(re[r], im[r], cos[r], sin[r], 1, begin, end);
                exchange(re, to.re, begin / LANES, end / LANES);
                exchange(im, to.im, begin / LANES, end / LANES);
            });
            blocks(n1, (begin, end) -> second.forward(to.re, to.im, begin, end));
        }

        /**
         * A spectrum, which is lost, to n times its values over time.
         *
         * @param all whether those of the second half are wanted too
         */
        void backward(Spectrum from, boolean all) {
            blocks(n1, (begin, end) -> {
                second.backward(from.re, from.im, begin, end);
                exchange(from.re, re, begin / LANES, end / LANES);
                exchange(from.im, im, begin / LANES, end / LANES);
            });
            blocks(n2, (begin, end) -> {
                for (int r = 0; r < n1; r++) product(re[r], im[r], cos[r], sin[r], -1, begin, end);
                first.backward(re, im, begin, end);
                for (int r = 0; r < n1; r++)
                    if (all) turn(re[r], im[r], rowCos[r], rowSin[r], begin, end);
                else
                    turnedRe(re[r], im[r], rowCos[r], rowSin[r], begin, end);
            });
        }
    }

    /**
     * The discrete Fourier transform across rows: n rows, each column a sequence of n complex numbers. Radix 2, in
     * place, each level a loop of the one kind that surely becomes vector instructions ({@link FourierPlan#join}).
     * Frequencies come out with their bits reversed, which a convolution does not mind: {@link #backward} takes them in
     * the same order.
     */
    static final class Rows {
        private final int n;
        private final float[] cos, sin;                                    // of 2 π k / n, [n / 2]
        private final float[] partCos, partSin;                            // the same, k with its bits reversed

        private Rows(int n) {
            this.n = n;
            cos = new float[n / 2];
            sin = new float[n / 2];
            partCos = new float[n / 2];
            partSin = new float[n / 2];
            for (int k = 0; k < n / 2; k++) {
                cos[k] = (float) Math.cos(2 * Math.PI * k / n);
                sin[k] = (float) Math.sin(2 * Math.PI * k / n);
                partCos[frequency(2 * k)] = cos[k];
                partSin[frequency(2 * k)] = sin[k];
            }
        }

        /** Which frequency row r holds after {@link #forward}. */
        int frequency(int r) {
            return n == 1 ? 0 : Integer.reverse(r) >>> Integer.numberOfLeadingZeros(n) + 1;
        }

        /**
         * Sum over t of x_t exp(-2 π i f t / n) of some columns: the polynomial at n points, from its remainders. That
         * modulo X^2h - w² gives those modulo X^h - w and X^h + w. Three levels at once, so that eight rows stay in the
         * first-level cache.
         */
        private void forward(float[][] re, float[][] im, int from, int to) {
            int levels;
            for (int parts = 1; parts < n; parts <<= levels) {
                Interrupts.check("a Fourier transform", "part", parts, n);
                levels = Math.min(TOGETHER, Integer.numberOfTrailingZeros(n / parts));
                int q = n / parts >> levels;
                for (int part = 0; part < parts; part++)
                    for (int first = (part * q) << levels, a = first; a < first + q; a++)
                        for (int level = 0; level < levels; level++) {
                            int count = 1 << levels - level;
                            for (int r = 0; r < 1 << levels; r++) {
                                int w = (part << level) + r / count;
                                if (r % count < count / 2)
                                    join(re, im, a + r * q, count / 2 * q, partCos[w], -partSin[w], from, to);
                            }
                        }
            }
        }

        /** n times the inverse. */
        private void backward(float[][] re, float[][] im, int from, int to) {
            int levels;
            for (int q = 1; q < n; q <<= levels) {
                Interrupts.check("a Fourier transform", "part", q, n);
                levels = Math.min(TOGETHER, Integer.numberOfTrailingZeros(n / q));
                for (int first = 0; first < n; first += q << levels)
                    for (int a = first; a < first + q; a++)
                        for (int level = 0; level < levels; level++)
                            for (int r = 0; r < 1 << levels; r++) {
                                int half = 1 << level, w = (a - first + r % half * q) * (n / 2 / (half * q));
                                if ((r & half) == 0)
                                    join(re, im, a + r * q, half * q, cos[w], sin[w], from, to);
                            }
            }
        }

        private static void join(float[][] re, float[][] im, int a, int distance, float cos, float sin, int from,
                int to) {
            FourierPlan.join(re[a], im[a], re[a + distance], im[a + distance], cos, sin, from, to);
        }
    }

    /** Columns from .. to - 1 become rows; the lanes of a step stay together. */
    private static void exchange(float[][] rows, float[][] columns, int from, int to) {
        for (int c = from; c < to; c++) {
            float[] column = columns[c];
            for (int r = 0; r < rows.length; r++)
                System.arraycopy(rows[r], c * LANES, column, r * LANES, LANES);
        }
    }

    /** z to the conjugate of z (cos + i sin): so is x with its second half u twisted. */
    private static void turn(float[] re, float[] im, float cos, float sin, int from, int to) {
        for (int j = from; j < to; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos - y * sin;
            im[j] = -x * sin - y * cos;
        }
    }

    /** The same where the second half is all zeros, whatever stands there. */
    private static void turnLower(float[] re, float[] im, float cos, float sin, int from, int to) {
        for (int j = from; j < to; j++) {
            float x = re[j];
            re[j] = x * cos;
            im[j] = -x * sin;
        }
    }

    /** Only the real part. */
    private static void turnedRe(float[] re, float[] im, float cos, float sin, int from, int to) {
        for (int j = from; j < to; j++) re[j] = re[j] * cos - im[j] * sin;
    }

    /** a + b w, a - b w. */
    private static void join(float[] ar, float[] ai, float[] br, float[] bi, float cos, float sin, int from, int to) {
        for (int j = from; j < to; j++) {
            float x = ar[j], y = ai[j], p = br[j], q = bi[j], u = p * cos - q * sin, v = p * sin + q * cos;
            ar[j] = x + u;
            ai[j] = y + v;
            br[j] = x - u;
            bi[j] = y - v;
        }
    }

    private static void product(float[] re, float[] im, float[] otherRe, float[] otherIm, float sign, int from,
            int to) {
        for (int j = from; j < to; j++) {
            float x = re[j], y = im[j], u = otherRe[j], v = sign * otherIm[j];
            re[j] = x * u - y * v;
            im[j] = x * v + y * u;
        }
    }

    /** Adds x times the conjugate of y. */
    private static void correlation(float[] re, float[] im, float[] xr, float[] xi, float[] yr, float[] yi) {
        for (int j = 0; j < re.length; j++) {
            float a = xr[j], b = xi[j], c = yr[j], d = yi[j];
            re[j] += a * c + b * d;
            im[j] += b * c - a * d;
        }
    }

    private static void sum(float[] a, float[] b) {
        for (int j = 0; j < a.length; j++) a[j] += b[j];
    }

    private static void scale(float[] a, float factor) {
        for (int j = 0; j < a.length; j++) a[j] *= factor;
    }
}
