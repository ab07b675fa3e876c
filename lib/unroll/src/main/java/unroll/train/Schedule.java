package unroll.train;

/**
 * The learning rate over a run, as a factor of the optimizer's own rate.
 *
 * <pre>{@code
 * Trainer.of(…).schedule(Schedule.cosine().warmup(100))
 * }</pre>
 */
@FunctionalInterface
public interface Schedule {
    /** The factor of step number {@code step} = 1, 2, … of {@code steps}. */
    double factor(int step, int steps);

    static Schedule constant() { return (step, steps) -> 1; }

    /** From 1 down to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts). */
    static Schedule cosine() {
        return (step, steps) -> 0.5 * (1 + Math.cos(Math.PI * (step - 1) / steps));
    }

    /** From 1 down to 0 along a line. */
    static Schedule linear() { return (step, steps) -> 1 - (step - 1.0) / steps; }

    /** Times {@code factor} after every {@code every} steps. */
    static Schedule decay(int every, double factor) {
        if (every < 1 || !(factor > 0))
            throw new IllegalArgumentException(
                    "Schedule: expected at least one step and a factor above 0 but got " + every + " and " + factor);
        return (step, steps) -> Math.pow(factor, (step - 1) / every);
    }

    /** The same, but rising in a line from 0 over the first steps. */
    default Schedule warmup(int warmup) {
        if (warmup < 0)
            throw new IllegalArgumentException("Schedule: expected at least 0 steps of warm-up but got " + warmup);
        return (step, steps) -> factor(step, steps) * Math.min(1, (double) step / Math.max(1, warmup));
    }
}
