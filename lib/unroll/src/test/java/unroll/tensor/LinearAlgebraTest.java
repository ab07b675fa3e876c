package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;

import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import unroll.Close;

/**
 * Decompositions give back the matrix and have the properties they promise; arrays cross the border to ND4J unchanged.
 */
class LinearAlgebraTest {
    static Stream<Tensor> matrices() {
        return Stream.of(Naive.random(1, 5, 5), Naive.random(2, 7, 3), Naive.random(3, 3, 7), Naive.random(4, 1, 4),
                Naive.random(5, 4, 1),
                Naive.random(6, 1, 1), Tensor.ones(4, 3), Tensor.zeros(2, 2), Naive.random(7, 60, 40));
    }

    @ParameterizedTest
    @MethodSource("matrices") void svd(Tensor a) {
        LinearAlgebra.Svd svd = LinearAlgebra.svd(a);
        int r = Math.min(a.size(0), a.size(1));
        double[] s = svd.singularValues();
        assertEquals(r, s.length);
        for (int i = 0; i < r; i++) assertTrue(s[i] >= 0 && (i == 0 || s[i] <= s[i - 1]), Arrays.toString(s));
        assertArrayEquals(new int[] {a.size(0), r}, svd.u().shape());
        assertArrayEquals(new int[] {a.size(1), r}, svd.v().shape());
        assertIdentity(svd.u().transpose().matmul(svd.u()));
        assertIdentity(svd.v().transpose().matmul(svd.v()));
        Close.assertClose("U diag(s) Vᵀ", a, svd.u().mul(Tensor.of(s, r)).matmul(svd.v().transpose()), 2e-6);
    }

    @ParameterizedTest
    @MethodSource("matrices") void qr(Tensor a) {
        LinearAlgebra.Qr qr = LinearAlgebra.qr(a);
        int r = Math.min(a.size(0), a.size(1));
        assertArrayEquals(new int[] {a.size(0), r}, qr.q().shape());
        assertArrayEquals(new int[] {r, a.size(1)}, qr.r().shape());
        assertIdentity(qr.q().transpose().matmul(qr.q()));
        for (int i = 0; i < r; i++) {
            assertTrue(qr.r().get(i, i) >= 0);
            for (int j = 0; j < i; j++) assertTrue(qr.r().get(i, j) == 0);
        }
        Close.assertClose("Q R", a, qr.q().matmul(qr.r()), 2e-6);
    }

    /** See {@link ExitWhileDecomposingTest}. */
    @Test void openBlasStaysOnTheCallersThread() {
        openblas.blas_set_num_threads(2);
        LinearAlgebra.singularValues(Tensor.ones(3, 3));
        assertEquals(1, openblas.blas_get_num_threads());
    }

    private static void assertIdentity(Tensor t) {
        for (int i = 0; i < t.size(0); i++)
            for (int j = 0; j < t.size(1); j++) assertEquals(i == j ? 1 : 0, t.get(i, j), 2e-6);
    }

    @Test void rotationHasAComplexPair() {
        double c = Math.cos(.3), s = Math.sin(.3);
        LinearAlgebra.Complex[] e = LinearAlgebra.eigenvalues(Tensor.of(new double[][] {{c, -s}, {s, c}}).mul(.9));
        assertEquals(.9 * c, e[0].re(), 1e-6);
        assertEquals(.9 * s, Math.abs(e[0].im()), 1e-6);
        assertEquals(0, e[0].im() + e[1].im(), 1e-9);
        assertEquals(.9, e[0].abs(), 1e-6);
        assertEquals(.9, LinearAlgebra.spectralRadius(Tensor.of(new double[][] {{c, -s}, {s, c}}).mul(.9)), 1e-6);
    }

    @Test void eigenvaluesOfATriangleAreItsDiagonal() {
        LinearAlgebra.Complex[] e = LinearAlgebra
                .eigenvalues(Tensor.of(new double[][] {{1, 5, 6}, {0, -4, 7}, {0, 0, 2}}));
        assertArrayEquals(new double[] {-4, 2, 1}, Arrays.stream(e).mapToDouble(LinearAlgebra.Complex::re).toArray(),
                1e-9);
        assertArrayEquals(new double[3], Arrays.stream(e).mapToDouble(LinearAlgebra.Complex::im).toArray());
    }

    @Test void eigenvaluesOfMatricesWithoutABasisOfEigenvectors() {
        assertEquals(0, LinearAlgebra.spectralRadius(Tensor.zeros(3, 3)));
        assertEquals(0, LinearAlgebra.spectralRadius(Tensor.of(new double[][] {{0, 1}, {0, 0}})), 1e-6);
        assertEquals(1, LinearAlgebra.spectralRadius(Tensor.of(new double[][] {{1, 1}, {0, 1}})), 1e-6);
    }

