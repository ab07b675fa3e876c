package unroll.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What truncated backpropagation through time loses (Williams and Peng 1990): the gradient of all weights with the
 * graph cut, against the full gradient.
 *
 * <pre>{@code
 * TruncationError.chunks(cell, x, states -> loss(states), 1, 2, 5, 10, 20, 50)     // x: [T, B, I]
 * }</pre>
 *
 * @param where   the graph is cut
 * @param steps      k
 * @param cosines    of the angle between the two gradients, for each k; NaN where one of them is zero
 * @param errors     ‖truncated - full‖ / ‖full‖ for each k
 */
public record TruncationError(Where where, int[] steps, double[] cosines, double[] errors) {
    /** Where backpropagation through time stops early. */
    public enum Where {
        CHUNKS, LAST;

        /** Whether the graph is cut before step t (0, 1, …) of T. */
        private boolean cuts(int t, int k, int T) {
            return t > 0 && (this == CHUNKS ? t % k == 0 : t <= T - k);
        }

        /** Whether step t is read without a graph. */
        private boolean skips(int t, int k, int T) {
            return this == LAST && t < T - k;
        }
    }

    public TruncationError {
        steps = steps.clone();
        cosines = cosines.clone();
        errors = errors.clone();
    }

    /**
     * The sequence in chunks of k steps, the state carried over without its graph: the gradient never crosses the
     * border of a chunk. Of a cell that reads {@code x [T, B, I]}, from its initial state.
     *
     * @param loss one number from the states {@code [T, B, H]}
     * @param k    how many steps, each from 1 to T
     */
    public static <S extends State> TruncationError chunks(Cell<S> cell, Tensor x, Function<Tensor, Tensor> loss,
            int... k) {
        return of(Where.CHUNKS, cell, x, loss, k);
    }

    /** Only the last k steps: what came before them is read, but gets no gradient. Else as {@link #chunks}. */
    public static <S extends State> TruncationError last(Cell<S> cell, Tensor x, Function<Tensor, Tensor> loss,
            int... k) {
        return of(Where.LAST, cell, x, loss, k);
    }

    static <S extends State> TruncationError of(Where where, Cell<S> cell, Tensor x,
            Function<Tensor, Tensor> loss, int... k) {
        Tensor inputs = Measurement.sequences("TruncationError", cell, x);
        int T = x.size(0);
        if (k.length == 0 || Arrays.stream(k).anyMatch(n -> n < 1 || n > T))
            throw new IllegalArgumentException(
                    Message.of("TruncationError: expected numbers of steps from 1 to " + T + " but got "
                            + Arrays.toString(k)));
        return Measurement.keepingGradients(cell.parameters(), () -> {
            double[] full = gradient(where, cell, inputs, loss, T);
            double[] cosines = new double[k.length], errors = new double[k.length];
            for (int i = 0; i < k.length; i++) {
                double[] cut = gradient(where, cell, inputs, loss, k[i]);
                double inner = 0, difference = 0;
                for (int j = 0; j < full.length; j++) {
                    inner += cut[j] * full[j];
                    difference += (cut[j] - full[j]) * (cut[j] - full[j]);
                }
                cosines[i] = inner / (norm(cut) * norm(full));
                errors[i] = Math.sqrt(difference) / norm(full);
            }
            return new TruncationError(where, k, cosines, errors);
        });
    }

    /** The gradient of all weights behind each other. */
    private static <S extends State> double[] gradient(Where where, Cell<S> cell, Tensor x,
            Function<Tensor, Tensor> loss, int k) {
        cell.parameters().forEach(Parameter::zeroGradient);
        Tensor total = loss.apply(Tensor.stack(states(where, cell, x, k)));
        if (total.requiresGradient()) total.backward();
        return cell.parameters().stream().flatMapToDouble(TruncationError::gradient).toArray();
    }

    private static java.util.stream.DoubleStream gradient(Parameter p) {
        float[] g = p.gradientData();
        return java.util.stream.IntStream.range(0, p.size()).mapToDouble(i -> g == null ? 0 : g[i]);
    }

    @SuppressWarnings("unchecked") // detach() keeps the kind of state
    private static <S extends State> List<Tensor> states(Where where, Cell<S> cell, Tensor x, int k) {
        int T = x.size(0);
        List<Tensor> states = new ArrayList<>();
        S state = cell.initialState(x.size(1));
        for (int t = 0; t < T; t++) {
            S before = where.cuts(t, k, T) ? (S) state.detach() : state;
            Tensor input = x.at(t);
            state = where.skips(t, k, T) ? Tape.noGrad(() -> cell.step(input, before)) : cell.step(input, before);
            states.add(state.h());
        }
        return states;
    }

    private static double norm(double[] v) { return Math.sqrt(Arrays.stream(v).map(e -> e * e).sum()); }

    @Override public int[] steps() { return steps.clone(); }

    @Override public double[] cosines() { return cosines.clone(); }

    @Override public double[] errors() { return errors.clone(); }

    @Override public String toString() {
        StringBuilder text = new StringBuilder("TruncationError, " + where.name().toLowerCase(Locale.ROOT) + ":");
        for (int i = 0; i < steps.length; i++)
            text.append("\n  k = ").append(steps[i]).append(": cosine ").append(Measurement.text(cosines[i]))
                    .append(", relative error ")
                    .append(Measurement.text(errors[i]));
        return text.toString();
    }
}
