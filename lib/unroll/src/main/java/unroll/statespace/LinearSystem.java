package unroll.statespace;

import java.util.Arrays;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularMatrixException;
import unroll.tensor.Interrupts;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;

/**
 * A linear system in continuous time, in double precision.
 *
 * <pre>{@code
 * x'(t) = A x(t) + B u(t)
 * y(t)  = C x(t) + D u(t)
 *
 * var oscillator = LinearSystem.of(new double[][] {{0, 1}, {-4, -.8}}, new double[] {0, 1}, new double[] {1, 0}, 0);
 * double[] y = oscillator.discretize(Discretization.zeroOrderHold(0.05)).simulate(u);
 * }</pre>
 *
 * @param a {@code [N, N]}
 * @param b {@code [N, I]}
 * @param c {@code [O, N]}
 * @param d {@code [O, I]}
 */
public record LinearSystem(double[][] a, double[][] b, double[][] c, double[][] d) {
    public LinearSystem {
        a = copy("A", a);
        b = copy("B", b);
        c = copy("C", c);
        d = copy("D", d);
        if (a.length != a[0].length || b.length != a.length || c[0].length != a.length || d.length != c.length
                || d[0].length != b[0].length)
            throw new ShapeException("LinearSystem: expected A [N, N], B [N, I], C [O, N] and D [O, I] but got "
                    + shape(a) + ", " + shape(b) + ", " + shape(c) + " and " + shape(d));
    }

    /** A system with one input and one output. */
    public static LinearSystem of(double[][] a, double[] b, double[] c, double d) {
        double[][] column = new double[b.length][1];
        for (int i = 0; i < b.length; i++) column[i][0] = b[i];
        return new LinearSystem(a, column, new double[][] {c}, new double[][] {{d}});
    }

    /** The number of states. */
    public int order() { return a.length; }

    public int inputs() { return b[0].length; }

    public int outputs() { return c.length; }

    // what is handed out is a copy

    @Override public double[][] a() { return copy("A", a); }

    @Override public double[][] b() { return copy("B", b); }

    @Override public double[][] c() { return copy("C", c); }

    @Override public double[][] d() { return copy("D", d); }

    /** The eigenvalues of A, by falling real part: the system is stable where all of them are below 0. */
    public Complex[] poles() {
        Complex[] poles = eigenvalues(a);
        Arrays.sort(poles, (x, y) -> Double.compare(y.re(), x.re()));
        return poles;
    }

    /**
     * The same system in steps; its input of step k is what the state of step k already knows.
     *
     * @throws IllegalArgumentException where an implicit rule meets a pole at which it divides by zero
     */
    public DiscreteSystem discretize(Discretization how) {
        int N = order(), I = inputs();
        RealMatrix A = MatrixUtils.createRealMatrix(a).scalarMultiply(how.step()),
                B = MatrixUtils.createRealMatrix(b).scalarMultiply(how.step());
        RealMatrix one = MatrixUtils.createRealIdentityMatrix(N), nextA, nextB;
        switch (how.rule()) {
            case ZERO_ORDER_HOLD -> {
                // exp of (A B; 0 0) is (Ā B̄; 0 I), also for a singular A
                RealMatrix both = MatrixUtils.createRealMatrix(N + I, N + I);
                both.setSubMatrix(A.getData(), 0, 0);
                both.setSubMatrix(B.getData(), 0, N);
                RealMatrix e = MatrixExponential.of(both);
                nextA = e.getSubMatrix(0, N - 1, 0, N - 1);
                nextB = e.getSubMatrix(0, N - 1, N, N + I - 1);
            }
            case BILINEAR -> {
                RealMatrix left = one.subtract(A.scalarMultiply(.5));
                nextA = solve(left, one.add(A.scalarMultiply(.5)), how);
                nextB = solve(left, B, how);
            }
            case EULER -> {
                nextA = one.add(A);
                nextB = B;
            }
            default -> {
                nextA = solve(one.subtract(A), one, how);
                nextB = solve(one.subtract(A), B, how);
            }
        }
        return new DiscreteSystem(new LinearSystem(nextA.getData(), nextB.getData(), c, d), how.step());
    }

    private static RealMatrix solve(RealMatrix left, RealMatrix right, Discretization how) {
        try {
            return Interrupts.apart("LinearSystem", Math.pow(left.getRowDimension(), 3),
                    () -> new LUDecomposition(left).getSolver().solve(right));
        } catch (SingularMatrixException e) {
            throw new IllegalArgumentException(
                    Message.of("LinearSystem: the " + how.rule() + " rule divides by zero at a step of " + how.step()
                            + ", which meets a pole of this unstable system; choose another step"),
                    e);
        }
    }

    static Complex[] eigenvalues(double[][] matrix) {
        EigenDecomposition eigen = Interrupts.apart("eigenvalues", 25 * Math.pow(matrix.length, 3),
                () -> new EigenDecomposition(MatrixUtils.createRealMatrix(matrix)));
        double[] re = eigen.getRealEigenvalues(), im = eigen.getImagEigenvalues();
        Complex[] values = new Complex[re.length];
        for (int i = 0; i < values.length; i++) values[i] = new Complex(re[i], im[i]);
        return values;
    }

    /** A copy of a matrix without holes and infinities. */
    private static double[][] copy(String name, double[][] rows) {
        if (rows.length == 0 || rows[0].length == 0) throw new ShapeException("LinearSystem: " + name + " is empty");
        double[][] own = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            own[i] = rows[i].clone();
            if (own[i].length != own[0].length)
                throw new ShapeException(
                        "LinearSystem: row " + i + " of " + name + " has " + own[i].length + " numbers but row 0 has "
                                + own[0].length);
            for (double v : own[i])
                if (!Double.isFinite(v))
                    throw new IllegalArgumentException(
                            Message.of("LinearSystem: row " + i + " of " + name + " holds " + v));
        }
        return own;
    }

    private static String shape(double[][] m) { return "[" + m.length + ", " + m[0].length + "]"; }

    @Override public boolean equals(Object other) {
        return other instanceof LinearSystem s && Arrays.deepEquals(a, s.a) && Arrays.deepEquals(b, s.b)
                && Arrays.deepEquals(c, s.c) && Arrays.deepEquals(d, s.d);
    }

    @Override public int hashCode() { return Arrays.deepHashCode(new Object[] {a, b, c, d}); }

    @Override public String toString() {
        return "LinearSystem(states=" + order() + ", inputs=" + inputs() + ", outputs=" + outputs() + ")";
    }
}