    /** A matrix whose eigenvalues are 0.5 can still stretch a vector by almost 10. */
    @Test void spectralNormIsNotTheSpectralRadius() {
        Tensor a = Tensor.of(new double[][] {{.5, 10}, {0, .5}});
        assertEquals(.5, LinearAlgebra.spectralRadius(a), 1e-6);
        assertEquals(10.025, LinearAlgebra.spectralNorm(a), 1e-3);
        assertArrayEquals(new double[] {3, 2, 0},
                LinearAlgebra.singularValues(Tensor.of(new double[][] {{0, 2, 0}, {-3, 0, 0}, {0, 0, 0}})), 1e-9);
    }

    @Test void complexNumbersPrint() {
        assertEquals("1.0 - 2.0i", new LinearAlgebra.Complex(1, -2).toString());
        assertEquals("1.0", new LinearAlgebra.Complex(1, 0).toString());
    }

    @Test void wrongMatrices() {
        assertTrue(assertThrows(ShapeException.class, () -> LinearAlgebra.eigenvalues(Tensor.ones(2, 3))).getMessage()
                .contains("[2, 3]"));
        assertTrue(assertThrows(ShapeException.class, () -> LinearAlgebra.svd(Tensor.ones(2))).getMessage()
                .contains("svd"));
        assertTrue(assertThrows(ShapeException.class, () -> LinearAlgebra.qr(Tensor.zeros(0, 2))).getMessage()
                .contains("[0, 2]"));
        Tensor nan = Tensor.full(Double.NaN, 2, 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LinearAlgebra.svd(nan)).getMessage()
                .contains("NaN"));
    }

    @ParameterizedTest
    @MethodSource("shapes") void thereAndBack(int[] shape) {
        Tensor t = Naive.random(1, shape);
        INDArray array = t.nd4j();
        assertArrayEquals(Arrays.stream(shape).mapToLong(n -> n).toArray(), array.shape());
        Close.assertClose("there and back", t, Tensor.of(array), 0);
    }

    static Stream<int[]> shapes() {
        return Stream.of(new int[] {}, new int[] {1}, new int[] {3}, new int[] {1, 1}, new int[] {2, 3},
                new int[] {2, 3, 4, 5});
    }

    @Test void arraysAreCopies() {
        Tensor t = Tensor.of(new float[] {1, 2}, 2);
        t.nd4j().putScalar(0, 9);
        assertEquals(1, t.get(0));
        INDArray array = Nd4j.createFromArray(1f, 2f);
        Tensor of = Tensor.of(array);
        array.putScalar(0, 9);
        assertEquals(1, of.get(0));
    }

    @Test void columnMajorArraysAndViews() {
        INDArray f = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).dup('f');
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, Tensor.of(f).data());
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, Tensor.of(f.transpose()).data());
        assertArrayEquals(new float[] {2, 5}, Tensor.of(f.getColumn(1)).data());
        INDArray view = f.get(NDArrayIndex.interval(0, 2), NDArrayIndex.interval(1, 3));
        assertArrayEquals(new float[] {2, 3, 5, 6}, Tensor.of(view).data());
        assertArrayEquals(new int[] {2, 2}, Tensor.of(view).shape());
        INDArray one = f.get(NDArrayIndex.point(1), NDArrayIndex.interval(2, 3));
        assertArrayEquals(new float[] {6}, Tensor.of(one).data());
    }

    @Test void otherNumberTypes() {
        assertArrayEquals(new float[] {1, -2}, Tensor.of(Nd4j.createFromArray(1.0, -2.0)).data());
        assertArrayEquals(new float[] {1, -2}, Tensor.of(Nd4j.createFromArray(1, -2)).data());
        assertArrayEquals(new float[] {1, 0}, Tensor.of(Nd4j.createFromArray(true, false)).data());
        assertArrayEquals(new float[] {.5f}, Tensor.of(Nd4j.createFromArray(.5f).castTo(DataType.FLOAT16)).data());
    }

    /** An array of 20,000 times 20,000 numbers would not fit in this Java. */
    @Test void tallAndWideMatricesTakeNoSquareOfTheirLength() {
        Tensor tall = Naive.random(8, 20_000, 12);
        svd(tall);
        qr(tall);
        svd(tall.transpose());
        assertArrayEquals(LinearAlgebra.svd(tall).singularValues(), LinearAlgebra.singularValues(tall), 1e-9);
        assertEquals(LinearAlgebra.singularValues(tall.transpose())[0], LinearAlgebra.spectralNorm(tall), 1e-9);
    }

    /** The second singular value is a millionth of the first: the eigenvalues of AᵀA would lose it. */
    @Test void smallSingularValuesOfATallMatrixAreKept() {
        double[][] a = new double[500][2];
        for (int i = 0; i < 500; i++) a[i] = new double[] {i % 2, 1e-6 * (1 - i % 2)};
        assertArrayEquals(new double[] {Math.sqrt(250), 1e-6 * Math.sqrt(250)},
                LinearAlgebra.svd(Tensor.of(a)).singularValues(), 1e-11);
    }
}
