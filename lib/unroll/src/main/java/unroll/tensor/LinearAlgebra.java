package unroll.tensor;

import java.util.Arrays;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Decompositions of a matrix through ND4J (LAPACK), in double precision; general eigenvalues through Commons Math,
 * which comes with ND4J. For initializers, bounds and the dynamics of hidden states; nothing here is differentiated.
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

    /** A complex number: an eigenvalue, a frequency, the state of a linear system. */
    public record Complex(double re, double im) {
        public double abs() { return Math.hypot(re, im); }

        public Complex plus(Complex other) { return new Complex(re + other.re, im + other.im); }

        public Complex minus(Complex other) { return new Complex(re - other.re, im - other.im); }

        public Complex times(Complex other) {
            return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
        }

        public Complex times(double factor) { return new Complex(re * factor, im * factor); }

        public Complex over(Complex other) {
            double square = other.re * other.re + other.im * other.im;
            return new Complex((re * other.re + im * other.im) / square, (im * other.re - re * other.im) / square);
        }

        public Complex conjugate() { return new Complex(re, -im); }

        public Complex exp() {
            double size = Math.exp(re);
            return new Complex(size * Math.cos(im), size * Math.sin(im));
        }

        @Override public String toString() {
            return im == 0 ? "" + re : re + (im < 0 ? " - " : " + ") + Math.abs(im) + "i";
        }
    }

    /**
     * The singular value decomposition. A matrix that is not square goes through the QR decomposition, so nothing is
     * larger than it.
     */
    public static Svd svd(Tensor a) { return Interrupts.apart("svd", operations(a), () -> svdOf(a)); }

    private static Svd svdOf(Tensor a) {
        INDArray m = matrix("svd", a);
        if (m.rows() < m.columns()) {
            Factors f = svd(m.transpose());
            return new Svd(tensor(f.v), f.s, tensor(f.u));
        }
        Factors f = svd(m);
        return new Svd(tensor(f.u), f.s, tensor(f.v));
    }

    /** U [m, n], the singular values, and V [n, n]. */
    private record Factors(INDArray u, double[] s, INDArray v) {
    }

    private static Factors svd(INDArray tall) {
        int n = tall.columns();
        Triangular qr = tall.rows() == n ? null : triangular(tall);
        INDArray s = Nd4j.create(DataType.DOUBLE, n), u = square(n), vt = square(n);
        Nd4j.getBlasWrapper().lapack().gesvd((qr == null ? tall : qr.r).dup('f'), s, u, vt);
        return new Factors(qr == null ? u : qr.q.mmul(u), s.toDoubleVector(), vt.transpose());
    }

    /** All singular values, falling. */
    public static double[] singularValues(Tensor a) {
        return Interrupts.apart("singularValues", operations(a), () -> {
            INDArray m = matrix("singularValues", a), s = Nd4j.create(DataType.DOUBLE, Math.min(m.rows(), m.columns()));
            Nd4j.getBlasWrapper().lapack().gesvd(m.dup('f'), s, null, null);
            return s.toDoubleVector();
        });
    }

    /** The largest singular value: by how much the matrix can stretch a vector. */
    public static double spectralNorm(Tensor a) {
        return singularValues(a)[0];
    }

    /** The QR decomposition, made unique by the signs of R's diagonal. */
    public static Qr qr(Tensor a) {
        return Interrupts.apart("qr", operations(a), () -> qrOf(a));
    }

    private static Qr qrOf(Tensor a) {
        INDArray m = matrix("qr", a);
        boolean wide = m.rows() < m.columns();
        Triangular qr = triangular(wide ? m.get(NDArrayIndex.all(), NDArrayIndex.interval(0, m.rows())) : m);
        double[][] q = qr.q.toDoubleMatrix(), r = qr.r.toDoubleMatrix(),
                all = wide ? qr.q.transpose().mmul(m).toDoubleMatrix() : r;
        for (int j = 0; j < r.length; j++) {
            System.arraycopy(r[j], 0, all[j], 0, r.length);                // triangular to the last bit
            if (r[j][j] >= 0) continue;
            for (double[] row : q) row[j] = -row[j];
            for (int i = j; i < all[j].length; i++) all[j][i] = -all[j][i];
        }
        return new Qr(Tensor.of(q), Tensor.of(all));
    }

    /** Q [m, n] and R [n, n] of a matrix of m >= n rows. */
    private record Triangular(INDArray q, INDArray r) {
    }

    private static Triangular triangular(INDArray tall) {
        INDArray q = tall.dup('f'), r = square(tall.columns());
        Nd4j.getBlasWrapper().lapack().geqrf(q, r);
        return new Triangular(q, r);
    }

    private static INDArray square(int n) { return Nd4j.create(DataType.DOUBLE, new long[] {n, n}, 'f'); }

    /** The eigenvalues of a square matrix, by falling absolute value. */
    public static Complex[] eigenvalues(Tensor a) {
        matrix("eigenvalues", a);
        if (a.size(0) != a.size(1))
            throw new ShapeException(
                    "eigenvalues: expected a square matrix but got shape " + Arrays.toString(a.shape()));
        EigenDecomposition eigen = Interrupts.apart("eigenvalues", operations(a),
                () -> new EigenDecomposition(new Array2DRowRealMatrix(rows(a))));
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
        int[] shape = new int[array.rank()];
        for (int i = 0; i < shape.length; i++) {
            if (array.size(i) > Shape.MOST)
                throw new ShapeException("Tensor: an ND4J array of shape " + Arrays.toString(array.shape())
                        + " has too long an axis; a tensor holds at most " + Shape.MOST + " elements");
            shape[i] = (int) array.size(i);
        }
        int size = Shape.size("Tensor", shape);                            // before ND4J makes a copy
        double[] values = array.isScalar() ? new double[] {array.getDouble(0)} : array.dup('c').data().asDouble();
        return Tensor.of(Arrays.copyOf(values, size), shape);
    }

    static INDArray nd4j(Tensor t) {
        long[] shape = new long[t.rank()];
        for (int i = 0; i < shape.length; i++) shape[i] = t.size(i);
        return Nd4j.create(t.values().clone(), shape, 'c');
    }

    private static INDArray matrix(String operation, Tensor a) {
        if (a.rank() != 2 || a.size() == 0)
            throw new ShapeException(operation + ": expected a matrix but got shape " + Arrays.toString(a.shape()));
        if (!a.isFinite())
            throw new IllegalArgumentException(Message.of(operation + ": the matrix holds NaN or infinite values"));
        INDArray m = nd4j(a).castTo(DataType.DOUBLE);
        // else a process that ends meanwhile waits for OpenBLAS's threads, perhaps for ever
        openblas.blas_set_num_threads(1);
        return m;
    }

    /** About as many as a decomposition takes. */
    private static double operations(Tensor a) {
        return a.rank() == 2 ? 20. * a.size() * Math.min(a.size(0), a.size(1)) : 0;
    }

    private static double[][] rows(Tensor a) {
        double[][] rows = new double[a.size(0)][a.size(1)];
        for (int i = 0; i < rows.length; i++) for (int j = 0; j < rows[i].length; j++) rows[i][j] = a.get(i, j);
        return rows;
    }
}
