package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Matrix;
import unroll.tensor.Message;
import unroll.tensor.Spare;
import unroll.tensor.Tape;
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
public abstract sealed class Recording {
    private static final ThreadLocal<List<Recording>> OPEN = new ThreadLocal<>();

    private final SequenceLayer layer;
    private Output output;

    private Recording(SequenceLayer layer) { this.layer = layer; }

    /**
     * What {@link #during} gives.
     *
     * @param result what the work gave, such as a loss
     * @param layers a recording for each run of a recurrent layer, in the order in which they ran: the lowest layer
     *     first, forward before backward
     */
    public record Recorded<T>(T result, List<Recording> layers) {
        public Recorded {
            layers = List.copyOf(layers);
        }
    }

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
        Spare.keep(output.states());
        OPEN.get().add(this);
        return output;
    }

    /** Which layer it was. */
    public final SequenceLayer layer() { return layer; }

    /** What the layer gave, with the graph behind it, for a loss. */
    public final Output output() { return output; }

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

    /** The memory c_t of an LSTM, {@code [T, B, H]}. */
    public final Tensor memory() { return gate("c"); }

    /** ∂L/∂h_t, {@code [T, B, H]}: all of it, through the output at t and through all later steps. */
    public abstract Tensor stateGradient();

    /** All of ∂L/∂c_t of an LSTM, {@code [T, B, H]}. */
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
    public final Tensor recurrentWeightGradient(int t) { return weightGradient("recurrentWeightGradient", t); }

    /** The same of the gradient of W, {@code [I, G H]}: x_tᵀ ∂L/∂(x_t W). */
    public final Tensor inputWeightGradient(int t) {
        return weightGradient("inputWeightGradient", t);
    }

    abstract Tensor weightGradient(String which, int t);

    private int index(String gate) {
        int index = gates().indexOf(gate);
        if (index >= 0) return index;
        throw new IllegalArgumentException(Message.of(this + ": there is no gate \"" + gate + "\"; "
                + (gates().isEmpty()
                        ? "the cell names none: add .named(\"" + gate + "\") to its tensor"
                        : "there are " + String.join(", ", gates()))));
    }

    final void requireGradients(String what) {
        if (hasGradients()) return;
        throw new IllegalStateException(Message.of(this + ": " + what + (output.states().requiresGradient()
                ? ": no gradient has arrived; call backward() on a loss computed from what the layer gave"
                : ": it was recorded within noGrad, so no gradient can arrive")));
    }

    @Override public final String toString() {
        return "Recording(" + layer + (output == null ? "" : ", states=" + Arrays.toString(output.states().shape()))
                + ", gates=" + gates() + ")";
    }

    /** The recording of a {@link FusedLayer}: copies of what its pass remembers, before the pass is used again. */
    static final class OfPass extends Recording {
        private final List<String> gates;
        private final Tensor x, h0;
        private final int T, B, H, G;
        private final Lengths lengths;
        private final boolean resetFirst;
        private final float[][] values;                                        // by gate, [T, B, H]
        private final float[] stateGradient, memoryGradient;                   // [T, B, H]
        private float[] gateGradients, recurrentGateGradients;                 // [T, B, G H]; null until backward

        /** After the way forward. */
        OfPass(FusedLayer<?> layer, Tensor x, Tensor h0, Lengths lengths, Recurrence run) {
            super(layer);
            gates = layer.gates();
            this.x = x.detach();
            this.h0 = h0.detach();
            this.lengths = lengths;
            resetFirst = run.side == Recurrence.RecurrentSide.LAST_LATER;
            T = x.size(0);
            B = x.size(1);
            H = h0.size(1);
            G = layer.parameters().get(0).size(1) / H;
            values = new float[gates.size()][T * B * H];
            stateGradient = new float[T * B * H];
            memoryGradient = gates.size() > G ? new float[T * B * H] : null;
            for (int gate = 0; gate < values.length; gate++)
                for (int t = 0; t < T; t++) copyGate(run.values(gate, t), t, values[gate]);
        }

        private void copyGate(float[] from, int t, float[] to) {
            for (int b = 0; b < B; b++)
                if (lengths.has(t, b)) System.arraycopy(from, b * H, to, (t * B + b) * H, H);
        }

        /** On the way back, all of ∂L/∂h_t of some rows. */
        void stateGradient(int t, Recurrence.Rows rows, float[] dh) {
            System.arraycopy(dh, rows.from(), stateGradient, t * B * H + rows.from(), rows.count() * H);
        }

        /** The same of the memory. */
        void memoryGradient(int t, Recurrence.Rows rows, float[] dc) {
            System.arraycopy(dc, rows.from(), memoryGradient, t * B * H + rows.from(), rows.count() * H);
        }

        /** On the way back, of a stretch of time. */
        void gateGradients(int from, int to, Matrix input, Matrix recurrent) {
            if (gateGradients == null) {
                gateGradients = new float[T * B * G * H];
                recurrentGateGradients = new float[T * B * G * H];
            }
            input.get(0, (to - from) * B, 0, G * H, gateGradients, from * B * G * H);
            recurrent.get(0, (to - from) * B, 0, G * H, recurrentGateGradients, from * B * G * H);
        }

        @Override public List<String> gates() { return gates; }

        @Override Tensor values(int gate) { return Tensor.of(values[gate], T, B, H); }

        @Override boolean hasGradients() { return gateGradients != null; }

        @Override public Tensor stateGradient() {
            requireGradients("stateGradient");
            return Tensor.of(stateGradient, T, B, H);
        }

        @Override Tensor gradients(int gate) {
            return gate == G
                    ? Tensor.of(memoryGradient, T, B, H)
                    : Tensor.of(gateGradients, T, B, G * H).columns(gate * H, (gate + 1) * H);
        }

        @Override Tensor weightGradient(String which, int t) {
            requireGradients(which);
            if (t < 0 || t >= T)
                throw new IndexOutOfBoundsException(
                        Message.of(this + ": " + which + ": expected a step in 0 to " + (T - 1) + " but got " + t));
            if (which.equals("inputWeightGradient")) return product(x.at(t), gateGradients, t);
            Tensor h = t == 0 ? h0 : states().at(t - 1), all = product(h, recurrentGateGradients, t);
            if (!resetFirst) return all;
            // what the last gate's part of U was multiplied by
            Tensor q = values(gates.indexOf("r")).at(t).mul(h);
            return Tensor.concat(-1, List.of(all.columns(0, (G - 1) * H),
                    product(q, recurrentGateGradients, t).columns((G - 1) * H, G * H)));
        }

        private Tensor product(Tensor left, float[] gradients, int t) {
            return Tape.noGrad(() -> left.transpose().matmul(Tensor.of(gradients, T, B, G * H).at(t)));
        }
    }

    /**
     * The recording of an {@link Unrolled} cell: the tensors that it names at each step, which keep their gradients.
     */
    static final class OfSteps extends Recording {
        private static final Set<String> NONLINEARITIES = Set.of("sigmoid", "tanh", "relu", "softplus");

        /** What goes into its non-linearity; the gate itself where it has none. */
        private record Gate(Tensor value, Tensor preactivation) {
            static Gate of(Tensor value) {
                Gate gate = new Gate(value, NONLINEARITIES.contains(value.operation()) ? value.inputs().get(0) : value);
                gate.preactivation.keepGradient();
                return gate;
            }
        }

        private final Lengths lengths;
        private final List<Map<String, Gate>> steps = new ArrayList<>();
        private final List<Tensor> states = new ArrayList<>();
        // whether h is among what the cell remembers
        private boolean remembersH = true;

        OfSteps(Unrolled<?> layer, Lengths lengths) {
            super(layer);
            this.lengths = lengths;
        }

        /** One step of the cell. */
        <S extends State> S step(Cell<S> cell, Tensor x, S previous) {
            Map<String, Gate> named = new LinkedHashMap<>();
            S next = Tape.overhear(tensor -> hear(named, tensor, x.size(0)), () -> cell.step(x, previous));
            if (!steps.isEmpty() && !List.copyOf(named.keySet()).equals(gates()))
                throw new IllegalStateException(
                        Message.of(this + ": the cell named " + named.keySet() + " at step " + steps.size() + " but "
                                + gates() + " before"));
            steps.add(named);
            Tensor h = next.h();
            remembersH &= next.tensors().stream().anyMatch(t -> t == h);
            states.add(h.keepGradient());
            return next;
        }

        /** What is named may also be a weight: a gate has a row for each sequence. */
        private void hear(Map<String, Gate> named, Tensor tensor, int batch) {
            if (tensor.rank() < 2 || tensor.size(0) != batch) return;
            if (named.put(tensor.name(), Gate.of(tensor)) != null)
                throw new IllegalStateException(
                        Message.of(this + ": the cell named two tensors \"" + tensor.name() + "\" in one step"));
        }

        @Override public List<String> gates() {
            return steps.isEmpty() ? List.of() : List.copyOf(steps.get(0).keySet());
        }

        @Override Tensor values(int gate) { return stack(named(gate, Gate::value), Tensor::detach); }

        @Override boolean hasGradients() {
            Stream<Tensor> gates = steps.stream().flatMap(step -> step.values().stream()).map(Gate::preactivation);
            return Stream.concat(states.stream(), gates).anyMatch(t -> t.gradientData() != null);
        }

        @Override public Tensor stateGradient() {
            if (!remembersH)
                throw new UnsupportedOperationException(Message.of(this
                        + ": stateGradient: the cell remembers no h but computes it from something else; name that "
                        + "and ask for its preactivationGradient"));
            requireGradients("stateGradient");
            return stack(states, OfSteps::gradient);
        }

        @Override Tensor gradients(int gate) { return stack(named(gate, Gate::preactivation), OfSteps::gradient); }

        private List<Tensor> named(int gate, Function<Gate, Tensor> which) {
            String name = gates().get(gate);
            return steps.stream().map(step -> which.apply(step.get(name))).toList();
        }

        /** Zeros where nothing arrived. */
        private static Tensor gradient(Tensor t) {
            return t.gradientData() == null ? Tensor.zeros(t.shape()) : t.gradient();
        }

        /** One a step, behind each other, zeros in the padding. */
        private Tensor stack(List<Tensor> steps, UnaryOperator<Tensor> which) {
            return Tape.noGrad(() -> lengths.clear(Tensor.stack(steps.stream().map(which).toList())));
        }

        @Override Tensor weightGradient(String which, int t) {
            throw new UnsupportedOperationException(Message.of(this + ": " + which
                    + ": an unrolled cell may use its weights in any way; Lstm, Gru and Rnn know what each step gives "
                    + "to them"));
        }
    }
}
