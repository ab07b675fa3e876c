package unroll.tensor;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Loops over the rows of a matrix with one row, in the form that vectorizes: one index on both sides, so short rows go
 * through a copy.
 */
final class Rows {
    /**
     * So few that the error of a sum in float stays that of some roundings, and enough that sums in double cost
     * nothing.
     */
    private static final int BLOCK = 32;
    /** Shorter rows are not worth a copy. */
    private static final int SHORT = 16;

    private Rows() {
    }

    /** y[r] += row, for all rows. */
    static void addToEach(float[] y, float[] row) {
        int n = row.length;
        if (y.length == n) VectorMath.add(y, row, 0, n);
        else if (n < SHORT && Parallel.small(y.length)) for (int at = 0; at < y.length; at += n) add(y, at, row, 0, n);
        else
            each(y, row.length, t -> VectorMath.add(t, row, 0, t.length));
    }

    /** y[r] *= row, for all rows. */
    static void multiplyEach(float[] y, float[] row) {
        each(y, row.length, t -> {
            for (int j = 0; j < t.length; j++) t[j] *= row[j];
        });
    }

    /** Changes a copy of each row of length n. */
    private static void each(float[] y, int n, Consumer<float[]> change) {
        int rows = n == 0 ? 0 : y.length / n,
                together = Parallel.small(y.length) ? Math.max(1, rows) : Math.max(1, (1 << 15) / n);
        Parallel.run(rows == 0 ? 0 : (rows - 1) / together + 1, p -> {
            float[] t = new float[n];
            int first = p * together, end = first + Math.min(together, rows - first);
            for (int r = first; r < end; r++) {
                System.arraycopy(y, r * n, t, 0, n);
                change.accept(t);
                System.arraycopy(t, 0, y, r * n, n);
            }
        });
    }

    /** Adds the sum of all rows of x to the gradient of such a row; x stays the caller's. */
    static void sendSum(float[] x, Tensor row) {
        int n = row.size();
        if (x.length == n) {
            row.accumulate(x);
            return;
        }
        float[] sum = new float[n];
        if (n > 0) sum(x, 0, x.length / n, n, sum, 0);
        row.take(sum);
    }

    /**
     * y[at ..] = the sum of count rows of length n from row first on: in float within blocks of {@link #BLOCK} rows,
     * and over these in double.
     */
    static void sum(float[] x, int first, int count, int n, float[] y, int at) {
        double[] total = new double[n];
        float[] block = new float[n], t = new float[n];
        for (int from = 0; from < count; from += BLOCK) {
            Arrays.fill(block, 0);
            for (int r = from; r < Math.min(count, from + BLOCK); r++) {
                if (n < SHORT) add(block, 0, x, (first + r) * n, n);
                else {
                    System.arraycopy(x, (first + r) * n, t, 0, n);
                    for (int j = 0; j < n; j++) block[j] += t[j];
                }
            }
            for (int j = 0; j < n; j++) total[j] += block[j];
        }
        for (int j = 0; j < n; j++) y[at + j] = (float) total[j];
    }

    /** d[to ..] += e[from ..], n elements. */
    static void add(float[] d, int to, float[] e, int from, int n) {
        for (int j = 0; j < n; j++) d[to + j] += e[from + j];
    }
}
