package unroll.statespace;

import java.util.Arrays;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

/**
 * HiPPO: linear systems whose N states are the coefficients of the past in orthogonal polynomials (Gu et al. 2020), as
 * c' = A c + B f.
 *
 * <pre>{@code
 * Hippo window = Hippo.legT(16, 2.0);                              // the last 2 seconds
 * DiscreteSystem memory = window.system().discretize(Discretization.bilinear(0.01));
 * }</pre>
 *
 * @param kind which measure of the past
 * @param a    {@code [N, N]}
 * @param b    {@code [N]}
 */
public record Hippo(Kind kind, double[][] a, double[] b) {
    /** How the past is weighted. */
    public enum Kind {
        /** All of it evenly, scaled to its length; A and B are divided by t: see {@link HippoMemory}. */
        LEGS,
        /** A window of fixed length evenly. */
        LEGT,
        /** exp(-age). */
        LAGT
    }

    public Hippo {
        a = LinearSystem.copy("A", a);
        b = b.clone();
    }

    /**
     * Legendre polynomials over all of the past: A_nk = -√(2n+1) √(2k+1) below the diagonal, -(n+1) on it, B_n =
     * √(2n+1).
     */
    public static Hippo legS(int size) {
        double[][] a = square(size);
        double[] b = roots(size);
        for (int n = 0; n < size; n++) for (int k = 0; k <= n; k++) a[n][k] = n == k ? -(n + 1) : -b[n] * b[k];
        return new Hippo(Kind.LEGS, a, b);
    }

    /**
     * Normalized Legendre polynomials over the last {@code window} units of time: A_nk = -√(2n+1) √(2k+1) / window,
     * times (-1)^(n-k) above the diagonal.
     */
    public static Hippo legT(int size, double window) {
        if (!(window > 0)) throw new IllegalArgumentException("Hippo: expected a window above 0 but got " + window);
        double[][] a = square(size);
        double[] root = roots(size), b = new double[size];
        for (int n = 0; n < size; n++) {
            b[n] = root[n] / window;
            for (int k = 0; k < size; k++) a[n][k] = -root[n] * root[k] / window * (k > n && (k - n) % 2 == 1 ? -1 : 1);
        }
        return new Hippo(Kind.LEGT, a, b);
    }

    /** Laguerre polynomials over a past that fades as exp(-age): A_nk = -1 on and below the diagonal, B_n = 1. */
    public static Hippo lagT(int size) {
        double[][] a = square(size);
        double[] b = new double[size];
        Arrays.fill(b, 1);
        for (int n = 0; n < size; n++) for (int k = 0; k <= n; k++) a[n][k] = -1;
        return new Hippo(Kind.LAGT, a, b);
    }

    private static double[][] square(int size) {
        if (size < 1) throw new IllegalArgumentException("Hippo: expected at least 1 state but got " + size);
        return new double[size][size];
    }

    /** √(2n+1). */
    static double[] roots(int size) {
        double[] r = new double[size];
        for (int n = 0; n < size; n++) r[n] = Math.sqrt(2 * n + 1);
        return r;
    }

    public int size() { return b.length; }

    /** A copy. */
    @Override public double[][] a() { return LinearSystem.copy("A", a); }

    /** A copy. */
    @Override public double[] b() { return b.clone(); }

    /**
     * The system whose outputs are its states. (LegS read as a system that does not change over time, as S4 does, has
     * an exponential measure.)
     */
    public LinearSystem system() {
        double[][] input = new double[size()][1], d = new double[size()][1];
        for (int n = 0; n < size(); n++) input[n][0] = b[n];
        return new LinearSystem(a, input, MatrixUtils.createRealIdentityMatrix(size()).getData(), d);
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

    /** The decomposition of LegS. */
    public NormalPlusLowRank normalPlusLowRank() {
        if (kind != Kind.LEGS)
            throw new IllegalStateException(Message.of(this + ": this decomposition is that of LegS"));
        int N = size();
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

    @Override public boolean equals(Object other) {
        return other instanceof Hippo h && kind == h.kind && Arrays.deepEquals(a, h.a) && Arrays.equals(b, h.b);
    }

    @Override public int hashCode() { return Arrays.deepHashCode(a); }

    @Override public String toString() { return "Hippo(" + kind + ", size=" + size() + ")"; }
}
