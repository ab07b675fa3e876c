package unroll.notebook;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import unroll.train.Comparison;
import unroll.train.ComparisonResult;
import unroll.train.ComparisonResult.Point;
import unroll.train.ComparisonResult.Trial;
import unroll.train.Spread;
import unroll.train.Validation;

/**
 * One table and one chart of a {@link unroll.train.Comparison}, in one place of the running cell, drawn anew as it goes
 * on.
 *
 * <pre>{@code
 * comparison.listen(ComparisonView.live()).run(batches)
 * ComparisonView.chart(result)                                     // the same chart afterwards, to add to it
 * }</pre>
 *
 * A strong line is the median of the seeds that were measured at a step, faint lines are the single trainings, a point
 * is the last measurement before a training diverged. The axis is logarithmic where all measurements are above zero and
 * the largest is more than 30 times the smallest.
 */
public final class ComparisonView implements Comparison.Listener {
    private static final double BETWEEN = 2, WIDE = 30;                    // seconds; largest over smallest

    private final Paced place;

    ComparisonView(Supplier<Live> places, LongSupplier nanoTime) {
        place = new Paced(places, nanoTime, BETWEEN);
    }

    /** In the output of the cell that trains; drawing takes less than a twentieth of the time. */
    public static ComparisonView live() {
        return new ComparisonView(Notebook::live, System::nanoTime);
    }

    @Override public void changed(ComparisonResult soFar) {
        if (!place.isOpen()) place.open(0);
        place.draw(() -> soFar);
    }

    @Override public void finished(ComparisonResult result) {
        if (!place.isOpen()) place.open(0);
        place.close(() -> result);
    }

    /** A row for each setting: parameters, trainings done, steps, and the last measurement as median and range. */
    public static ResultTable table(ComparisonResult result) {
        ResultTable table = Tables.of("setting", "parameters", "trainings", "steps", result.measure() + ", median",
                "lowest", "highest");
        for (String name : result.names()) {
            List<Trial> trials = result.trials(name);
            long done = trials.stream().filter(t -> t.outcome().isPresent()).count();
            int diverged = result.diverged(name);
            String count = (done < result.seeds() ? done + " of " + result.seeds() : "" + done)
                    + (diverged == 0 ? "" : ", " + diverged + " diverged");
            Spread last = result.last(name);
            boolean measured = last.count() > 0;
            table.row(name, trials.isEmpty() ? null : trials.get(0).parameters(), count,
                    trials.isEmpty() ? null : trials.stream().mapToInt(Trial::steps).max().getAsInt(),
                    measured ? last.median() : null,
                    measured ? last.low() : null, measured ? last.high() : null);
        }
        return table;
    }

    /** The measurements against the steps. */
    public static XyChart chart(ComparisonResult result) {
        XyChart chart = Charts.lines(result.title(), "step", result.measure());
        for (String name : result.names()) {
            List<Trial> trials = result.trials(name);
            List<Point> curve = result.curve(name);
            if (trials.size() > 1) {
                double[][] single = single(trials);
                chart.addFaint(name + ", single", single[0], single[1]);
            }
            if (curve.isEmpty()) chart.add(name, Double.NaN);              // it keeps its colour
            else
                chart.add(name, curve.stream().mapToDouble(Point::step).toArray(),
                        curve.stream().mapToDouble(p -> p.spread().median()).toArray());
        }
        for (String name : result.names()) {
            List<Validation> ends = result.trials(name).stream().filter(t -> t.diverged() && !t.validations().isEmpty())
                    .map(t -> t.validations().get(t.validations().size() - 1)).toList();
            if (!ends.isEmpty())
                chart.addPoints(name + ", diverged after this", ends.stream().mapToDouble(Validation::step).toArray(),
                        ends.stream().mapToDouble(Validation::loss).toArray());
        }
        double[] losses = losses(result);
        if (losses.length > 0 && losses[0] > 0 && losses[losses.length - 1] > WIDE * losses[0]) chart.logY();
        return chart;
    }

    /** All finite measurements, sorted. */
    private static double[] losses(ComparisonResult result) {
        return result.trials().stream().flatMap(t -> t.validations().stream()).mapToDouble(Validation::loss)
                .filter(Double::isFinite).sorted()
                .toArray();
    }

    /** All trainings of a setting as one line with gaps between them. */
    private static double[][] single(List<Trial> trials) {
        int n = trials.stream().mapToInt(t -> t.validations().size() + 1).sum(), i = 0;
        double[] x = new double[n], y = new double[n];
        Arrays.fill(y, Double.NaN);
        for (Trial trial : trials) {
            for (Validation v : trial.validations()) {
                x[i] = v.step();
                y[i++] = v.loss();
            }
            i++;
        }
        return new double[][] {x, y};
    }
}
