package unroll.statespace;

import unroll.tensor.Interrupts;

/**
 * The discrete Fourier transform across rows: n rows of equal length, each column a sequence of n complex numbers.
 * Radix 4, in place; every inner loop runs along a row with one index, so it becomes vector instructions. Frequencies
 * come out permuted ({@link #frequency}), which a convolution does not mind: {@link #backward} takes them in the same
 * order.
 */
final class FourierRows {
    private final int n;
    private final float[] cos, sin;                                        // of -2 π k / n

    /** @param n a power of two */
    FourierRows(int n) {
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
    void forward(float[][] re, float[][] im) {
        int length = n;
        for (; length >= 4; length /= 4)
            for (int first = 0; first < n; first += length) {
                Interrupts.check("a Fourier transform", "row", first, n);
                for (int k = 0; k < length / 4; k++) split(re, im, first + k, length / 4, k * (n / length));
            }
        if (length == 2) pairs(re, im);
    }

    /** n times the inverse. */
    void backward(float[][] re, float[][] im) {
        int length = 4;
        if (Integer.numberOfTrailingZeros(n) % 2 == 1) {
            pairs(re, im);
            length = 8;
        }
        for (; length <= n; length *= 4)
            for (int first = 0; first < n; first += length) {
                Interrupts.check("a Fourier transform", "row", first, n);
                for (int k = 0; k < length / 4; k++) join(re, im, first + k, length / 4, k * (n / length));
            }
    }

    private void pairs(float[][] re, float[][] im) {
        for (int r = 0; r < n; r += 2) {
            pair(re[r], re[r + 1]);
            pair(im[r], im[r + 1]);
        }
    }

    /** Rows a, b, c, d to a + b + c + d, (a - ib - c + id) u, (a - b + c - d) u², (a + ib - c - id) u³. */
    private void split(float[][] re, float[][] im, int a, int q, int u) {
        int b = a + q, c = b + q, d = c + q;
        float[] ar = re[a], br = re[b], cr = re[c], dr = re[d], ai = im[a], bi = im[b], ci = im[c], di = im[d];
        sums(ar, br, cr, dr);
        sums(ai, bi, ci, di);
        pair(cr, di);
        pair(ci, dr);
        place(re, im, b, cr, dr);
        place(re, im, c, br, bi);
        place(re, im, d, di, ci);
        if (u == 0) return;
        turn(cr, dr, cos[u], sin[u]);
        turn(br, bi, cos[2 * u], sin[2 * u]);
        turn(di, ci, cos[3 * u], sin[3 * u]);
    }

    /** The reverse of {@link #split}, times 4. */
    private void join(float[][] re, float[][] im, int a, int q, int u) {
        int b = a + q, c = b + q, d = c + q;
        float[] ar = re[a], br = re[b], cr = re[c], dr = re[d], ai = im[a], bi = im[b], ci = im[c], di = im[d];
        if (u != 0) {
            turn(br, bi, cos[u], -sin[u]);
            turn(cr, ci, cos[2 * u], -sin[2 * u]);
            turn(dr, di, cos[3 * u], -sin[3 * u]);
        }
        sums(ar, br, cr, dr);
        sums(ai, bi, ci, di);
        pair(cr, di);
        pair(ci, dr);
        place(re, im, b, di, ci);
        place(re, im, c, br, bi);
        place(re, im, d, cr, dr);
    }

    private static void place(float[][] re, float[][] im, int row, float[] r, float[] i) {
        re[row] = r;
        im[row] = i;
    }

    // Loops over more arrays, or with more in them, are left scalar by the compiler.

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

    private static void pair(float[] a, float[] b) {
        for (int j = 0; j < a.length; j++) {
            float x = a[j], y = b[j];
            a[j] = x + y;
            b[j] = x - y;
        }
    }

    /** Times cos + i sin. */
    private static void turn(float[] re, float[] im, float cos, float sin) {
        for (int j = 0; j < re.length; j++) {
            float x = re[j], y = im[j];
            re[j] = x * cos - y * sin;
            im[j] = x * sin + y * cos;
        }
    }
}
