package unroll.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import unroll.train.Step;
import unroll.train.TrainingListener;
import unroll.train.TrainingRun;
import unroll.train.Validation;

/**
 * The training loss as it falls, with the validation losses; drawn anew every two seconds or more seldom, so that
 * drawing takes less than a twentieth of the time.
 *
 * <pre>{@code
 * trainer.listen(LossChart.live()).fit(batches)
 * LossChart.of(run)                                    // the same chart afterwards
 * }</pre>
 *
 * A faint line shows single batches, the strong one the mean of the last batches (an eightieth of the run).
 */
public final class LossChart implements TrainingListener {
    private static final long BETWEEN = 2_000_000_000;                     // nanoseconds
    private static final int POINTS = 400, SHARE = 20;

    private final Supplier<Live> places;
    private final LongSupplier nanoTime;
    private final List<Step> steps = new ArrayList<>();
    private final List<Validation> validations = new ArrayList<>();
    private Live live;
    private String model = "";
    private long nextAt;

    LossChart(Supplier<Live> places, LongSupplier nanoTime) {
        this.places = places;
        this.nanoTime = nanoTime;
    }

    /** A chart in the output of the cell that trains. */
    public static LossChart live() {
        return new LossChart(Notebook::live, System::nanoTime);
    }

    /** The chart of a run that is over. */
    public static XyChart of(TrainingRun run) {
        return chart(run.model(), run.steps(), run.validations());
    }

    /** The run in one row. */
    static ResultTable table(TrainingRun run) {
        return Tables.of("model", "outcome", "steps", "last loss", "best validation")
                .row(run.model(), words(run.outcome()), run.steps().size(), run.lastLoss(50),
                        run.validations().isEmpty() ? null : run.bestValidation());
    }

    /** An outcome in a sentence: {@code STOPPED_EARLY} as "stopped early". */
    static String words(TrainingRun.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether some loss of the run is a number. */
    static boolean drawable(TrainingRun run) {
        return drawable(run.steps(), run.validations());
    }

    private static boolean drawable(List<Step> steps, List<Validation> validations) {
        return steps.stream().anyMatch(step -> Double.isFinite(step.loss()))
                || validations.stream().anyMatch(v -> Double.isFinite(v.loss()));
    }

    @Override public void started(String model, int firstStep, int stepsInAll) {
        this.model = model;
        steps.clear();
        validations.clear();
        live = places.get();
        nextAt = nanoTime.getAsLong() + BETWEEN / 4;                       // the first picture soon
    }

    @Override public void stepped(Step step) {
        if (live == null) started("", step.number(), step.stepsInAll());
        steps.add(step);
        if (nanoTime.getAsLong() >= nextAt) draw();
    }

    @Override public void validated(Validation validation) { validations.add(validation); }

    @Override public void finished(TrainingRun run) {
        if (live == null) return;
        draw();
        live.finish();
        live = null;
    }

    private void draw() {
        if (!drawable(steps, validations)) return;                         // all losses NaN: the trainer says so
        long before = nanoTime.getAsLong();
        live.update(chart(model, steps, validations));
        long after = nanoTime.getAsLong();
        nextAt = after + Math.max(BETWEEN, SHARE * (after - before));
    }

    private static XyChart chart(String model, List<Step> steps, List<Validation> validations) {
        XyChart chart = Charts.lines(model.isBlank() ? "Training" : model, "step", "loss, nats");
        if (!steps.isEmpty()) {
            Curve loss = Curve.of(steps);
            if (steps.size() > 2 * Curve.window(steps.size())) chart.addFaint("batches", loss.x(), loss.raw());
            chart.add("training", loss.x(), loss.smooth());
        }
        if (!validations.isEmpty())
            chart.addMarked("validation", validations.stream().mapToDouble(Validation::step).toArray(),
                    validations.stream().mapToDouble(Validation::loss).toArray());
        return chart;
    }

    /** The losses of all steps, thinned to what a picture can show. */
    private record Curve(double[] x, double[] raw, double[] smooth) {
        static int window(int steps) { return Math.max(1, steps / 80); }

        static Curve of(List<Step> steps) {
            int n = steps.size(), points = Math.min(n, POINTS), window = window(n);
            double[] x = new double[points], raw = new double[points], smooth = new double[points];
            for (int p = 0; p < points; p++) {
                int i = points == 1 ? 0 : (int) ((long) p * (n - 1) / (points - 1)), from = Math.max(0, i + 1 - window);
                x[p] = steps.get(i).number();
                raw[p] = steps.get(i).loss();
                smooth[p] = steps.subList(from, i + 1).stream().mapToDouble(Step::loss).filter(Double::isFinite)
                        .average().orElse(Double.NaN);
            }
            return new Curve(x, raw, smooth);
        }
    }
}
