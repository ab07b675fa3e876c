package unroll.tensor;

import java.util.Arrays;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Decompositions of a matrix through ND4J (LAPACK), in double precision; general eigenvalues through Commons Math, which comes with ND4J. For
 * initializers, bounds and the dynamics of hidden states; nothing here is differentiated.
 */
public final class LinearAlgebra {
    private LinearAlgebra() {
    }

    /** A = U diag(s) Vᵀ with s falling; U is [m, r], V is [n, r], r = min(m, n). */
    public record Svd(Tensor u, double[] singularValues, Tensor v) {
    }

    /** A = Q R, Q [m, r] with orthonormal columns, R [r, n] upper triangular with a diagonal of at least 0. */
    public record Qr(Tensor q, Tensor r) {
    }

    /** A complex number: an eigenvalue. */
    public record Complex(double re, double im) {
        public double abs() { return Math.hypot(re, im); }

        @Override public String toString() { return im == 0 ? "" + re : re + (im < 0 ? " - " : " + ") + Math.abs(im) + "i"; }
    }

    /** The singular value decomposition. */
    public static Svd svd(Tensor a) {
        INDArray m = matrix("svd", a);
        int rows = a.size(0), columns = a.size(1), r = Math.min(rows, columns);
        INDArray s = Nd4j.create(DataType.DOUBLE, r), u = Nd4j.create(DataType.DOUBLE, new long[] {rows, rows}, 'f'),
                vt = Nd4j.create(DataType.DOUBLE, new long[] {columns, columns}, 'f');
        Nd4j.getBlasWrapper().lapack().gesvd(m.dup('f'), s, u, vt);
        return new Svd(tensor(u).slice(1, 0, r), s.toDoubleVector(), tensor(vt).slice(0, 0, r).transpose());
    }

    /** All singular values, falling. */
    public static double[] singularValues(Tensor a) { return svd(a).singularValues(); }

    /** The largest singular value: by how much the matrix can stretch a vector. */
    public static double spectralNorm(Tensor a) {
        return singularValues(a)[0];
    }

    /** The QR decomposition, made unique by the signs of R's diagonal. */
    public static Qr qr(Tensor a) {
        matrix("qr", a);
        int rows = a.size(0), columns = a.size(1), r = Math.min(rows, columns);
        var decomposition = new org.apache.commons.math3.linear.QRDecomposition(new Array2DRowRealMatrix(rows(a)));
        double[][] q = decomposition.getQ().getData(), upper = decomposition.getR().getData(), thinQ = new double[rows][r],
                thinR = new double[r][columns];
        for (int j = 0; j < r; j++) {
            double sign = upper[j][j] < 0 ? -1 : 1;
            for (int i = 0; i < rows; i++) thinQ[i][j] = sign * q[i][j];
            for (int i = 0; i < columns; i++) thinR[j][i] = sign * upper[j][i];
        }
        return new Qr(Tensor.of(thinQ), Tensor.of(thinR));
    }

    /** The eigenvalues of a square matrix, by falling absolute value. */
    public static Complex[] eigenvalues(Tensor a) {
        matrix("eigenvalues", a);
        if (a.size(0) != a.size(1)) throw new ShapeException("eigenvalues: expected a square matrix but got shape " + Arrays.toString(a.shape()));
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(rows(a)));
        double[] re = eigen.getRealEigenvalues(), im = eigen.getImagEigenvalues();
        Complex[] values = new Complex[re.length];
        for (int i = 0; i < values.length; i++) values[i] = new Complex(re[i], im[i]);
        Arrays.sort(values, (x, y) -> Double.compare(y.abs(), x.abs()));
        return values;
    }

    /** The largest absolute eigenvalue: whether repeated multiplication grows or dies. */
    public static double spectralRadius(Tensor a) {
        return eigenvalues(a)[0].abs();
    }

    static Tensor tensor(INDArray array) {
        double[] values = array.isScalar() ? new double[] {array.getDouble(0)} : array.dup('c').data().asDouble();
        int[] shape = new int[array.rank()];
        for (int i = 0; i < shape.length; i++) shape[i] = Math.toIntExact(array.size(i));
        return Tensor.of(Arrays.copyOf(values, Shape.size(shape)), shape);
    }

    static INDArray nd4j(Tensor t) {
        long[] shape = new long[t.rank()];
        for (int i = 0; i < shape.length; i++) shape[i] = t.size(i);
        return Nd4j.create(t.values().clone(), shape, 'c');
    }

    private static INDArray matrix(String operation, Tensor a) {
        if (a.rank() != 2 || a.size() == 0) throw new ShapeException(operation + ": expected a matrix but got shape " + Arrays.toString(a.shape()));
        if (!a.isFinite()) throw new IllegalArgumentException(operation + ": the matrix holds NaN or infinite values");
        return nd4j(a).castTo(DataType.DOUBLE);
    }

    private static double[][] rows(Tensor a) {
        double[][] rows = new double[a.size(0)][a.size(1)];
        for (int i = 0; i < rows.length; i++) for (int j = 0; j < rows[i].length; j++) rows[i][j] = a.get(i, j);
        return rows;
    }
}
