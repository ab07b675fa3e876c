package unroll.tensor;

import java.util.Arrays;

/** Matrix products in plain Java: for small ones, and where no native library loads. */
final class PlainProduct {
    private PlainProduct() {
    }

    static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b, float[] c, boolean add) {
        if (!add) Arrays.fill(c, 0, m * n, 0f);
        float[] right = transposeB ? transpose(b, n, k) : b;               // rows of b contiguous: the inner loop runs along them
        for (int i = 0; i < m; i++)
            for (int p = 0; p < k; p++) addRow(c, i * n, transposeA ? a[p * m + i] : a[i * k + p], right, p * n, n);
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
