package unroll.train;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

import unroll.tensor.Message;

/**
 * What a {@link Comparison} measured, finished or not: all trainings, and medians and ranges over the seeds of each
 * setting.
 *
 * @param title   what is compared
 * @param measure what the trainers' validation gives, with its unit; lower is better
 * @param names   the settings, in order
 * @param seeds   how many trainings of each are planned
 * @param trials  those that have begun
 */
public record ComparisonResult(String title, String measure, List<String> names, int seeds, List<Trial> trials) {
    /**
     * One training: a setting with a seed.
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
            int steps, List<Validation> validations) {
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

    /**
     * What the trainings of a setting measured at one step.
     *
     * @param step   the steps done
     * @param spread over those that came so far
     */
    public record Point(int step, Spread spread) {
    }

    public ComparisonResult {
        names = List.copyOf(names);
        trials = List.copyOf(trials);
    }

    /** The trainings of one setting, in the order of the seeds. */
    public List<Trial> trials(String name) {
        if (!names.contains(name))
            throw new IllegalArgumentException(
                    Message.of("Comparison " + title + ": there is no setting " + name + "; there are " + names));
        return trials.stream().filter(t -> t.name().equals(name)).toList();
    }

    /** The last measurements of a setting over its seeds; a training that diverged counts as infinitely bad. */
    public Spread last(String name) {
        return Spread.of(trials(name).stream().mapToDouble(Trial::last).toArray());
    }

    /** How many trainings of a setting diverged. */
    public int diverged(String name) {
        return (int) trials(name).stream().filter(Trial::diverged).count();
    }

    /** Median and range at each step at which it was measured. */
    public List<Point> curve(String name) {
        TreeMap<Integer, DoubleStream> at = new TreeMap<>();
        for (Trial trial : trials(name))
            for (Validation v : trial.validations())
                at.merge(v.step(), DoubleStream.of(v.loss()), DoubleStream::concat);
        return at.entrySet().stream().map(e -> new Point(e.getKey(), Spread.of(e.getValue().toArray()))).toList();
    }

    @Override public String toString() {
        StringBuilder text = new StringBuilder(title + ", " + measure + ":");
        for (String name : names) {
            text.append("\n  ").append(name).append(": ").append(last(name));
            if (diverged(name) > 0) text.append(", ").append(diverged(name)).append(" diverged");
        }
        return text.toString();
    }
}
