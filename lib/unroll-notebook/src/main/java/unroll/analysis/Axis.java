package unroll.analysis;

import unroll.tensor.Message;

/**
 * One side of a {@link LossSurface}: {@code points} values from {@code low} to {@code high}, equally far apart, both
 * ends included.
 *
 * <pre>{@code
 * new Axis("w", 1, 7, 121)
 * }</pre>
 */
public record Axis(String name, double low, double high, int points) {
    public Axis {
        if (name == null || name.isBlank())
            throw new IllegalArgumentException("Axis: the name is missing; say which parameter it is");
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high))
            throw new IllegalArgumentException(
                    Message.of("Axis " + name + ": expected low < high but got " + low + " and " + high));
        if (points < 2 || points > 2000)
            throw new IllegalArgumentException(
                    Message.of("Axis " + name + ": expected 2 to 2000 points but got " + points));
    }

    /** Value number {@code i}. */
    public double value(int i) {
        return i == points - 1 ? high : low + i * (high - low) / (points - 1);
    }

    /** Whether the value lies between the ends. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    @Override public String toString() { return name + " from " + low + " to " + high + " (" + points + " points)"; }
}
