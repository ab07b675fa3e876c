package unroll.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * The way of a hidden state through the plane of its first two principal components, for each sequence of a batch.
 *
 * <pre>{@code
 * Trajectory.of(out.states(), List.of("a", "a", "b", "b"))         // states: [T, B, H]; one label for each step
 * }</pre>
 *
 * @param points    {@code [T, B, 2]}; NaN where a state is not finite
 * @param explained the shares of the variance along the two directions
 * @param steps     a label for each step
 * @param pca       of all states together
 */
public record Trajectory(Tensor points, double[] explained, List<String> steps, Pca pca) {
    public Trajectory {
        explained = explained.clone();
        steps = List.copyOf(steps);
    }

    /**
     * Of states {@code [T, B, H]}.
     *
     * @throws IllegalArgumentException if H is 1
     */
    public static Trajectory of(Tensor states, List<String> labels) {
        if (states.rank() != 3 || states.size() == 0)
            throw new ShapeException(
                    "Trajectory: expected states of shape [T, B, H] but got " + Arrays.toString(states.shape()));
        int T = states.size(0), B = states.size(1), H = states.size(2);
        if (H == 1)
            throw new IllegalArgumentException(
                    Message.of("Trajectory: states of shape " + Arrays.toString(states.shape())
                            + " have one unit, which has no second principal component; draw it over time with "
                            + "Charts.lines"));
        if (labels.size() != T)
            throw new ShapeException("Trajectory: " + labels.size() + " labels for " + T + " steps");
        Tensor flat = states.detach().reshape(T * B, H);
        Pca pca = Pca.of(flat);
        int directions = pca.components().size(1);
        Tensor plane = pca.project(flat, Math.min(2, directions));
        // one point only
        if (directions == 1) plane = Tensor.concat(1, List.of(plane, Tensor.zeros(T * B, 1)));
        double[] explained = Arrays.copyOf(pca.explained(), 2);
        return new Trajectory(plane.reshape(T, B, 2), explained, labels, pca);
    }

    /** The same with the steps numbered from 1. */
    public static Trajectory of(Tensor states) {
        return of(states, Measurement.numbers(states.rank() == 3 ? states.size(0) : 0));
    }

    /** The number of sequences. */
    public int sequences() { return points.size(1); }

    /** The coordinates of one sequence along direction 0 or 1, over time. */
    public double[] coordinates(int sequence, int direction) {
        return IntStream.range(0, steps.size()).mapToDouble(t -> points.get(t, sequence, direction)).toArray();
    }

    @Override public double[] explained() { return explained.clone(); }

    @Override public String toString() {
        return "Trajectory of " + sequences() + (sequences() == 1 ? " sequence" : " sequences") + " over "
                + steps.size() + " steps: two of "
                + pca.mean().size() + " dimensions explain " + Measurement.text(100 * (explained[0] + explained[1]))
                + " % of the variance";
    }
}
