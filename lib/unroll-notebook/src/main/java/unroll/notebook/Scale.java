package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How an axis maps values to places. XChart gets the logarithms on a linear axis, because its own logarithmic axis
 * leaves out ticks, or all of them; the ticks of a logarithmic axis are ours ({@link LogGrid}).
 *
 * <p>Labels have as many digits as the length of the axis needs to tell neighbours apart: XChart looks for ticks until
 * all labels differ, and would look forever.
 *
 * @param low  the place where the axis begins
 * @param high the place where it ends
 * @param step the distance at which labels must differ
 */
record Scale(boolean log, double low, double high, double step) {
    private static final int TICKS = 1000;                                 // more than an axis ever has

    static Scale of(boolean log, double[] range, Stream<double[]> values) {
        double[] shown = (range == null ? values.flatMapToDouble(Arrays::stream) : Arrays.stream(range))
                .filter(v -> Double.isFinite(v) && (!log || v > 0)).map(v -> log ? Math.log10(v) : v).toArray();
        double low = Arrays.stream(shown).min().orElse(0), high = Arrays.stream(shown).max().orElse(1);
        if (low == high && log) return new Scale(true, low - 0.3, high + 0.3, 1);      // half and double
        double step = high > low ? high / TICKS - low / TICKS : Math.max(Math.abs(low), 1e-300) / TICKS;
        return new Scale(log, low, high, step);
    }

    /** The same with labels fine enough for the other axis too, because XChart writes both with one function. */
    Scale and(Scale other) {
        return new Scale(log, low, high, Math.min(step, other.step));
    }

    /** Where a value goes on XChart's axis; NaN if it has no place. */
    double place(double value) {
        if (!Double.isFinite(value) || log && value <= 0) return Double.NaN;
        return log ? Math.log10(value) : value;
    }

    /** What XChart writes at a tick; on a logarithmic axis it is not seen, and keeps the room for our labels. */
    String label(double place) {
        String label = Numbers.tick(place, step);
        if (!log) return label;
        int room = logTicks().stream().mapToInt(tick -> Numbers.powerOfTen(tick).length()).max().orElse(0);
        return label + "0".repeat(Math.max(0, room - label.length()));
    }

    /**
     * The places of the ticks of a logarithmic axis, at most a dozen: powers of ten, or 1, 2 and 5 times these, or
     * round numbers, as the length allows.
     */
    List<Double> logTicks() {
        double decades = high - low;
        List<Double> ticks = new ArrayList<>();
        if (decades >= 2.5) {
            int every = (int) Math.ceil(decades / 8);
            for (int e = (int) Math.ceil(low / every - 1e-9) * every; e <= high + 1e-9; e += every)
                ticks.add((double) e);
        } else if (decades >= 0.9) {
            for (int e = (int) Math.floor(low); e <= high; e++)
                for (double m : new double[] {1, 2, 5}) ticks.add(e + Math.log10(m));
        } else {
            double from = Math.pow(10, low), to = Math.pow(10, high), wanted = (to - from) / 5,
                    power = Math.pow(10, Math.floor(Math.log10(wanted)));
            double each = power * (wanted / power < 2 ? 2 : wanted / power < 5 ? 5 : 10);
            for (int i = 0; i <= 6; i++) ticks.add(Math.log10((Math.ceil(from / each - 1e-9) + i) * each));
        }
        return ticks.stream().filter(place -> place >= low - 1e-9 && place <= high + 1e-9).toList();
    }
}
