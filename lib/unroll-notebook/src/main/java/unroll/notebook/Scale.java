package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How an axis maps values to places, and where its ticks are. The place of a value is the value, or on a logarithmic
 * axis its logarithm to base ten.
 *
 * @param low   the place where the axis begins
 * @param high  the place where it ends
 * @param least the smallest distance of two ticks: 1 between whole numbers, such as steps
 * @param names of the places 0, 1, 2, …; null for an axis of numbers
 */
record Scale(boolean log, double low, double high, double least, List<String> names) {
    private static final double FREE = 0.04;                               // of the length, beyond the first and last

    /** @param label what is written there */
    record Tick(double place, String label) {
    }

    /** From the least to the greatest value, or over the given range. */
    static Scale of(boolean log, double[] range, Stream<double[]> values) {
        double[] shown = (range == null ? values.flatMapToDouble(Arrays::stream) : Arrays.stream(range))
                .filter(v -> Double.isFinite(v) && (!log || v > 0)).map(v -> log ? Math.log10(v) : v).toArray();
        double low = Arrays.stream(shown).min().orElse(0), high = Arrays.stream(shown).max().orElse(1);
        double least = log ? 0.3 : low == 0 ? 1 : Math.abs(low) / 10;      // on each side; 0.3: half and double
        double beside = high > low ? 0 : least;
        return new Scale(log, low - beside, high + beside, 0, null);
    }

    /** One place for each name. */
    static Scale of(List<String> names) {
        return new Scale(false, -0.5, names.size() - 0.5, 1, names);
    }

    /** The same with some room at both ends, and no tick between whole numbers if there are no others. */
    Scale free(boolean whole) {
        double room = FREE * (high - low);
        return new Scale(log, low - room, high + room, whole && !log ? 1 : 0, names);
    }

    /** The same from its end to its beginning: names one below the other. */
    Scale turned() {
        return new Scale(log, high, low, least, names);
    }

    /** NaN if the value has no place. */
    double place(double value) {
        if (!Double.isFinite(value) || log && value <= 0) return Double.NaN;
        return log ? Math.log10(value) : value;
    }

    /** How far along the axis a place is: 0 at its beginning, 1 at its end. */
    double part(double place) {
        return (place / 2 - low / 2) / (high / 2 - low / 2);               // half: the length itself may be ∞
    }

    /** About so many ticks at most; those of a logarithmic axis are at most a dozen. */
    List<Tick> ticks(int most) {
        if (log) return logarithmic();
        double each = Math.max(least, roundUp(Math.abs(high / most - low / most)));
        double first = Math.ceil(Math.min(low, high) / each - 1e-9),
                last = Math.floor(Math.max(low, high) / each + 1e-9);
        if (!(last - first <= 2 * most + 2)) return List.of();             // less than doubles can tell apart
        return IntStream.rangeClosed(0, (int) (last - first)).mapToObj(i -> tick(each, first + i)).toList();
    }

    private Tick tick(double each, double number) {
        double place = number * each;
        return new Tick(place, names == null ? Numbers.tick(place, each) : names.get((int) Math.round(place)));
    }

    /** 1, 2 or 5 times a power of ten, at least that much; of names, any whole number. */
    private double roundUp(double wanted) {
        if (names != null) return Math.ceil(wanted);
        int exponent = (int) Math.floor(Math.log10(wanted));
        double m = wanted / Math.pow(10, exponent) - 1e-9;
        return Double.parseDouble((m < 1 ? "1e" : m < 2 ? "2e" : m < 5 ? "5e" : "10e") + exponent);
    }

    /** Powers of ten, or 1, 2 and 5 times these, or round numbers, as the length allows. */
    private List<Tick> logarithmic() {
        double decades = high - low;
        List<Double> places = new ArrayList<>();
        if (decades >= 2.5) {
            int every = (int) Math.ceil(decades / 8);
            for (int e = (int) Math.ceil(low / every - 1e-9) * every; e <= high + 1e-9; e += every)
                places.add((double) e);
        } else if (decades >= 0.9) {
            for (int e = (int) Math.floor(low); e <= high; e++)
                for (double m : new double[] {1, 2, 5}) places.add(e + Math.log10(m));
        } else {
            double from = Math.pow(10, low), each = roundUp((Math.pow(10, high) - from) / 5);
            for (int i = 0; i <= 6; i++) places.add(Math.log10((Math.ceil(from / each - 1e-9) + i) * each));
        }
        return places.stream().filter(place -> place >= low - 1e-9 && place <= high + 1e-9)
                .map(place -> new Tick(place, Numbers.powerOfTen(place))).toList();
    }

    /** A value at a place with about two digits: of the value on a logarithmic axis, else of the length of the axis. */
    String shortly(double place) {
        if (!log) return Numbers.tick(place, (high - low) / 100);
        return Numbers
                .powerOfTen(Math.log10(Double.parseDouble(String.format(Locale.ROOT, "%.1e", Math.pow(10, place)))));
    }
}
