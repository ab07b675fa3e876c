package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.ShapeException;

/**
 * The kernel of a linear system: what one impulse leaves, step after step.
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
        return DiscreteSystem.column(convolve(DiscreteSystem.rows(u)));
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
            if (u[k].length != d[0].length)
                throw new ShapeException(
                        this + ": expected " + d[0].length + " inputs but step " + k + " has " + u[k].length);
            for (int j = 0; j <= k; j++) DiscreteSystem.addProduct(values[k - j], u[j], y[k]);
            DiscreteSystem.addProduct(d, u[k], y[k]);
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
