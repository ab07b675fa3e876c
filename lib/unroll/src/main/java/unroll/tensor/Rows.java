package unroll.tensor;

/** Loops over the rows of a matrix with one row, in the form that vectorizes: one index on both sides, so short rows go through a copy. */
final class Rows {
    private Rows() {
    }

    /** y[r] += row, for r in from .. to - 1. */
    static void addToEach(float[] y, float[] row, int from, int to) {
        int n = row.length;
        float[] t = new float[n];
        for (int r = from; r < to; r++) {
            System.arraycopy(y, r * n, t, 0, n);
            for (int j = 0; j < n; j++) t[j] += row[j];
            System.arraycopy(t, 0, y, r * n, n);
        }
    }

    /** The sum of all rows of length n. */
    static float[] sum(float[] x, int n) {
        float[] sum = new float[n], t = new float[n];
        for (int at = 0; at < x.length; at += n) {
            System.arraycopy(x, at, t, 0, n);
            for (int j = 0; j < n; j++) sum[j] += t[j];
        }
        return sum;
    }

    /** d[to ..] += e[from ..], n elements. */
    static void add(float[] d, int to, float[] e, int from, int n) {
        for (int j = 0; j < n; j++) d[to + j] += e[from + j];
    }
}
