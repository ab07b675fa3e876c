package unroll.statespace;

/**
 * A rule and a width of step.
 *
 * <pre>{@code
 * DiscreteSystem steps = system.discretize(Discretization.zeroOrderHold(0.05));
 * }</pre>
 *
 * @param step Δ, above 0, in the unit of time of the system
 */
public record Discretization(DiscretizationRule rule, double step) {
    public Discretization {
        if (!(step > 0) || Double.isInfinite(step))
            throw new IllegalArgumentException("Discretization: expected a step above 0 but got " + step);
    }

    public static Discretization zeroOrderHold(double step) {
        return new Discretization(DiscretizationRule.ZERO_ORDER_HOLD, step);
    }

    public static Discretization bilinear(double step) { return new Discretization(DiscretizationRule.BILINEAR, step); }

    public static Discretization euler(double step) { return new Discretization(DiscretizationRule.EULER, step); }

    public static Discretization backwardEuler(double step) {
        return new Discretization(DiscretizationRule.BACKWARD_EULER, step);
    }
}
