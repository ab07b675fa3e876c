package unroll.notebook;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How an axis maps values to places, and what is written at its ticks. Over few decades XChart's own logarithmic axis is good; over many its grid becomes a grey
 * field, so there the logarithms are drawn on a linear axis with a line for each decade.
 *
 * <p>Labels have as many digits as the length of the axis needs to tell neighbours apart: XChart looks for ticks until all labels differ, and would look forever.
 */
final class Scale {
    static final Scale LINEAR = new Scale(false, 0, 1);
    private static final double NATIVE = 3;                                // decades
    private static final int TICKS = 1000;                                 // more than an axis ever has

    private final boolean log;
    private final double decades;
    private final double step;

    private Scale(boolean log, double decades, double step) {
        this.log = log;
        this.decades = decades;
        this.step = step;
    }

    static Scale of(boolean log, double[] range, Stream<double[]> values) {
        double[] shown = (range == null ? values.flatMapToDouble(Arrays::stream) : Arrays.stream(range))
                .filter(v -> Double.isFinite(v) && (!log || v > 0)).toArray();
        double low = Arrays.stream(shown).min().orElse(1), high = Arrays.stream(shown).max().orElse(1);
        if (log) return new Scale(true, Math.log10(high) - Math.log10(low), 1);
        double length = high > low ? high / TICKS - low / TICKS : Math.max(Math.abs(low), 1e-300) / TICKS;
        return new Scale(false, 0, length);
    }

    /** The same with labels fine enough for the other axis too, because XChart writes both with one function. */
    Scale and(Scale other) {
        return new Scale(log, decades, Math.min(step, other.step));
    }

    boolean nativeLog() { return log && decades <= NATIVE; }

    /** Whether labels at powers of ten alone are enough to read the axis. */
    boolean manyDecades() { return decades > 1.5; }

    /** Where a value goes on XChart's axis; NaN if it has no place. */
    double place(double value) {
        if (!Double.isFinite(value) || log && value <= 0) return Double.NaN;
        return log && !nativeLog() ? Math.log10(value) : value;
    }

    /** What is written at a tick. */
    String label(double place) {
        return log ? Numbers.powerOfTen(place) : Numbers.tick(place, step);
    }

    /** The distance of ticks that gives whole decades, in points; 0 for XChart's choice. */
    int spacing(int length) {
        return log && !nativeLog() ? Math.max(40, (int) (length * 0.8 / decades)) : 0;
    }
}
