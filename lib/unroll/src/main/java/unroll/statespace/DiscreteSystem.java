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
 * @param matrices Ā {@code [N, N]}, B̄ {@code [N, I]}, C {@code [O, N]} and D {@code [O, I]}
 * @param step     the width of a step in the unit of time of the system it came from
 */
public record DiscreteSystem(LinearSystem matrices, double step) {
    private static final double ROUNDING = 1e-6;

    public DiscreteSystem {
        if (!(step > 0)) throw new IllegalArgumentException("DiscreteSystem: expected a step above 0 but got " + step);
    }

    /** What came out, {@code [L, O]}, and the state after the last step, {@code [N]}. */
    public record Simulation(double[][] outputs, double[] last) {
    }

    public int order() { return matrices.order(); }

    public int inputs() { return matrices.inputs(); }

    public int outputs() { return matrices.outputs(); }

    /** Ā. */
    public double[][] a() { return matrices.a(); }

    /** B̄. */
    public double[][] b() { return matrices.b(); }

    public double[][] c() { return matrices.c(); }

    public double[][] d() { return matrices.d(); }

    /** The eigenvalues of Ā, by falling absolute value: what they do not damp stays. */
    public Complex[] poles() {
        Complex[] poles = LinearSystem.eigenvalues(a());
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
        double[][] y = new double[u.length][outputs()], a = a(), b = b(), c = c(), d = d();
        for (int k = 0; k < u.length; k++) {
            Interrupts.check("DiscreteSystem", "step", k, u.length);
            requireInputs(this, d, u[k], k);
            double[] next = new double[order()];
            addProduct(a, x, next);
            addProduct(b, u[k], next);
            x = next;
            addProduct(c, x, y[k]);
            addProduct(d, u[k], y[k]);
        }
        return new Simulation(y, x);
    }

    private static void requireInputs(Object reader, double[][] d, double[] u, int k) {
        if (u.length != d[0].length)
            throw new ShapeException(
                    reader + ": expected " + d[0].length + " inputs but step " + k + " has " + u.length);
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
        Complex pole = poles()[0];
        if (pole.abs() > 1 + ROUNDING)
            throw new IllegalArgumentException(
                    Message.of(this + ": its kernel grows without bound, since the eigenvalue "
                            + pole + " of the discrete A has the absolute value " + pole.abs()
                            + ", above 1; choose a stable A (eigenvalues with a real part below 0)"
                            + " or, for the Euler rule, a smaller step"));
        double[][][] k = new double[length][outputs()][inputs()];
        double[][] x = b(), a = a(), c = c();
        for (int l = 0; l < length; l++) {
            Interrupts.check("DiscreteSystem", "step", l, length);
            addProduct(c, x, k[l]);
            double[][] next = new double[order()][inputs()];
            addProduct(a, x, next);
            x = next;
        }
        return new Kernel(k, d());
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

    private static double[][] rows(double[] u) {
        double[][] rows = new double[u.length][1];
        for (int k = 0; k < u.length; k++) rows[k][0] = u[k];
        return rows;
    }

    private static double[] column(double[][] y) { return Arrays.stream(y).mapToDouble(row -> row[0]).toArray(); }

    /** y += m x. */
    private static void addProduct(double[][] m, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) for (int j = 0; j < x.length; j++) y[i] += m[i][j] * x[j];
    }

    private static void addProduct(double[][] m, double[][] x, double[][] y) {
        for (int i = 0; i < y.length; i++)
            for (int k = 0; k < x.length; k++) for (int j = 0; j < x[k].length; j++) y[i][j] += m[i][k] * x[k][j];
    }

    @Override public String toString() {
        return "DiscreteSystem(states=" + order() + ", inputs=" + inputs() + ", outputs=" + outputs() + ", step=" + step
                + ")";
    }

    /**
     * What one impulse leaves, step after step.
     *
     * @param values {@code [L, O, I]}: C Ā^l B̄
     * @param d      {@code [O, I]}: what passes by the state
     */
    public record Kernel(double[][][] values, double[][] d) {
        public int length() { return values.length; }

        /** y_k = sum over l of K_l u_{k-l} + D u_k, for one input and one output: the same as simulating. */
        public double[] convolve(double[] u) {
            if (values[0].length != 1 || values[0][0].length != 1)
                throw new ShapeException(this + ": convolving one sequence needs one input and one output");
            return column(convolve(rows(u)));
        }

        /**
         * The same for several inputs and outputs, straight from the definition: {@code [L, I]} to {@code [L, O]}.
         *
         * @throws ShapeException when u is longer than the kernel, which would cut its past
         */
        public double[][] convolve(double[][] u) {
            if (u.length > length())
                throw new ShapeException(this + ": an input of " + u.length
                        + " steps needs a kernel of as many; ask for kernel(" + u.length + ")");
            double[][] y = new double[u.length][d.length];
            for (int k = 0; k < u.length; k++) {
                Interrupts.check("Kernel", "step", k, u.length);
                requireInputs(this, d, u[k], k);
                for (int j = 0; j <= k; j++) addProduct(values[k - j], u[j], y[k]);
                addProduct(d, u[k], y[k]);
            }
            return y;
        }

        @Override public boolean equals(Object other) {
            return other instanceof Kernel k && Arrays.deepEquals(values, k.values) && Arrays.deepEquals(d, k.d);
        }

        @Override public int hashCode() { return 31 * Arrays.deepHashCode(values) + Arrays.deepHashCode(d); }

        @Override public String toString() {
            return "Kernel(length=" + length() + ", outputs=" + d.length + ", inputs=" + d[0].length + ")";
        }
    }
}
