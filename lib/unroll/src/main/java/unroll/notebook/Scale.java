package unroll.notebook;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How an axis maps values to places. Over few decades XChart's own logarithmic axis is good; over many its grid becomes a grey field, so there the logarithms are
 * drawn on a linear axis with a line for each decade.
 */
final class Scale {
    static final Scale LINEAR = new Scale(false, 0);
    private static final double NATIVE = 3;                                // decades

    private final boolean log;
    private final double decades;

    private Scale(boolean log, double decades) {
        this.log = log;
        this.decades = decades;
    }

    static Scale of(boolean log, double[] range, Stream<double[]> values) {
        if (!log) return LINEAR;
        double[] shown = (range == null ? values.flatMapToDouble(Arrays::stream) : Arrays.stream(range)).filter(v -> v > 0 && Double.isFinite(v))
                .toArray();
        double low = Arrays.stream(shown).min().orElse(1), high = Arrays.stream(shown).max().orElse(1);
        return new Scale(true, Math.log10(high / low));
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
        if (!log || nativeLog()) return Numbers.label(place);
        return Math.rint(place) == place && Math.abs(place) > 4 ? "1e" + (int) place : Numbers.label(Math.pow(10, place));
    }

    /** The distance of ticks that gives whole decades, in points; 0 for XChart's choice. */
    int spacing(int length) {
        return log && !nativeLog() ? Math.max(40, (int) (length * 0.8 / decades)) : 0;
    }
}
