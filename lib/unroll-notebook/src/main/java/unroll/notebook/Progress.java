package unroll.notebook;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

import unroll.train.Step;
import unroll.train.TrainingListener;
import unroll.train.TrainingRun;

/**
 * A bar that says how far training is: steps, rate, remaining time, loss. Drawn anew at most five times a second; at
 * the end one line stays.
 *
 * <pre>{@code
 * trainer.listen(Progress.live()).fit(batches)
 * }</pre>
 */
public final class Progress implements TrainingListener {
    private static final double BETWEEN = 0.2;                             // seconds
    private static final int BAR = 20;

    private final Paced place;
    private Step last;                                                     // null before the first one
    private int firstStep;
    // warm: the first step compiles and allocates
    private long startedAt, warmAt;

    Progress(Supplier<Live> places, LongSupplier nanoTime) {
        place = new Paced(places, nanoTime, BETWEEN);
    }

    /** A bar in the output of the cell that trains. */
    public static Progress live() {
        return new Progress(Notebook::live, System::nanoTime);
    }

    @Override public void started(String model, int firstStep, int stepsInAll) {
        place.open(0);
        last = null;
        this.firstStep = firstStep;
        startedAt = place.now();
        warmAt = startedAt;
    }

    @Override public void stepped(Step step) {
        if (!place.isOpen()) started("", step.number(), step.stepsInAll());
        last = step;
        if (step.number() == firstStep) warmAt = place.now();
        place.draw(() -> line(step, place.now()));
    }

    @Override public void finished(TrainingRun run) {
        if (!place.isOpen()) return;
        String validation = run.validations().isEmpty()
                ? ""
                : ", best validation " + Numbers.text(run.bestValidation());
        String loss = run.steps().isEmpty() ? "" : ", loss " + Numbers.text(run.lastLoss(50));
        boolean interrupted = run.outcome() == TrainingRun.Outcome.INTERRUPTED;
        String start = interrupted
                ? last == null ? "interrupted before the first step" : "interrupted at " + place(last)
                : Numbers.text((long) run.steps().size()) + (run.steps().size() == 1 ? " step" : " steps");
        place.close(
                () -> start + loss + validation + (interrupted ? "" : ", " + LossChart.words(run.outcome())) + " after "
                        + duration(place.now() - startedAt));
    }

    private static int all(Step step) { return Math.max(step.stepsInAll(), step.number()); }

    /** {@code 12 %, 120 of 1,000 steps}. */
    private static String place(Step step) {
        return 100L * step.number() / all(step) + " %, " + Numbers.text((long) step.number()) + " of "
                + Numbers.text((long) all(step)) + " steps";
    }

    private String line(Step step, long now) {
        int all = all(step);
        int filled = (int) ((long) BAR * step.number() / all);
        StringBuilder line = new StringBuilder("epoch ").append(step.epoch() + 1).append(" ▕")
                .append("█".repeat(filled))
                .append("░".repeat(BAR - filled))
                .append("▏ ").append(place(step));
        int timed = step.number() - firstStep;
        if (timed > 0 && now > warmAt) {
            double rate = timed * 1e9 / (now - warmAt);
            line.append(", ").append(Numbers.text(rate)).append(" steps/s, ")
                    .append(duration((long) ((all - step.number()) / rate * 1e9)))
                    .append(" left");
        }
        return line.append(", loss ").append(Numbers.text(step.loss())).toString();
    }

    /** {@code 7 s}, {@code 1:05 min}, {@code 2:00:10 h}. */
    static String duration(long nanos) {
        long seconds = Math.round(nanos / 1e9);
        if (seconds < 60) return seconds + " s";
        if (seconds < 3600) return String.format(java.util.Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
        return String.format(java.util.Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
