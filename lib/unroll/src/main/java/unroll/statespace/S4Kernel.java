package unroll.statespace;

import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import unroll.tensor.Interrupts;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.ShapeException;

/**
 * The kernel of S4 (Gu, Goel and Ré 2022) for LegS under the bilinear rule, by its generating function: K̂(z) = C̃ (I -
 * Ā z)⁻¹ B̄ at the L roots of unity, then one inverse Fourier transform. Since A = normal - p pᵀ, each inverse is that
 * of the normal part and one correction of rank one:
 *
 * <pre>{@code
 * K̂(z) = 2 / (1 + z) [k_CB - k_Cp k_pB / (1 + k_pp)],   k_ab = a (g I - normal)⁻¹ b,   g = 2/Δ (1 - z) / (1 + z),   C̃ = C (I - Ā^L)
 * }</pre>
 *
 * For reading and comparing: this one solves with the N×N normal part at each root instead of summing over its
 * eigenvalues.
 */
public final class S4Kernel {
    private S4Kernel() {
    }

    /**
     * C Ā^l B̄ for l = 0 .. length - 1.
     *
     * @param c {@code [N]}, in the basis of LegS
     */
    public static double[] generate(Hippo legS, double[] c, double step, int length) {
        int N = legS.size();
        if (c.length != N) throw new ShapeException("S4Kernel: expected C of " + N + " numbers but got " + c.length);
        if (length < 1) throw new IllegalArgumentException("S4Kernel: expected at least 1 step but got " + length);
        var parts = legS.normalPlusLowRank();
        DiscreteSystem steps = LinearSystem.of(legS.a(), legS.b(), c, 0).discretize(Discretization.bilinear(step));
        RealMatrix one = MatrixUtils.createRealIdentityMatrix(N);
        double[] truncated = Interrupts.apart("S4Kernel", 60 * Math.pow(N, 3),
                () -> one.subtract(MatrixUtils.createRealMatrix(steps.a()).power(length)).preMultiply(c));
        Complex[] values = new Complex[length];
        for (int k = 0; k < length; k++) {
            Interrupts.check("S4Kernel", "frequency", k, length);
            double angle = -2 * Math.PI * k / length;
            Complex z = new Complex(Math.cos(angle), Math.sin(angle));
            Complex up = new Complex(1 - z.re(), -z.im()).times(2 / step), down = new Complex(1 + z.re(), z.im());
            // times (1 + z) throughout, so that z = -1, where g is infinite, is an ordinary point
            Complex[] b = solve(parts.normal(), up, down, legS.b()), p = solve(parts.normal(), up, down, parts.p());
            Complex kcb = dot(truncated, b), kcp = dot(truncated, p), kpb = dot(parts.p(), b), kpp = dot(parts.p(), p);
            values[k] = kcb.minus(kcp.times(down).times(kpb).over(new Complex(1, 0).plus(down.times(kpp)))).times(2);
        }
        Complex[] kernel = Fourier.inverse(values);
        double[] real = new double[length];
        for (int l = 0; l < length; l++) real[l] = kernel[l].re();
        return real;
    }

    /** (up I - down M)⁻¹ v, as a real system of twice the size. */
    private static Complex[] solve(double[][] m, Complex up, Complex down, double[] v) {
        int N = v.length;
        double[][] both = new double[2 * N][2 * N];
        double[] right = new double[2 * N];
        for (int n = 0; n < N; n++) {
            for (int k = 0; k < N; k++) {
                double re = (n == k ? up.re() : 0) - down.re() * m[n][k],
                        im = (n == k ? up.im() : 0) - down.im() * m[n][k];
                both[n][k] = both[N + n][N + k] = re;
                both[n][N + k] = -im;
                both[N + n][k] = im;
            }
            right[n] = v[n];
        }
        double[] x = Interrupts.apart("S4Kernel", Math.pow(2 * N, 3),
                () -> new LUDecomposition(MatrixUtils.createRealMatrix(both)).getSolver()
                        .solve(MatrixUtils.createRealVector(right)).toArray());
        Complex[] z = new Complex[N];
        for (int n = 0; n < N; n++) z[n] = new Complex(x[n], x[N + n]);
        return z;
    }

    private static Complex dot(double[] a, Complex[] b) {
        Complex sum = new Complex(0, 0);
        for (int n = 0; n < a.length; n++) sum = sum.plus(b[n].times(a[n]));
        return sum;
    }
}
