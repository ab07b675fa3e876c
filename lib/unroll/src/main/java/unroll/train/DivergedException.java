package unroll.train;

import unroll.tensor.Message;

/** The loss or a gradient is no longer a finite number. The weights are those before that step, and the last checkpoint is untouched. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient TrainingRun run;

    DivergedException(String message, TrainingRun run) {
        super(Message.of(message));
        this.run = run;
    }

    /** What happened until then. */
    public TrainingRun run() { return run; }
}
