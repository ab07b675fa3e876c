package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.Close;

/**
 * Matrices outside the heap: some rows and columns in and out, and products of some rows. Rows of 128 are padded, those
 * of 10 are not.
 */
class MatrixTest {
    private static Matrix of(Tensor t) {
        Matrix m = Matrix.room(t.size(0), t.size(1));
        m.put(0, t.size(0), 0, t.size(1), t.data(), 0);
        return m;
    }

    private static float[] all(Matrix m) {
        float[] values = new float[m.rows() * m.columns()];
        m.get(0, m.rows(), 0, m.columns(), values, 0);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void partsGoInAndOut(int columns) {
        Tensor t = Naive.random(1, 6, columns);
        Matrix m = of(t);
        assertArrayEquals(t.data(), all(m));
        float[] part = new float[10];
        m.get(2, 3, 5, 3, part, 1);
        Close.assertClose("rows 2 to 4, columns 5 to 7", Close.doubles(t.slice(0, 2, 5).columns(5, 8)),
                Tensor.of(Arrays.copyOfRange(part, 1, 10), 9),
                0);
        m.put(2, 3, 5, 3, new float[10], 1);
        for (int r = 0; r < 6; r++)
            for (int c = 0; c < columns; c++) {
                boolean replaced = r >= 2 && r < 5 && c >= 5 && c < 8;
                org.junit.jupiter.api.Assertions.assertEquals(replaced ? 0 : t.get(r, c), all(m)[r * columns + c]);
            }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void productOfSomeRows(int columns) {
        Tensor a = Naive.random(1, 9, 20), b = Naive.random(2, 20, columns), c = Naive.random(3, 7, columns);
        float[] product = a.slice(0, 4, 7).matmul(b).data();
        for (boolean add : new boolean[] {false, true}) {
            Matrix m = of(c);
            m.multiply(2, 3, of(a), 4, of(b), add);
            double[] expected = Close.doubles(c);
            for (int i = 0; i < product.length; i++)
                expected[2 * columns + i] = product[i] + (add ? expected[2 * columns + i] : 0);
            Close.assertClose("add " + add, expected, Tensor.of(all(m), 7, columns), 2e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void transposedProductOfSomeRows(int columns) {
        Tensor a = Naive.random(1, 30, 8), b = Naive.random(2, 25, columns), c = Naive.random(3, 8, columns);
        Matrix m = of(c);
        m.multiplyTransposed(of(a), 6, of(b), 1, 20, false);
        float[] product = a.slice(0, 6, 26).transpose().matmul(b.slice(0, 1, 21)).data();
        double[] expected = Close.doubles(Tensor.of(product, 8, columns));
        Close.assertClose("aᵀ b", expected, Tensor.of(all(m), 8, columns), 2e-6);
        m.multiplyTransposed(of(a), 6, of(b), 1, 20, true);
        for (int i = 0; i < 8 * columns; i++) expected[i] *= 2;
        Close.assertClose("aᵀ b twice", expected, Tensor.of(all(m), 8, columns), 2e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void blocksMultiplyInPlace(int columns) {
        Tensor a = Naive.random(1, 9, 20), b = Naive.random(2, 20, columns), c = Naive.random(3, 9, columns);
        Matrix m = of(c);
        m.block(1, 8, 4, 5).multiply(2, 3, of(a).block(2, 7, 6, 11), 1, of(b).block(3, 11, 2, 5), true);
        float[] product = a.slice(0, 3, 6).columns(6, 17).matmul(b.slice(0, 3, 14).columns(2, 7)).data();
        double[] expected = Close.doubles(c);
        for (int i = 0; i < product.length; i++) expected[(3 + i / 5) * columns + 4 + i % 5] += product[i];
        Close.assertClose("a block grows", expected, Tensor.of(all(m), 9, columns), 2e-6);

        m = of(c);
        m.block(3, 3, 4, 5).multiplyTransposed(of(a).block(0, 9, 8, 3), 3, of(b).block(5, 9, 2, 5), 2, 6, false);
        product = a.slice(0, 3, 9).columns(8, 11).transpose().matmul(b.slice(0, 7, 13).columns(2, 7)).data();
        expected = Close.doubles(c);
        for (int i = 0; i < product.length; i++) expected[(3 + i / 5) * columns + 4 + i % 5] = product[i];
        Close.assertClose("a block becomes", expected, Tensor.of(all(m), 9, columns), 2e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void wholeRowsInOnePiece(int columns) {
        Tensor a = Naive.random(1, 9, columns);
        Matrix m = of(a), copy = Matrix.room(9, columns);
        float[] rows = new float[4 * m.leadingDimension()];
        m.getRows(3, 4, rows, 0);
        copy.putRows(2, 4, rows, 0);
        float[] back = new float[4 * columns];
        copy.get(2, 4, 0, columns, back, 0);
        assertArrayEquals(a.slice(0, 3, 7).data(), back);
    }

    @Test void blocksOutsideAreNamed() {
        for (int[] b : new int[][] {{-1, 2, 0, 2}, {3, 2, 0, 2}, {0, 2, -1, 2}, {0, 2, 4, 2}, {0, 0, 0, 2}}) {
            var e = assertThrows(ShapeException.class, () -> Matrix.room(4, 5).block(b[0], b[1], b[2], b[3]));
            assertTrue(e.getMessage().contains("[4, 5] has no " + b[1] + " rows from " + b[0]), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 128}) void copiesOfAWeight(int columns) {
        Parameter w = Naive.parameter("w", 1, 5, columns);
        assertArrayEquals(w.data(), all(Matrix.of(w)));
        assertArrayEquals(w.transpose().data(), all(Matrix.transposeOf(w)));
        w.update(v -> v[3] = 77);
        assertArrayEquals(w.data(), all(Matrix.of(w)));
        assertArrayEquals(w.transpose().data(), all(Matrix.transposeOf(w)));
    }

    /** Layers cut products as they like: a row, or a column, does not depend on what is computed with it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 20, 64}) void noNumberDependsOnTheCut(int rows) {
        for (int k : new int[] {7, 64, 129, 300})
            for (int n : new int[] {16, 65, 200, 512}) {
                Tensor a = Naive.random(1, rows, k), b = Naive.random(2, k, n), tall = Naive.random(3, 100, k),
                        wide = Naive.random(4, 100, n), c = Naive.random(5, rows, n), d = Naive.random(6, k, n);
                float[][] one = products(1, a, b, tall, wide, c, d);
                for (int threads : new int[] {2, 3, 4, 8}) {
                    float[][] many = products(threads, a, b, tall, wide, c, d);
                    for (int i = 0; i < one.length; i++)
                        assertArrayEquals(one[i], many[i], rows + " x " + k + " x " + n + ", product " + i);
                }
            }
    }

    /** A single row of a large product is cut by depth, by its size only. */
    @Test void oneRowTimesALargeMatrix() {
        for (int k : new int[] {17, 257, 1040})
            for (int n : new int[] {1024, 2100}) {
                Tensor a = Naive.random(1, 3, k), b = Naive.random(2, k, n), c = Naive.random(3, 4, n);
                for (boolean add : new boolean[] {false, true}) {
                    float[] product = a.slice(0, 1, 2).matmul(b).data();
                    double[] expected = Close.doubles(c);
                    for (int i = 0; i < n; i++) expected[2 * n + i] = product[i] + (add ? expected[2 * n + i] : 0);
                    float[] one = null;
                    for (int threads : new int[] {1, 2, 3, 4, 8}) {
                        Matrix m = of(c);
                        float[] all = Parallel.withThreads(threads, () -> {
                            m.multiply(2, 1, of(a), 1, of(b), add);
                            return all(m);
                        });
                        Close.assertClose(k + " x " + n + ", add " + add, expected, Tensor.of(all, 4, n), 2e-6);
                        if (one == null) one = all;
                        assertArrayEquals(one, all, k + " x " + n + " on " + threads + " threads");
                    }
                }
            }
    }

    private static float[][] products(int threads, Tensor a, Tensor b, Tensor tall, Tensor wide, Tensor c, Tensor d) {
        return Parallel.withThreads(threads, () -> {
            Matrix one = of(c), two = of(d);
            one.multiply(0, c.size(0), of(a), 0, of(b), true);
            two.multiplyTransposed(of(tall), 0, of(wide), 0, 100, true);
            return new float[][] {all(one), all(two)};
        });
    }
}
