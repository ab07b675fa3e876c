package unroll.train;

import java.util.List;
import java.util.TreeMap;

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
        TreeMap<Integer, double[]> at = new TreeMap<>();
        for (Trial trial : trials(name))
            for (Validation v : trial.validations())
                at.merge(v.step(), new double[] {v.loss()}, ComparisonResult::both);
        return at.entrySet().stream().map(e -> new Point(e.getKey(), Spread.of(e.getValue()))).toList();
    }

    private static double[] both(double[] some, double[] more) {
        double[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
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
