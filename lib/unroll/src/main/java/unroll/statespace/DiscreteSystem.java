package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;

/**
 * A linear system in steps, in double precision.
 *
 * <pre>{@code
 * x_k = Ā x_{k-1} + B̄ u_k
 * y_k = C x_k + D u_k                                              // recurrent mode
 * y   = K * u,  K_l = C Ā^l B̄ (+ D at l = 0)                       // convolution mode: the same function
 *
 * double[] stepped = system.simulate(u), convolved = system.kernel(u.length).convolve(u);
 * }</pre>
 *
 * @param a    Ā {@code [N, N]}
 * @param b    B̄ {@code [N, I]}
 * @param c    {@code [O, N]}
 * @param d    {@code [O, I]}
 * @param step the width of a step in the unit of time of the system it came from
 */
public record DiscreteSystem(double[][] a, double[][] b, double[][] c, double[][] d, double step) {
    private static final double ROUNDING = 1e-6;

    public DiscreteSystem {
        LinearSystem checked = new LinearSystem(a, b, c, d);
        a = checked.a();
        b = checked.b();
        c = checked.c();
        d = checked.d();
        if (!(step > 0)) throw new IllegalArgumentException("DiscreteSystem: expected a step above 0 but got " + step);
    }

    /** What came out, {@code [L, O]}, and the state after the last step, {@code [N]}. */
    public record Simulation(double[][] outputs, double[] last) {
    }

    public int order() { return a.length; }

    public int inputs() { return b[0].length; }

    public int outputs() { return c.length; }

    /** A copy. */
    @Override public double[][] a() { return LinearSystem.copy("A", a); }

    /** A copy. */
    @Override public double[][] b() { return LinearSystem.copy("B", b); }

    /** A copy. */
    @Override public double[][] c() { return LinearSystem.copy("C", c); }

    /** A copy. */
    @Override public double[][] d() { return LinearSystem.copy("D", d); }

    /** The eigenvalues of Ā, by falling absolute value: what they do not damp stays. */
    public Complex[] poles() {
        Complex[] poles = LinearSystem.eigenvalues(a);
        Arrays.sort(poles, (x, y) -> Double.compare(y.abs(), x.abs()));
        return poles;
    }

    /** Step by step from the state zero, for one input and one output. */
    public double[] simulate(double[] u) {
        requireSingle("simulate");
        return column(simulate(rows(u), new double[order()]).outputs);
    }

    /**
     * Step by step.
     *
     * @param u  {@code [L, I]}
     * @param x0 the state before the first step, {@code [N]}
     */
    public Simulation simulate(double[][] u, double[] x0) {
        if (x0.length != order())
            throw new ShapeException(this + ": expected a state of " + order() + " numbers but got " + x0.length);
        double[] x = x0.clone();
        double[][] y = new double[u.length][outputs()];
        for (int k = 0; k < u.length; k++) {
            Interrupts.check("DiscreteSystem", "step", k, u.length);
            if (u[k].length != inputs())
                throw new ShapeException(
                        this + ": expected " + inputs() + " inputs but step " + k + " has " + u[k].length);
            double[] next = new double[order()];
            addProduct(a, x, next);
            addProduct(b, u[k], next);
            x = next;
            addProduct(c, x, y[k]);
            addProduct(d, u[k], y[k]);
        }
        return new Simulation(y, x);
    }

    /**
     * K_l = C Ā^l B̄ for l = 0 .. length - 1.
     *
     * @throws IllegalArgumentException when the system is unstable: its kernel would grow without bound
     */
    public Kernel kernel(int length) {
        if (length < 1)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a kernel of at least 1 step but got " + length));
        requireStable(this, poles()[0]);
        double[][][] k = new double[length][outputs()][inputs()];
        double[][] x = b();
        for (int l = 0; l < length; l++) {
            Interrupts.check("DiscreteSystem", "step", l, length);
            addProduct(c, x, k[l]);
            double[][] next = new double[order()][inputs()];
            addProduct(a, x, next);
            x = next;
        }
        return new Kernel(k, d());
    }

    static void requireStable(Object system, Complex pole) {
        if (pole.abs() > 1 + ROUNDING)
            throw new IllegalArgumentException(Message.of(
                    system + ": its kernel grows without bound, since the eigenvalue " + pole
                            + " of the discrete A has the"
                            + " absolute value " + pole.abs()
                            + ", above 1; choose a stable A (eigenvalues with a real part below 0)"
                            + " or, for the Euler rule, a smaller step"));
    }

    /** The output for a 1 at step 0 and zeros after it, for one input and one output. */
    public double[] impulseResponse(int length) {
        double[] u = new double[length];
        if (length > 0) u[0] = 1;
        return simulate(u);
    }

    /** The output for ones from step 0 on, for one input and one output. */
    public double[] stepResponse(int length) {
        double[] u = new double[length];
        Arrays.fill(u, 1);
        return simulate(u);
    }

    private void requireSingle(String what) {
        if (inputs() != 1 || outputs() != 1)
            throw new ShapeException(this + ": " + what + " of one sequence needs one input and one output");
    }

    static double[][] rows(double[] u) {
        double[][] rows = new double[u.length][1];
        for (int k = 0; k < u.length; k++) rows[k][0] = u[k];
        return rows;
    }

    static double[] column(double[][] y) {
        double[] column = new double[y.length];
        for (int k = 0; k < y.length; k++) column[k] = y[k][0];
        return column;
    }

    /** y += m x. */
    static void addProduct(double[][] m, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) for (int j = 0; j < x.length; j++) y[i] += m[i][j] * x[j];
    }

    private static void addProduct(double[][] m, double[][] x, double[][] y) {
        for (int i = 0; i < y.length; i++)
            for (int k = 0; k < x.length; k++) for (int j = 0; j < x[k].length; j++) y[i][j] += m[i][k] * x[k][j];
    }

    @Override public boolean equals(Object other) {
        return other instanceof DiscreteSystem s && step == s.step
                && new LinearSystem(a, b, c, d).equals(new LinearSystem(s.a, s.b, s.c, s.d));
    }

    @Override public int hashCode() { return 31 * Double.hashCode(step) + new LinearSystem(a, b, c, d).hashCode(); }

    @Override public String toString() {
        return "DiscreteSystem(states=" + order() + ", inputs=" + inputs() + ", outputs=" + outputs() + ", step=" + step
                + ")";
    }
}
