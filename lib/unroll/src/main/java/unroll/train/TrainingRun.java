package unroll.train;

import java.util.List;
import java.util.Locale;

/**
 * What a training loop did, for tables, charts and reports.
 *
 * @param model       the model's {@code toString}
 * @param outcome     how it ended
 * @param message     one sentence about the end, with the step
 * @param steps       every step of this call of {@code fit}
 * @param validations every validation of this call
 */
public record TrainingRun(String model, Outcome outcome, String message, List<Step> steps,
        List<Validation> validations) {
    /** How a training loop ended. */
    public enum Outcome {
        /** All epochs are done. */
        COMPLETED,
        /** The validation loss stopped falling (early stopping). */
        STOPPED_EARLY,
        /** The thread was interrupted; the checkpoint, if there is one, holds the last step. */
        INTERRUPTED,
        /** The loss or a gradient was not finite any more. */
        DIVERGED
    }

    public TrainingRun {
        steps = List.copyOf(steps);
        validations = List.copyOf(validations);
    }

    /** The lowest validation loss, in nats; NaN without validation. */
    public double bestValidation() {
        return validations.stream().mapToDouble(Validation::loss).min().orElse(Double.NaN);
    }

    /** The mean training loss of the last {@code n} steps (fewer where the run was shorter), in nats. */
    public double lastLoss(int n) {
        return steps.subList(Math.max(0, steps.size() - n), steps.size()).stream().mapToDouble(Step::loss).average()
                .orElse(Double.NaN);
    }

    @Override public String toString() {
        String best = validations.isEmpty()
                ? ""
                : String.format(Locale.ROOT, ", best validation %.4f", bestValidation());
        return String.format(Locale.ROOT, "TrainingRun(%s, %d steps, loss %.4f%s: %s)", outcome, steps.size(),
                lastLoss(50), best, message);
    }
}
