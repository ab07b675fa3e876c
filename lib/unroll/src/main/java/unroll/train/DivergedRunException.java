package unroll.train;

import unroll.tensor.DivergedException;

/**
 * The loss or a gradient is no longer a finite number. The weights are those before that step, and the last checkpoint
 * is untouched.
 */
public final class DivergedRunException extends DivergedException {
    private static final long serialVersionUID = 1;
    private final transient TrainingRun run;

    DivergedRunException(String message, TrainingRun run) {
        super(message);
        this.run = run;
    }

    /** What happened until then. */
    public TrainingRun run() { return run; }
}
