package unroll.tensor;

import java.util.Arrays;

/** Matrix products in plain Java: for small ones, and where no native library loads. */
final class PlainProduct {
    /** Below it b is not worth being transposed. */
    private static final int FEW_ROWS = 4;

    private PlainProduct() {
    }

    /** c = op(a) op(b), or c +=. */
    static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b, float[] c,
            boolean add) {
        if (transposeB && !transposeA && m < FEW_ROWS) {
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) c[i * n + j] = dot(a, i * k, b, j * k, k, add ? c[i * n + j] : 0);
            return;
        }
        // rows of b contiguous: the inner loop runs along them
        float[] right = transposeB ? transpose(b, n, k) : b;
        multiply(m, n, k, a, 0, transposeA ? 1 : k, transposeA ? m : 1, right, 0, n, c, 0, n, add);
    }

    /** c[c0 + j] (+)= Σ a[a0 + p] b[b0 + j bRow + p]. */
    static void multiplyRow(int n, int k, float[] a, int a0, float[] b, int b0, int bRow, float[] c, int c0,
            boolean add) {
        for (int j = 0; j < n; j++) c[c0 + j] = dot(a, a0, b, b0 + j * bRow, k, add ? c[c0 + j] : 0);
    }

    private static float dot(float[] a, int from, float[] b, int at, int k, float start) {
        float sum = start;
        for (int p = 0; p < k; p++) sum += a[from + p] * b[at + p];
        return sum;
    }

    /** c[c0 + i cRow + j] (+)= Σ a[a0 + i aRow + p aColumn] b[b0 + p bRow + j]. */
    static void multiply(int m, int n, int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow,
            float[] c, int c0, int cRow,
            boolean add) {
        for (int i = 0; i < m; i++) {
            if ((i & 15) == 15) Interrupts.check("a product", "row", i, m);
            int to = c0 + i * cRow;
            if (!add) Arrays.fill(c, to, to + n, 0f);
            for (int p = 0; p < k; p++) addRow(c, to, a[a0 + i * aRow + p * aColumn], b, b0 + p * bRow, n);
        }
    }

    private static void addRow(float[] c, int to, float x, float[] b, int from, int n) {
        for (int j = 0; j < n; j++) c[to + j] += x * b[from + j];
    }

    private static float[] transpose(float[] b, int rows, int columns) {
        float[] t = new float[rows * columns];
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) t[j * rows + i] = b[i * columns + j];
        return t;
    }
}
