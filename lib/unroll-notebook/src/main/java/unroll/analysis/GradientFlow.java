package unroll.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * How much gradient reaches each time step: the norm ‖∂L/∂h_t‖ over the units, averaged over the batch.
 *
 * <pre>{@code
 * GradientFlow.of("LSTM", recording.stateGradient())               // [T, B, H], all that reaches h_t, over time too
 * GradientFlow.through(cell, x, states -> states.at(T - 1).square().mean())
 * GradientFlow.through("c", lstm, x, loss)                         // ‖∂L/∂c_t‖
 * }</pre>
 *
 * @param name  what the line is called
 * @param norms for t = 1, …, T; as they are where gradients are not finite
 */
public record GradientFlow(String name, double[] norms) {
    public GradientFlow {
        norms = norms.clone();
    }

    /** Of gradients {@code [T, B, H]}. */
    public static GradientFlow of(String name, Tensor stateGradients) {
        if (stateGradients == null)
            throw new IllegalStateException(Message.of("GradientFlow " + name
                    + ": there are no gradients; record the layer before it runs, and call backward() on a loss of its "
                    + "states"));
        if (stateGradients.rank() != 3 || stateGradients.size() == 0)
            throw new ShapeException("GradientFlow " + name + ": expected gradients of shape [T, B, H] but got "
                    + Arrays.toString(stateGradients.shape()));
        int T = stateGradients.size(0), B = stateGradients.size(1), H = stateGradients.size(2);
        float[] g = stateGradients.data();
        double[] norms = new double[T];
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++) norms[t] += norm(g, (t * B + b) * H, H) / B;
        return new GradientFlow(name, norms);
    }

    private static double norm(float[] g, int from, int n) {
        double sum = 0;
        for (int i = from; i < from + n; i++) sum += (double) g[i] * g[i];
        return Math.sqrt(sum);
    }

    /**
     * Of the states h_1, …, h_T of a loop of your own, each {@code [B, H]} with {@link Tensor#keepGradient()} called
     * before {@code backward()}.
     *
     * @throws IllegalArgumentException if none of them kept a gradient
     */
    public static GradientFlow of(String name, List<Tensor> states) {
        if (states.stream().allMatch(h -> h.gradientData() == null))
            throw new IllegalStateException(Message.of("GradientFlow " + name + ": none of " + states.size()
                    + " states kept a gradient; call keepGradient() on each of them before backward()"));
        return of(name, Tensor.stack(
                states.stream().map(h -> h.gradientData() == null ? Tensor.zeros(h.shape()) : h.gradient()).toList()));
    }

    /**
     * Of a cell that reads {@code x [T, B, I]}: what reaches the first part of its state, h (or z, of a cell that
     * remembers what stands before σ).
     *
     * @param loss one number from the states {@code [T, B, H]}
     */
    public static <S extends State> GradientFlow through(Cell<S> cell, Tensor x, Function<Tensor, Tensor> loss) {
        return through(cell.toString(), 0, cell, x, loss);
    }

    /**
     * The same for another part of the state: {@code through("c", lstm, x, loss)} for ‖∂L/∂c_t‖, the way through h_t
     * included.
     */
    public static <S extends State> GradientFlow through(String part, Cell<S> cell, Tensor x,
            Function<Tensor, Tensor> loss) {
        List<String> names = Jacobian.names(cell.initialState(1));
        if (!names.contains(part))
            throw new IllegalArgumentException(
                    Message.of("GradientFlow of " + cell + ": the state has no part " + part + "; it has " + names));
        return through(cell + ", " + part, names.indexOf(part), cell, x, loss);
    }

    private static <S extends State> GradientFlow through(String name, int part, Cell<S> cell, Tensor x,
            Function<Tensor, Tensor> loss) {
        Tensor inputs = Measurement.sequences("GradientFlow", cell, x);
        return Measurement.keepingGradients(cell.parameters(), () -> {
            List<Tensor> seen = new ArrayList<>(), watched = new ArrayList<>();
            S state = cell.initialState(inputs.size(1));
            for (int t = 0; t < inputs.size(0); t++) {
                state = cell.step(inputs.at(t), state);
                seen.add(state.h());
                // what the next step reads; h() may be computed anew
                watched.add(state.tensors().get(part).keepGradient());
            }
            loss.apply(Tensor.stack(seen)).backward();
            return of(name, watched);
        });
    }

    /**
     * The norm at the first step divided by that at the last: how much of the gradient of a loss at the end is left at
     * the beginning.
     */
    public double left() { return norms[0] / norms[norms.length - 1]; }

    @Override public double[] norms() { return norms.clone(); }

    @Override public String toString() {
        return "GradientFlow " + name + ": " + norms.length + " steps, norm " + Measurement.text(norms[0])
                + " at the first, "
                + Measurement.text(norms[norms.length - 1]) + " at the last";
    }
}
