package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Tensor;

/**
 * What happened within a recurrent layer while it read a sequence: the values of its gates at each step, and, after
 * {@code backward()}, the gradients at each step. {@link Lstm}, {@link Gru}, {@link Rnn} and {@link Unrolled} can be
 * recorded; outputs and gradients are the same bits as without.
 *
 * <pre>{@code
 * Recording r = Recording.of(layer, x);                            // in place of layer.apply(x); x: [T, B, I]
 * r.gate("f");  // [T, B, H], the forget gate; r.gates() → [i, f, g, o, c]
 * r.output().states().at(T - 1).square().sum().backward();
 * r.stateGradient();  // [T, B, H], ∂L/∂h_t: how far does the gradient reach?
 *
 * var run = Recording.during(() -> model.loss(batch));             // layers within a model, stacked or bidirectional
 * run.result().backward();
 * run.layers().get(0).preactivationGradient("f");
 * }</pre>
 *
 * The gates of an unrolled cell are the tensors that it names ({@link Tensor#named}), so that a cell of your own can be
 * recorded too. Results have the order of the steps as the layer read them (of the backward layer of a
 * {@link Bidirectional}: from the end), zeros in the padding of sequences of different lengths, and no graph behind
 * them.
 */
public abstract sealed class Recording permits FusedRecording, UnrolledRecording {
    private static final ThreadLocal<List<Recording>> OPEN = new ThreadLocal<>();

    private final SequenceLayer layer;
    private Output output;

    Recording(SequenceLayer layer) { this.layer = layer; }

    /** Runs one layer from its initial state. */
    public static Recording of(SequenceLayer layer, Tensor x) {
        return of(layer, () -> layer.apply(x));
    }

    /** Runs one layer from a state of its kind. */
    public static Recording of(SequenceLayer layer, Tensor x, State initial) {
        return of(layer, () -> layer.apply(x, initial));
    }

    /** Runs one layer on sequences of different lengths. */
    public static Recording of(SequenceLayer layer, Tensor x, Lengths lengths) {
        return of(layer, () -> layer.apply(x, lengths));
    }

    /** Runs one layer on sequences of different lengths from a state of its kind. */
    public static Recording of(SequenceLayer layer, Tensor x, State initial, Lengths lengths) {
        return of(layer, () -> layer.apply(x, initial, lengths));
    }

    private static Recording of(SequenceLayer layer, Supplier<Output> run) {
        List<Recording> all = during(run).layers();
        if (all.size() == 1 && all.get(0).layer == layer) return all.get(0);
        throw new IllegalArgumentException(
                Message.of("Recording.of: " + layer
                        + " is not itself a layer that can be recorded (Lstm, Gru, Rnn, Unrolled); "
                        + (all.isEmpty()
                                ? "if it has a cell, record new Unrolled<>(layer.cell())"
                                : "the " + all.size()
                                        + " within it can: Recording.during(() -> layer.apply(x)).layers()")));
    }

    /** Runs {@code work} and records every layer that can be recorded and runs in it, on this thread. */
    public static <T> Recorded<T> during(Supplier<T> work) {
        List<Recording> outer = OPEN.get(), own = new ArrayList<>();
        OPEN.set(own);
        try {
            return new Recorded<>(work.get(), own);
        } finally {
            if (outer == null) OPEN.remove();
            else
                OPEN.set(outer);
            if (outer != null) outer.addAll(own);
        }
    }

    /** Whether a layer that runs now is to be recorded. */
    static boolean wanted() { return OPEN.get() != null; }

    /** The layer is done. */
    final Output finish(Output output) {
        this.output = output;
        OPEN.get().add(this);
        return output;
    }

    /** Which layer it was. */
    public final SequenceLayer layer() { return layer; }

    /** What the layer gave, with the graph behind it: a loss is computed from this. */
    public final Output output() {
        return output;
    }

    /**
     * The names of what was recorded, in the order of the equations: i, f, g, o, c of an LSTM; r, z, n of a GRU; h of a
     * simple network.
     */
    public abstract List<String> gates();

    abstract Tensor values(int gate);

    abstract Tensor gradients(int gate);

    /** Whether backward() has passed. */
    abstract boolean hasGradients();

    /** h_t, {@code [T, B, H]}. */
    public final Tensor states() { return output.states().detach(); }

    /** The values of a gate, {@code [T, B, H]}. */
    public final Tensor gate(String name) { return values(index(name)); }

    /** The memory c_t of an LSTM, {@code [T, B, H]}; the same as {@code gate("c")}. */
    public final Tensor memory() {
        return gate("c");
    }

    /** ∂L/∂h_t, {@code [T, B, H]}: all of it, through the output at t and through all later steps. */
    public abstract Tensor stateGradient();

    /** ∂L/∂c_t of an LSTM, {@code [T, B, H]}: all of it, through h_t and through all later steps. */
    public final Tensor memoryGradient() {
        return preactivationGradient("c");
    }

    /**
     * ∂L/∂ of what goes into the non-linearity of a gate, {@code [T, B, H]}: of the number under σ or tanh. Where a
     * gate has no non-linearity, ∂L/∂ of the gate itself.
     */
    public final Tensor preactivationGradient(String gate) {
        int index = index(gate);
        requireGradients("preactivationGradient");
        return gradients(index);
    }

    /**
     * What step t gives to the gradient of U, {@code [H, G H]}: h_{t-1}ᵀ ∂L/∂(h_{t-1} U), and (r ∘ h_{t-1})ᵀ in the
     * columns of the candidate of a GRU that resets before the product. The sum over t is the gradient of the
     * parameter.
     *
     * @throws UnsupportedOperationException for an unrolled cell, which may use its weights in any way
     */
    public abstract Tensor recurrentWeightGradient(int t);

    /**
     * What step t gives to the gradient of W, {@code [I, G H]}: x_tᵀ ∂L/∂(x_t W). The sum over t is the gradient of the
     * parameter.
     *
     * @throws UnsupportedOperationException for an unrolled cell, which may use its weights in any way
     */
    public abstract Tensor inputWeightGradient(int t);

    private int index(String gate) {
        int index = gates().indexOf(gate);
        if (index >= 0) return index;
        throw new IllegalArgumentException(Message.of(this + ": there is no gate \"" + gate + "\"; "
                + (gates().isEmpty()
                        ? "the cell names none: add .named(\"" + gate + "\") to its tensor"
                        : "there are " + String.join(", ", gates()))));
    }

    final void requireGradients(String what) {
        if (!output.states().requiresGradient())
            throw new IllegalStateException(
                    Message.of(this + ": " + what + ": it was recorded within noGrad, so no gradient can arrive"));
        if (!hasGradients())
            throw new IllegalStateException(Message.of(
                    this + ": " + what
                            + ": no gradient has arrived; call backward() on a loss computed from what the layer "
                            + "gave"));
    }

    @Override public final String toString() {
        return "Recording(" + layer + (output == null ? "" : ", states=" + Arrays.toString(output.states().shape()))
                + ", gates=" + gates() + ")";
    }
}
