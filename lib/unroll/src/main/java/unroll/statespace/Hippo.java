package unroll.statespace;

import java.util.Arrays;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;

import unroll.tensor.Interrupts;

/**
 * HiPPO-LegS: the linear system whose N states are the coefficients of the past in Legendre polynomials (Gu et al.
 * 2020), all of it evenly, scaled to its length, as c' = (A c + B f) / t. {@link HippoMemory} steps it; read as a
 * system that does not change over time, c' = A c + B f, it starts S4 and has an exponential measure.
 *
 * <pre>{@code
 * double[][] a = Hippo.legS(16).a();
 * double[] frequencies = Hippo.legS(16).normalPlusLowRank().frequencies();
 * }</pre>
 *
 * @param size N
 */
public record Hippo(int size) {
    public Hippo {
        if (size < 1) throw new IllegalArgumentException("Hippo: expected at least 1 state but got " + size);
    }

    public static Hippo legS(int size) { return new Hippo(size); }

    /** A_nk = -√(2n+1) √(2k+1) below the diagonal, -(n+1) on it, 0 above it: {@code [N, N]}. */
    public double[][] a() {
        double[][] a = new double[size][size];
        double[] b = b();
        for (int n = 0; n < size; n++) for (int k = 0; k <= n; k++) a[n][k] = n == k ? -(n + 1) : -b[n] * b[k];
        return a;
    }

    /** B_n = √(2n+1). */
    public double[] b() {
        double[] b = new double[size];
        for (int n = 0; n < size; n++) b[n] = Math.sqrt(2 * n + 1);
        return b;
    }

    /**
     * A = normal - p pᵀ, what makes S4 fast: normal is -I/2 plus a skew-symmetric matrix, so it has orthogonal
     * eigenvectors and the eigenvalues -1/2 ± i ω.
     *
     * @param normal      {@code [N, N]}
     * @param p           {@code [N]}: √(n + 1/2)
     * @param frequencies ω, rising, of all N eigenvalues; those above 0 start S4D-LegS
     */
    public record NormalPlusLowRank(double[][] normal, double[] p, double[] frequencies) {
    }

    /** The decomposition of A. */
    public NormalPlusLowRank normalPlusLowRank() {
        int N = size;
        double[][] normal = a();
        double[] p = new double[N];
        for (int n = 0; n < N; n++) p[n] = Math.sqrt(n + .5);
        for (int n = 0; n < N; n++) for (int k = 0; k < N; k++) normal[n][k] += p[n] * p[k];
        // -i times the skew part S, as real matrix (0 S; -S 0): each eigenvalue twice
        double[][] hermitian = new double[2 * N][2 * N];
        for (int n = 0; n < N; n++)
            for (int k = 0; k < N; k++) {
                double s = n == k ? 0 : normal[n][k];
                hermitian[n][N + k] = s;
                hermitian[N + k][n] = s;
            }
        double[] twice = Interrupts.apart(toString(), 25 * Math.pow(2 * N, 3),
                () -> new EigenDecomposition(MatrixUtils.createRealMatrix(hermitian)).getRealEigenvalues()),
                frequencies = new double[N];
        Arrays.sort(twice);
        for (int n = 0; n < N; n++) frequencies[n] = twice[2 * n];
        return new NormalPlusLowRank(normal, p, frequencies);
    }

    @Override public String toString() { return "Hippo(LegS, size=" + size + ")"; }
}
