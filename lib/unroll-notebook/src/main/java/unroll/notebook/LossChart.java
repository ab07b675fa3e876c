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
    private static final double BETWEEN = 2;                               // seconds
    private static final int POINTS = 400;

    private final Paced place;
    private final List<Step> steps = new ArrayList<>();
    private final List<Validation> validations = new ArrayList<>();
    private String model = "";

    LossChart(Supplier<Live> places, LongSupplier nanoTime) {
        place = new Paced(places, nanoTime, BETWEEN);
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

    @Override public void started(String model, int firstStep, int stepsInAll) {
        this.model = model;
        steps.clear();
        validations.clear();
        place.open(0.25);
    }

    @Override public void stepped(Step step) {
        if (!place.isOpen()) started("", step.number(), step.stepsInAll());
        steps.add(step);
        place.draw(this::drawn);
    }

    @Override public void validated(Validation validation) { validations.add(validation); }

    @Override public void finished(TrainingRun run) {
        if (place.isOpen()) place.close(this::drawn);
    }

    /** Null if all losses are NaN, which the trainer says. */
    private XyChart drawn() {
        XyChart chart = chart(model, steps, validations);
        return chart.drawable() ? chart : null;
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
