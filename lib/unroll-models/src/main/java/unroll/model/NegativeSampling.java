package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * The loss of one word w and one word c near it, against k words n_1 … n_k drawn as noise (Mikolov et al. 2013, eq. 4),
 * in nats:
 *
 * <pre>
 * h = (sum of the rows of w) / √(their number)       -log σ(h · o_c) - Σ log σ(-h · o_n)
 * </pre>
 *
 * A word has one row, and with subwords one more for each of its parts. Divided by the root of their number, a step
 * moves h as far as it would move one row. Here are the loss on the tape, to read, and a step of gradient descent on
 * plain arrays, fast: a test says they are the same.
 */
final class NegativeSampling {
    private final int size;
    private final float[] in, out;                                         // [rows, size], [words, size]
    private final float[] h, back, row;

    /** Rows of {@code in} start uniform in ±1 / (2 size), those of {@code out} at zero, as in word2vec. */
    NegativeSampling(int rows, int words, int size, Rng rng) {
        this(rng.uniform(-0.5 / size, 0.5 / size, rows, size).data(), Shape.room("SkipGram", new int[] {words, size}),
                size);
    }

    NegativeSampling(float[] in, float[] out, int size) {
        this.in = in;
        this.out = out;
        this.size = size;
        h = new float[size];
        back = new float[size];
        row = new float[size];
    }

    /** The loss of one pair. */
    static Tensor loss(Tensor in, Tensor out, int[] rows, int near, int[] noise) {
        Tensor h = in.rows(IntTensor.of(rows, rows.length)).sum(0).mul(1 / Math.sqrt(rows.length));
        Tensor loss = out.rows(IntTensor.of(new int[] {near}, 1)).matmul(h).neg().softplus().sum();
        return noise.length == 0
                ? loss
                : loss.add(out.rows(IntTensor.of(noise, noise.length)).matmul(h).softplus().sum());
    }

    /** One step of gradient descent on that loss; gives the loss before it. A word drawn twice is drawn twice. */
    double step(int[] rows, int near, int[] noise, int count, float rate) {
        read(rows, h);
        Arrays.fill(back, 0);
        double loss = 0;
        for (int k = -1; k < count; k++) {
            int word = k < 0 ? near : noise[k];
            System.arraycopy(out, word * size, row, 0, size);
            double z = dot(h, row, size);
            double p = 1 / (1 + Math.exp(-z));
            loss += k < 0 ? softplus(-z) : softplus(z);
            float by = (float) (rate * ((k < 0 ? 1 : 0) - p));
            move(h, row, back, by, size);
            System.arraycopy(row, 0, out, word * size, size);
        }
        float by = (float) (1 / Math.sqrt(rows.length));
        for (int r : rows) {
            System.arraycopy(in, r * size, row, 0, size);
            addTimes(row, back, by, size);
            System.arraycopy(row, 0, in, r * size, size);
        }
        return loss;
    }

    /** h of some rows. */
    void read(int[] rows, float[] sum) {
        if (rows.length == 1) {
            System.arraycopy(in, rows[0] * size, sum, 0, size);
            return;
        }
        Arrays.fill(sum, 0);
        for (int r : rows) {
            System.arraycopy(in, r * size, row, 0, size);
            addTimes(sum, row, 1, size);
        }
        float by = (float) (1 / Math.sqrt(rows.length));
        for (int j = 0; j < size; j++) sum[j] *= by;
    }

    /** back += by · o and o += by · h, both with the old values. */
    private static void move(float[] h, float[] o, float[] back, float by, int n) {
        for (int j = 0; j < n; j++) back[j] += by * o[j];
        for (int j = 0; j < n; j++) o[j] += by * h[j];
    }

    private static void addTimes(float[] y, float[] x, float by, int n) {
        for (int j = 0; j < n; j++) y[j] += by * x[j];
    }

    private static double dot(float[] x, float[] y, int n) {
        // four sums: the additions of one would wait for each other
        float a = 0, b = 0, c = 0, d = 0;
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            a += x[j] * y[j];
            b += x[j + 1] * y[j + 1];
            c += x[j + 2] * y[j + 2];
            d += x[j + 3] * y[j + 3];
        }
        for (; j < n; j++) a += x[j] * y[j];
        return (a + b) + (c + d);
    }

    private static double softplus(double z) { return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))); }

    List<float[]> weights() { return List.of(in, out); }

    /**
     * Draws words with probability proportional to count^0.75 (Mikolov et al. 2013), in constant time by the alias
     * method (Walker 1977; Vose 1991): n columns of equal width, each shared by at most two words.
     */
    static final class Noise {
        private final double[] share;                                          // of a column that is its own word's
        private final int[] alias;                                             // whose the rest is

        Noise(long[] counts) {
            int n = counts.length;
            share = new double[n];
            alias = new int[n];
            double total = 0;
            for (int i = 0; i < n; i++) {
                if (counts[i] < 1)
                    throw new IllegalArgumentException("NegativeSampling.Noise: expected counts of at least 1 but word "
                            + i + " has " + counts[i]);
                total += Math.pow(counts[i], 0.75);
            }
            int[] small = new int[n], large = new int[n];
            int s = 0, l = 0;
            for (int i = 0; i < n; i++) {
                share[i] = n * Math.pow(counts[i], 0.75) / total;
                alias[i] = i;
                if (share[i] < 1) small[s++] = i;
                else
                    large[l++] = i;
            }
            while (s > 0 && l > 0) {
                int a = small[--s], b = large[l - 1];
                alias[a] = b;
                share[b] -= 1 - share[a];
                if (share[b] < 1) small[s++] = large[--l];
            }
            while (s > 0) share[small[--s]] = 1;                               // rounding left a crumb
            while (l > 0) share[large[--l]] = 1;
        }

        int draw(Rng rng) {
            double u = rng.nextDouble() * share.length;
            int column = (int) u;
            return u - column < share[column] ? column : alias[column];
        }
    }
}
