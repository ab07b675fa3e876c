package unroll.train;

import java.util.Arrays;
import java.util.Locale;

/**
 * Median and range of a few measurements. Infinite ones (runs that diverged) are worse than all others and count.
 *
 * @param median the middle one, or the mean of the two in the middle; NaN where there is none
 * @param low    the smallest
 * @param high   the largest
 * @param count  how many
 */
public record Spread(double median, double low, double high, int count) {
    /** Of measurements, those that are NaN left out. */
    public static Spread of(double... values) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        int n = sorted.length;
        if (n == 0) return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        double upper = sorted[n / 2], lower = sorted[(n - 1) / 2];
        return new Spread(upper == lower ? upper : (lower + upper) / 2, sorted[0], sorted[n - 1], n);
    }

    @Override public String toString() {
        return count == 0
                ? "no measurement"
                : String.format(Locale.ROOT, "%.4g (%.4g to %.4g, %d runs)", median, low, high, count);
    }
}
