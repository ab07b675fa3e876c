package unroll.notebook;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One named row of points of a chart, so that a claim about the picture can be checked.
 *
 * <pre>{@code
 * check("it learned", chart.series("validation").last() < 2.0);
 * }</pre>
 *
 * @param name as in the legend
 * @param x    the positions
 * @param y    the values, as many as positions; not a number where a line has a gap
 */
public record Series(String name, double[] x, double[] y) {
    public Series {
        if (x.length != y.length)
            throw new ChartException("Series " + name + ": " + x.length + " positions for " + y.length
                    + " values; give one position for each value");
        if (y.length == 0)
            throw new ChartException("Series " + name
                    + " is empty: a chart needs at least one value; is the list filled before it is drawn?");
        x = x.clone();
        y = y.clone();
    }

    /** At the positions 0, 1, 2, … */
    static Series of(String name, double... y) {
        return new Series(name, IntStream.range(0, y.length).asDoubleStream().toArray(), y);
    }

    @Override public double[] x() { return x.clone(); }

    @Override public double[] y() { return y.clone(); }

    public int size() { return y.length; }

    public double first() { return y[0]; }

    public double last() { return y[y.length - 1]; }

    /** Whether every value is at most the bound at its place. */
    public boolean below(double... bound) {
        if (bound.length != y.length)
            throw new ChartException(
                    "Series " + name + ": a bound of " + bound.length + " values for a series of " + y.length);
        for (int i = 0; i < y.length; i++) if (!(y[i] <= bound[i])) return false;
        return true;
    }

    /** Whether some value can be drawn. */
    boolean drawable() {
        return IntStream.range(0, y.length).anyMatch(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]));
    }

    /** Whether some value has a place on both axes. */
    boolean drawable(Scale across, Scale up) {
        return IntStream.range(0, y.length)
                .anyMatch(i -> !Double.isNaN(across.place(x[i])) && !Double.isNaN(up.place(y[i])));
    }

    /** {@code from 0 to 1}; of values none of which is a number, that. */
    static String range(List<Series> series) {
        double[] y = series.stream().flatMapToDouble(s -> Arrays.stream(s.y)).filter(v -> !Double.isNaN(v)).sorted()
                .toArray();
        return y.length == 0
                ? "none of them a number"
                : "from " + Numbers.text(y[0]) + " to " + Numbers.text(y[y.length - 1]);
    }

    @Override public String toString() {
        return name + ": " + size() + (size() == 1 ? " value" : " values") + ", last " + Numbers.text(last());
    }
}
