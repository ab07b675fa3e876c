package unroll.statespace;

import unroll.tensor.LinearAlgebra.Complex;

/**
 * How a system in continuous time becomes one in steps: a rule and a width of step.
 *
 * <pre>{@code
 * DiscreteSystem steps = system.discretize(Discretization.zeroOrderHold(0.05));
 * }</pre>
 *
 * @param step Δ, above 0, in the unit of time of the system
 */
public record Discretization(Rule rule, double step) {
    public Discretization {
        if (!(step > 0) || Double.isInfinite(step))
            throw new IllegalArgumentException("Discretization: expected a step above 0 but got " + step);
    }

    public static Discretization zeroOrderHold(double step) { return new Discretization(Rule.ZERO_ORDER_HOLD, step); }

    public static Discretization bilinear(double step) { return new Discretization(Rule.BILINEAR, step); }

    public static Discretization euler(double step) { return new Discretization(Rule.EULER, step); }

    public static Discretization backwardEuler(double step) { return new Discretization(Rule.BACKWARD_EULER, step); }

    /**
     * Ā and B̄ from A, B and Δ. All but zero-order hold take the slope of a step in part from its end: Ā = (I - θ Δ
     * A)⁻¹ (I + (1 - θ) Δ A), B̄ = (I - θ Δ A)⁻¹ Δ B; C and D stay as they are, as in S4.
     */
    public enum Rule {
        /** The input stands still during a step: Ā = exp(Δ A), B̄ = ∫ exp(s A) ds B. Exact for such inputs. */
        ZERO_ORDER_HOLD("zero-order hold", Double.NaN),
        /** The trapezoidal rule, θ = 1/2. Stable where A is. */
        BILINEAR("bilinear", .5),
        /** Forward differences, θ = 0: Ā = I + Δ A, B̄ = Δ B. Unstable where Δ is too wide. */
        EULER("Euler", 0),
        /** Backward differences, θ = 1: Ā = (I - Δ A)⁻¹, B̄ = (I - Δ A)⁻¹ Δ B. */
        BACKWARD_EULER("backward Euler", 1);

        private static final Complex ONE = new Complex(1, 0);

        /** θ. */
        final double part;
        private final String text;

        Rule(String text, double part) {
            this.text = text;
            this.part = part;
        }

        /** Ā for one eigenvalue a. */
        Complex state(Complex a, double step) {
            Complex z = a.times(step);
            return this == ZERO_ORDER_HOLD ? z.exp() : ONE.plus(z.times(1 - part)).over(ONE.minus(z.times(part)));
        }

        /** B̄ for one eigenvalue a and B = 1. */
        Complex input(Complex a, double step) {
            Complex z = a.times(step), h = new Complex(step, 0);
            return this == ZERO_ORDER_HOLD ? h.times(growth(z)) : h.over(ONE.minus(z.times(part)));
        }

        /** (exp(z) - 1) / z, 1 at 0. */
        private static Complex growth(Complex z) {
            if (z.abs() > 1e-2) return z.exp().minus(ONE).over(z);
            Complex sum = ONE;
            for (int k = 7; k >= 2; k--) sum = ONE.plus(z.times(1. / k).times(sum));
            return sum;
        }

        @Override public String toString() { return text; }
    }
}
