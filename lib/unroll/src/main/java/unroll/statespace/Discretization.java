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

    /** Ā and B̄ from A, B and Δ. */
    public enum Rule {
        /** The input stands still during a step: Ā = exp(Δ A), B̄ = ∫ exp(s A) ds B. Exact for such inputs. */
        ZERO_ORDER_HOLD("zero-order hold"),
        /**
         * The trapezoidal rule: Ā = (I - Δ/2 A)⁻¹ (I + Δ/2 A), B̄ = (I - Δ/2 A)⁻¹ Δ B. Stable where A is. C and D stay
         * as they are, as in S4.
         */
        BILINEAR("bilinear"),
        /** Forward differences: Ā = I + Δ A, B̄ = Δ B. Unstable where Δ is too wide. */
        EULER("Euler"),
        /** Backward differences: Ā = (I - Δ A)⁻¹, B̄ = (I - Δ A)⁻¹ Δ B. */
        BACKWARD_EULER("backward Euler");

        private static final Complex ONE = new Complex(1, 0);

        private final String text;

        Rule(String text) { this.text = text; }

        /** Ā for one eigenvalue a. */
        Complex state(Complex a, double step) {
            Complex z = a.times(step);
            return switch (this) {
                case ZERO_ORDER_HOLD -> z.exp();
                case BILINEAR -> ONE.plus(z.times(.5)).over(ONE.minus(z.times(.5)));
                case EULER -> ONE.plus(z);
                case BACKWARD_EULER -> ONE.over(ONE.minus(z));
            };
        }

        /** B̄ for one eigenvalue a and B = 1. */
        Complex input(Complex a, double step) {
            Complex z = a.times(step), h = new Complex(step, 0);
            return switch (this) {
                case ZERO_ORDER_HOLD -> h.times(growth(z));
                case BILINEAR -> h.over(ONE.minus(z.times(.5)));
                case EULER -> h;
                case BACKWARD_EULER -> h.over(ONE.minus(z));
            };
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
