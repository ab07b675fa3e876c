package unroll.train;

/**
 * Hears what a {@link Trainer} does, on the training thread. Charts and progress bars are listeners; the trainer knows
 * none of them.
 */
public interface TrainingListener {
    /** Before the first step; {@code firstStep} is above 1 when the run resumes a checkpoint. */
    default void started(String model, int firstStep, int stepsInAll) {
    }

    /** After each optimizer step. */
    default void stepped(Step step) {
    }

    /** After each pass over the validation data. */
    default void validated(Validation validation) {
    }

    /** After the last step, however the run ended. */
    default void finished(TrainingRun run) {
    }
}
