package unroll.tensor;

import java.util.Arrays;

/**
 * Matrix products in plain Java: for small ones, and where no native library loads.
 *
 * <p>Each number of a result is summed in one order, whatever is computed with it: four products at a time, these over
 * {@link #BLOCK} products, the first such sum on what was there, and then the sums of the blocks one after the other. A
 * sum of thousands so loses no more digits than a native library's, and the bits do not depend on how rows and columns
 * are cut.
 */
final class PlainProduct {
    /** Four rows of so many numbers, and one for their sum, stay in a core's nearest cache. */
    private static final int BLOCK = 64, WIDTH = 512;
    /** For fewer rows, or columns, b is not worth being copied. */
    private static final int FEW_ROWS = 4, FEW_COLUMNS = 16;
    /** A b of no more rows and columns is read where it lies, number by number. */
    private static final int TINY = 4;
    /** So many multiplications are worth a thread. */
    private static final int WORTH = 1 << 18;

    private PlainProduct() {
    }

    /** c = op(a) op(b), or c +=; large ones by as many threads as pay. */
    static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b, float[] c,
            boolean add) {
        int aRow = transposeA ? 1 : k, aColumn = transposeA ? m : 1, bRow = transposeB ? 1 : n,
                bColumn = transposeB ? k : 1;
        long row = Math.max(1, (long) n * k);
        if (n <= TINY && k <= TINY && m < WORTH / (TINY * TINY))
            multiplyTiny(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, add);
        else if (m * row < 2 * WORTH)
            multiply(m, n, k, a, 0, aRow, aColumn, b, 0, bRow, bColumn, c, 0, n, add);
        else
            Parallel.cut(m, Parallel.parts(m, (int) Math.max(2 * FEW_ROWS, WORTH / row)),
                    (from, to) -> multiply(to - from, n, k, a, from * aRow, aRow, aColumn, b, 0, bRow, bColumn, c,
                            from * n, n, add));
    }

    /** c[c0 + j] (+)= Σ a[a0 + p] b[b0 + j bRow + p]. */
    static void multiplyRow(int n, int k, float[] a, int a0, float[] b, int b0, int bRow, float[] c, int c0,
            boolean add) {
        float[] sum = k > BLOCK ? new float[4] : null;
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            int at = b0 + j * bRow, to = c0 + j;
            if (!add) Arrays.fill(c, to, to + 4, 0f);
            addFourDots(a, a0, b, at, bRow, Math.min(k, BLOCK), c, to);
            for (int block = BLOCK; block < k; block += BLOCK) {
                Arrays.fill(sum, 0f);
                addFourDots(a, a0 + block, b, at + block, bRow, Math.min(k - block, BLOCK), sum, 0);
                add(c, to, sum, 4);
            }
        }
        for (; j < n; j++) c[c0 + j] = dot(a, a0, b, b0 + j * bRow, k, add ? c[c0 + j] : 0);
    }

    private static void addFourDots(float[] a, int from, float[] b, int first, int bRow, int k, float[] c, int to) {
        int second = first + bRow, third = second + bRow, fourth = third + bRow;
        float s = c[to], t = c[to + 1], u = c[to + 2], v = c[to + 3];
        int p = 0;
        for (int last = k - 3; p < last; p += 4) {
            float w = a[from + p], x = a[from + p + 1], y = a[from + p + 2], z = a[from + p + 3];
            s += (w * b[first + p] + x * b[first + p + 1]) + (y * b[first + p + 2] + z * b[first + p + 3]);
            t += (w * b[second + p] + x * b[second + p + 1]) + (y * b[second + p + 2] + z * b[second + p + 3]);
            u += (w * b[third + p] + x * b[third + p + 1]) + (y * b[third + p + 2] + z * b[third + p + 3]);
            v += (w * b[fourth + p] + x * b[fourth + p + 1]) + (y * b[fourth + p + 2] + z * b[fourth + p + 3]);
        }
        for (; p < k; p++) {
            s += a[from + p] * b[first + p];
            t += a[from + p] * b[second + p];
            u += a[from + p] * b[third + p];
            v += a[from + p] * b[fourth + p];
        }
        c[to] = s;
        c[to + 1] = t;
        c[to + 2] = u;
        c[to + 3] = v;
    }

    private static float dot(float[] a, int from, float[] b, int at, int k, float start) {
        float sum = blockOfDot(a, from, b, at, Math.min(k, BLOCK), start);
        for (int block = BLOCK; block < k; block += BLOCK)
            sum += blockOfDot(a, from + block, b, at + block, Math.min(k - block, BLOCK), 0);
        return sum;
    }

    private static float blockOfDot(float[] a, int from, float[] b, int at, int k, float start) {
        float sum = start;
        int p = 0;
        for (int last = k - 3; p < last; p += 4)
            sum += (a[from + p] * b[at + p] + a[from + p + 1] * b[at + p + 1])
                    + (a[from + p + 2] * b[at + p + 2] + a[from + p + 3] * b[at + p + 3]);
        for (; p < k; p++) sum += a[from + p] * b[at + p];
        return sum;
    }

    /** c[c0 + i cRow + j] (+)= Σ a[a0 + i aRow + p aColumn] b[b0 + p bRow + j bColumn]. */
    static void multiply(int m, int n, int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow,
            int bColumn, float[] c, int c0, int cRow, boolean add) {
        boolean few = m < FEW_ROWS || n < FEW_COLUMNS || k < 4;
        if (few && bColumn != 1)
            multiplyByDots(m, n, k, a, a0, aRow, aColumn, b, b0, bColumn, c, c0, cRow, add);
        else if (few && k <= BLOCK)
            multiplyInPlace(m, n, k, a, a0, aRow, aColumn, b, b0, bRow, c, c0, cRow, add);
        else if (n < FEW_COLUMNS) {
            float[] transposed = new float[n * k];
            for (int p = 0; p < k; p++) for (int j = 0; j < n; j++) transposed[j * k + p] = b[b0 + p * bRow + j];
            multiplyByDots(m, n, k, a, a0, aRow, aColumn, transposed, 0, k, c, c0, cRow, add);
        } else
            multiplyCopied(m, n, k, a, a0, aRow, aColumn, b, b0, bRow, bColumn, c, c0, cRow, add);
    }

    /** For so few numbers that a loop over them, or one that begins with filling a row, would be most of the work. */
    private static void multiplyTiny(int m, int n, int k, float[] a, int aRow, int aColumn, float[] b, int bRow,
            int bColumn, float[] c, boolean add) {
        for (int i = 0, at = 0, to = 0; i < m; i++, at += aRow) {
            check(i);
            float w = k > 0 ? a[at] : 0, x = k > 1 ? a[at + aColumn] : 0, y = k > 2 ? a[at + 2 * aColumn] : 0,
                    z = k > 3 ? a[at + 3 * aColumn] : 0;
            for (int j = 0, p = 0; j < n; j++, p += bColumn, to++) {
                float sum = add ? c[to] : 0;
                if (k == 4) sum += (w * b[p] + x * b[p + bRow]) + (y * b[p + 2 * bRow] + z * b[p + 3 * bRow]);
                else {
                    if (k > 0) sum += w * b[p];
                    if (k > 1) sum += x * b[p + bRow];
                    if (k > 2) sum += y * b[p + 2 * bRow];
                }
                c[to] = sum;
            }
        }
    }

    /** For b whose columns lie in one piece each; where a is transposed, 16 of its rows are copied at a time. */
    private static void multiplyByDots(int m, int n, int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0,
            int bColumn, float[] c, int c0, int cRow, boolean add) {
        float[] rows = aColumn == 1 ? null : new float[Math.min(m, 16) * k];
        for (int i = 0; i < m; i++) {
            check(i);
            int from = i & 15, count = Math.min(16, m - i);
            if (aColumn != 1 && from == 0)
                for (int p = 0; p < k; p++)
                    for (int r = 0; r < count; r++) rows[r * k + p] = a[a0 + (i + r) * aRow + p * aColumn];
            multiplyRow(n, k, aColumn == 1 ? a : rows, aColumn == 1 ? a0 + i * aRow : from * k, b, b0, bColumn, c,
                    c0 + i * cRow, add);
        }
    }

    private static void check(int row) {
        if ((row & 15) == 15) Interrupts.check("a product");
    }

    /**
     * With rows of b copied to arrays of their own: only a loop with one index that begins everywhere at 0 is computed
     * in vectors: 7 times faster for [32, 128] times [128, 512].
     */
    private static void multiplyCopied(int m, int n, int k, float[] a, int a0, int aRow, int aColumn, float[] b,
            int b0, int bRow, int bColumn, float[] c, int c0, int cRow, boolean add) {
        int most = Math.min(n, WIDTH);
        float[][] rows = new float[Math.min(k, BLOCK)][most];
        float[] sum = new float[most];
        for (int column = 0; column < n; column += most) {
            int width = Math.min(most, n - column);
            for (int block = 0; block < k; block += BLOCK) {
                if (block > 0) Interrupts.check("a product");
                int depth = Math.min(BLOCK, k - block);
                copy(b, b0 + block * bRow + column * bColumn, bRow, bColumn, rows, depth, width);
                for (int i = 0; i < m; i++) {
                    check(i);
                    int at = a0 + i * aRow + block * aColumn, to = c0 + i * cRow + column, p = 0;
                    if (block == 0 && add) System.arraycopy(c, to, sum, 0, width);
                    else
                        Arrays.fill(sum, 0, width, 0f);
                    for (; p + 4 <= depth; p += 4) {
                        int x = at + p * aColumn;
                        addFour(sum, a[x], rows[p], a[x + aColumn], rows[p + 1], a[x + 2 * aColumn], rows[p + 2],
                                a[x + 3 * aColumn], rows[p + 3], width);
                    }
                    for (; p < depth; p++) addOne(sum, a[at + p * aColumn], rows[p], width);
                    if (block > 0) add(c, to, sum, width);
                    else
                        System.arraycopy(sum, 0, c, to, width);
                }
            }
        }
    }

    private static void copy(float[] b, int from, int bRow, int bColumn, float[][] rows, int depth, int width) {
        if (bColumn == 1) for (int p = 0; p < depth; p++) System.arraycopy(b, from + p * bRow, rows[p], 0, width);
        else
            for (int j = 0; j < width; j++)
                for (int p = 0; p < depth; p++) rows[p][j] = b[from + j * bColumn + p * bRow];
    }

    private static void addFour(float[] sum, float w, float[] a, float x, float[] b, float y, float[] c, float z,
            float[] d, int n) {
        for (int j = 0; j < n; j++) sum[j] += (w * a[j] + x * b[j]) + (y * c[j] + z * d[j]);
    }

    private static void addOne(float[] sum, float x, float[] a, int n) {
        for (int j = 0; j < n; j++) sum[j] += x * a[j];
    }

    private static void add(float[] c, int to, float[] sum, int n) {
        for (int j = 0; j < n; j++) c[to + j] += sum[j];
    }

    /** For a small b, of at most {@link #BLOCK} rows. */
    private static void multiplyInPlace(int m, int n, int k, float[] a, int a0, int aRow, int aColumn, float[] b,
            int b0, int bRow, float[] c, int c0, int cRow, boolean add) {
        for (int i = 0; i < m; i++) {
            check(i);
            int at = a0 + i * aRow, to = c0 + i * cRow, p = 0;
            if (!add) Arrays.fill(c, to, to + n, 0f);
            for (; p + 4 <= k; p += 4) {
                int x = at + p * aColumn;
                addFour(c, to, a[x], a[x + aColumn], a[x + 2 * aColumn], a[x + 3 * aColumn], b, b0 + p * bRow, bRow,
                        n);
            }
            for (; p < k; p++) addOne(c, to, a[at + p * aColumn], b, b0 + p * bRow, n);
        }
    }

    private static void addFour(float[] sum, int to, float w, float x, float y, float z, float[] b, int first, int bRow,
            int n) {
        int second = first + bRow, third = second + bRow, fourth = third + bRow;
        for (int j = 0; j < n; j++)
            sum[to + j] += (w * b[first + j] + x * b[second + j]) + (y * b[third + j] + z * b[fourth + j]);
    }

    private static void addOne(float[] sum, int to, float x, float[] b, int from, int n) {
        for (int j = 0; j < n; j++) sum[to + j] += x * b[from + j];
    }
}
