package unroll.analysis;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * What one gate did while a network read one sequence.
 *
 * <pre>{@code
 * GateMap.of("forget gate", recording.gate("f"), 0, List.of("The", "cat", "was", "full"))
 * }</pre>
 *
 * @param gate   its name
 * @param values {@code [T, H]}
 * @param steps  what was read at each step
 */
public record GateMap(String gate, Tensor values, List<String> steps) {
    public GateMap {
        if (values.rank() != 2 || values.size() == 0 || values.size(0) != steps.size())
            throw new ShapeException("GateMap " + gate + ": " + steps.size() + " labels for values [T, H] of shape "
                    + Arrays.toString(values.shape())
                    + "; give one for each step");
        steps = List.copyOf(steps);
    }

    /**
     * Of one sequence of {@code gate [T, B, H]}; labels may be fewer than T where that sequence is shorter than the
     * longest.
     */
    public static GateMap of(String name, Tensor gate, int sequence, List<String> labels) {
        if (gate == null)
            throw new IllegalStateException(
                    Message.of("GateMap " + name + ": there are no values; record the layer before it runs"));
        if (gate.rank() != 3 || sequence < 0 || sequence >= gate.size(1))
            throw new ShapeException(
                    "GateMap " + name + ": expected values [T, B, H] with a sequence " + sequence + " but got "
                            + Arrays.toString(gate.shape()));
        if (labels.isEmpty() || labels.size() > gate.size(0))
            throw new ShapeException(
                    "GateMap " + name + ": " + labels.size() + " labels for " + gate.size(0) + " steps");
        Tensor one = gate.detach().slice(1, sequence, sequence + 1).slice(0, 0, labels.size());
        return new GateMap(name, one.reshape(labels.size(), gate.size(2)), labels);
    }

    /** The same with the steps numbered from 1. */
    public static GateMap of(String name, Tensor gate, int sequence) {
        return of(name, gate, sequence, Measurement.numbers(gate == null ? 0 : gate.size(0)));
    }

    /** The mean over the units at each step. */
    public double[] mean() {
        double[] mean = new double[steps.size()];
        int H = values.size(1);
        float[] v = values.data();
        for (int i = 0; i < v.length; i++) mean[i / H] += (double) v[i] / H;
        return mean;
    }

    @Override public String toString() {
        double mean = Arrays.stream(mean()).average().orElse(Double.NaN);
        return "GateMap " + gate + ": " + steps.size() + " steps, " + values.size(1) + " units, mean "
                + Measurement.text(mean);
    }
}
