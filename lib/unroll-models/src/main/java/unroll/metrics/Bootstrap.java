package unroll.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * How much a figure would vary with another test set of the same kind: the examples are drawn again, with replacement,
 * many times (Efron 1979). Equal seeds give equal resamples, whatever was asked before.
 *
 * <pre>{@code
 * var bootstrap = new Bootstrap(1_000, Rng.seed(1));
 * bootstrap.mean(correct, 0.95);                                     // 0.912 in [0.897, 0.926]
 * bootstrap.interval(n, numbers -> f1Of(numbers), 0.95);             // any figure of the examples with these numbers
 * bootstrap.compare(scoresOfA, scoresOfB, 0.95);                     // difference, interval, p, and who is better
 * }</pre>
 */
public record Bootstrap(int resamples, Rng rng) {
    /** A figure and the interval that holds it in the given share of resamples. */
    public record Interval(double estimate, double low, double high, double level) {
        @Override public String toString() {
            return String.format(Locale.ROOT, "%.4f in [%.4f, %.4f] (%.0f %%)", estimate, low, high, 100 * level);
        }
    }

    /**
     * How much better A is than B on the same examples.
     *
     * @param low  with {@code high}, the interval that holds the difference in the share {@code level} of resamples
     * @param p    two-sided: twice the share of resamples that say the opposite, or nothing
     */
    public record Comparison(double difference, double low, double high, double p, double level) {
        /** Whether the interval leaves out 0: A and B differ at that level. */
        public boolean decided() {
            return low > 0 || high < 0;
        }

        @Override public String toString() {
            String chance = p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", p);
            String verdict = low > 0 ? "better" : high < 0 ? "worse" : "no difference";
            return String.format(Locale.ROOT, "%+.4f in [%+.4f, %+.4f] (%.0f %%), %s: %s", difference, low, high,
                    100 * level, chance, verdict);
        }
    }

    public Bootstrap {
        Message.require(resamples >= 1, "Bootstrap: expected at least 1 resample but got " + resamples);
    }

    /** The percentile interval of the mean of a score per example. */
    public Interval mean(double[] scores, double level) {
        return interval(scores.length,
                numbers -> Arrays.stream(numbers).mapToDouble(i -> scores[i]).average().orElseThrow(), level);
    }

    /** The percentile interval of any figure of {@code examples} examples, by the numbers of those that were drawn. */
    public Interval interval(int examples, ToDoubleFunction<int[]> figure, double level) {
        Message.require(level > 0 && level < 1, "Bootstrap: expected a level between 0 and 1 but got " + level);
        double[] figures = figures(examples, figure);
        Arrays.sort(figures);
        return new Interval(figure.applyAsDouble(all(examples)), quantile(figures, (1 - level) / 2),
                quantile(figures, (1 + level) / 2), level);
    }

    /**
     * Paired bootstrap of A against B (Koehn 2004), by the mean of a score per example of which more is better. Equal
     * resamples count for neither side.
     */
    public Comparison compare(double[] a, double[] b, double level) {
        Message.require(a.length == b.length,
                "Bootstrap: expected a score of both for each example but got " + a.length + " and " + b.length);
        return compare(a.length,
                numbers -> Arrays.stream(numbers).mapToDouble(i -> a[i] - b[i]).average().orElseThrow(), level);
    }

    /** The same for any figure: {@code advantage} is how much better A is than B on the examples with these numbers. */
    public Comparison compare(int examples, ToDoubleFunction<int[]> advantage, double level) {
        Message.require(level > 0 && level < 1, "Bootstrap: expected a level between 0 and 1 but got " + level);
        double[] figures = figures(examples, advantage);
        Arrays.sort(figures);
        long notAbove = Arrays.stream(figures).filter(d -> !(d > 0)).count(),
                notBelow = Arrays.stream(figures).filter(d -> !(d < 0)).count();
        // as if one more resample had said so: a p of 0 cannot be known
        double p = Math.min(1, 2.0 * (1 + Math.min(notAbove, notBelow)) / (resamples + 1));
        return new Comparison(advantage.applyAsDouble(all(examples)), quantile(figures, (1 - level) / 2),
                quantile(figures, (1 + level) / 2), p, level);
    }

    private double[] figures(int examples, ToDoubleFunction<int[]> figure) {
        Message.require(examples >= 1, "Bootstrap: there are no examples");
        double[] figures = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            Interrupts.check("Bootstrap", "resample", r, resamples);
            Rng own = rng.split(r);
            figures[r] = figure.applyAsDouble(Arrays.stream(all(examples)).map(i -> own.nextInt(examples)).toArray());
        }
        return figures;
    }

    private static int[] all(int examples) {
        int[] numbers = new int[examples];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    /** Linear between the sorted values, as most statistics packages do. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
