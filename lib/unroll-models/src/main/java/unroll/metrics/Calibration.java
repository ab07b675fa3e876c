package unroll.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a model is right as often as it says: decisions sorted into bins by the probability that the model gave to
 * its choice (Guo et al. 2017).
 *
 * <pre>{@code
 * var calibration = Calibration.of(confidences, correct, 10);
 * calibration.expectedError();                 // 0.03: on average confidence and accuracy differ by 3 points
 * calibration.bins().get(9).accuracy();        // how often it was right when it was more than 90 % sure
 * }</pre>
 *
 * @param bins of equal width; bin m of M holds confidences in ((m - 1) / M, m / M], the first one 0 too
 */
public record Calibration(List<Bin> bins) {
    /** The decisions of one bin; the means are 0 where it has none. */
    public record Bin(double from, double to, long count, double confidence, double accuracy) {
        /** By how much the model is too sure; negative where it is not sure enough. */
        public double gap() {
            return confidence - accuracy;
        }
    }

    public Calibration {
        bins = List.copyOf(bins);
    }

    /** From the probability that the model gave to what it chose, in 0 .. 1, and whether the choice was right. */
    public static Calibration of(double[] confidences, boolean[] correct, int bins) {
        if (bins < 1) throw new IllegalArgumentException("Calibration: expected at least 1 bin but got " + bins);
        if (confidences.length != correct.length || correct.length == 0)
            throw new IllegalArgumentException(
                    "Calibration: expected as many confidences as decisions, and at least one, but got "
                            + confidences.length + " and " + correct.length);
        long[] count = new long[bins], right = new long[bins];
        double[] sum = new double[bins];
        for (int i = 0; i < correct.length; i++) {
            double p = confidences[i];
            if (!(p >= 0 && p <= 1))
                throw new IllegalArgumentException(
                        "Calibration: expected confidences in 0 to 1 but number " + i + " is " + p);
            int m = Math.max(0, (int) Math.ceil(p * bins) - 1);
            count[m]++;
            sum[m] += p;
            if (correct[i]) right[m]++;
        }
        List<Bin> all = new ArrayList<>();
        for (int m = 0; m < bins; m++) {
            double n = Math.max(1, count[m]);
            all.add(new Bin((double) m / bins, (double) (m + 1) / bins, count[m], sum[m] / n, right[m] / n));
        }
        return new Calibration(all);
    }

    /**
     * The expected calibration error: the mean distance of confidence and accuracy, bins weighted by their decisions; 0
     * .. 1.
     */
    public double expectedError() {
        double sum = 0;
        for (Bin bin : bins) sum += bin.count * Math.abs(bin.gap());
        return sum / decisions();
    }

    /** The maximum calibration error: the largest distance of any bin that has decisions. */
    public double maximumError() {
        return bins.stream().mapToDouble(bin -> Math.abs(bin.gap())).max().orElse(0);
    }

    public long decisions() { return bins.stream().mapToLong(Bin::count).sum(); }

    @Override public String toString() {
        return String.format(Locale.ROOT,
                "Calibration(%d bins, expected error %.2f %%, maximum %.2f %%, %,d decisions)", bins.size(),
                100 * expectedError(), 100 * maximumError(), decisions());
    }
}
