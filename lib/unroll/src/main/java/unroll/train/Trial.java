package unroll.train;

import java.util.List;
import java.util.Optional;

/**
 * One training of a {@link Comparison}: a setting with a seed.
 *
 * @param name        the setting
 * @param seed        of its weights and its data
 * @param parameters  how many numbers it learns
 * @param outcome     how it ended; empty while it runs
 * @param message     one sentence about the end, with the step; blank while it runs
 * @param steps       the steps done
 * @param validations what was measured on held-out data, in order
 */
public record Trial(String name, long seed, long parameters, Optional<TrainingRun.Outcome> outcome, String message,
        int steps,
        List<Validation> validations) {
    public Trial {
        validations = List.copyOf(validations);
    }

    /** Whether the loss or a gradient ceased to be finite. */
    public boolean diverged() {
        return outcome.isPresent() && outcome.get() == TrainingRun.Outcome.DIVERGED;
    }

    /** The last measurement; infinite after divergence, NaN before the first one. */
    public double last() {
        if (diverged()) return Double.POSITIVE_INFINITY;
        return validations.isEmpty() ? Double.NaN : validations.get(validations.size() - 1).loss();
    }
}
