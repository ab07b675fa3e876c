package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.ShapeException;

/**
 * A linear system whose A is diagonal and complex, in double precision; each state stands for itself and its conjugate,
 * so that the output is real (Gu et al. 2022).
 *
 * <pre>{@code
 * x_n' = a_n x_n + b_n u            y = 2 Re(sum over n of c_n x_n) + d u
 *
 * double[] k = new DiagonalSystem(a, b, c, 0).discretize(Discretization.bilinear(0.1)).kernel(64);
 * }</pre>
 *
 * @param a the poles with positive imaginary part, {@code [N]}
 * @param b {@code [N]}
 * @param c {@code [N]}
 */
public record DiagonalSystem(Complex[] a, Complex[] b, Complex[] c, double d) {
    public DiagonalSystem {
        if (a.length == 0 || b.length != a.length || c.length != a.length)
            throw new ShapeException(
                    "DiagonalSystem: expected as many a, b and c, at least one, but got " + a.length + ", " + b.length
                            + " and " + c.length);
        a = a.clone();
        b = b.clone();
        c = c.clone();
    }

    /** The same in steps x_k = ā x_{k-1} + b̄ u_k. */
    public Discrete discretize(Discretization how) {
        Complex[] nextA = new Complex[a.length], nextB = new Complex[a.length];
        for (int n = 0; n < a.length; n++) {
            nextA[n] = how.rule().state(a[n], how.step());
            nextB[n] = how.rule().input(a[n], how.step()).times(b[n]);
        }
        return new Discrete(nextA, nextB, c, d);
    }

    /** A diagonal system in steps. */
    public record Discrete(Complex[] a, Complex[] b, Complex[] c, double d) {
        /** What came out, and the state after the last step. */
        public record Simulation(double[] outputs, Complex[] last) {
        }

        /** Step by step from the state zero. */
        public double[] simulate(double[] u) {
            Complex[] zero = new Complex[a.length];
            Arrays.fill(zero, new Complex(0, 0));
            return simulate(u, zero).outputs;
        }

        /** Step by step from the state x0. */
        public Simulation simulate(double[] u, Complex[] x0) {
            if (x0.length != a.length)
                throw new ShapeException(this + ": expected a state of " + a.length + " numbers but got " + x0.length);
            Complex[] x = x0.clone();
            double[] y = new double[u.length];
            for (int k = 0; k < u.length; k++) {
                Interrupts.check("DiagonalSystem", "step", k, u.length);
                for (int n = 0; n < x.length; n++) {
                    x[n] = a[n].times(x[n]).plus(b[n].times(u[k]));
                    y[k] += 2 * c[n].times(x[n]).re();
                }
                y[k] += d * u[k];
            }
            return new Simulation(y, x);
        }

        /**
         * The sum over n of c_n ā_n^l b̄_n, whose real part the kernel is twice; also of an unstable system, whose sums
         * grow.
         */
        public Complex[] complexKernel(int length) {
            Complex[] k = new Complex[length], x = b.clone();
            for (int l = 0; l < length; l++) {
                Interrupts.check("DiagonalSystem", "step", l, length);
                k[l] = new Complex(0, 0);
                for (int n = 0; n < x.length; n++) {
                    k[l] = k[l].plus(c[n].times(x[n]));
                    x[n] = x[n].times(a[n]);
                }
            }
            return k;
        }

        /**
         * What one impulse leaves, without d: y = kernel * u + d u.
         *
         * @throws IllegalArgumentException when the system is unstable: its kernel would grow without bound
         */
        public double[] kernel(int length) {
            for (Complex pole : a) DiscreteSystem.requireStable(this, pole);
            return Arrays.stream(complexKernel(length)).mapToDouble(z -> 2 * z.re()).toArray();
        }

        @Override public String toString() {
            return "DiagonalSystem.Discrete(states=" + a.length + " and their conjugates)";
        }
    }

    @Override public String toString() { return "DiagonalSystem(states=" + a.length + " and their conjugates)"; }
}
