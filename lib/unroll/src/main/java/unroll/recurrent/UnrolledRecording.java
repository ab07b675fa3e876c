package unroll.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Tape;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/** The recording of an {@link Unrolled} cell: the tensors that it names at each step, which keep their gradients. */
final class UnrolledRecording extends Recording {
    private static final Set<String> NONLINEARITIES = Set.of("sigmoid", "tanh", "relu", "softplus");

    /** What goes into its non-linearity; the gate itself where it has none. */
    private record Gate(Tensor value, Tensor preactivation) {
        static Gate of(Tensor value) {
            Gate gate = new Gate(value, NONLINEARITIES.contains(value.operation()) ? value.inputs().get(0) : value);
            gate.preactivation.keepGradient();
            return gate;
        }
    }

    private final int[] lengths;
    private final List<Map<String, Gate>> steps = new ArrayList<>();
    private final List<Tensor> states = new ArrayList<>();
    private boolean remembersH = true;                                     // whether h is among what the cell remembers

    UnrolledRecording(Unrolled<?> layer, int[] lengths) {
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

    @Override public List<String> gates() { return steps.isEmpty() ? List.of() : List.copyOf(steps.get(0).keySet()); }

    @Override Tensor values(int gate) { return stack(named(gate, Gate::value), Tensor::data); }

    @Override boolean hasGradients() {
        Stream<Tensor> gates = steps.stream().flatMap(step -> step.values().stream()).map(Gate::preactivation);
        return Stream.concat(states.stream(), gates).anyMatch(t -> t.gradientData() != null);
    }

    @Override public Tensor stateGradient() {
        if (!remembersH)
            throw new UnsupportedOperationException(
                    Message.of(this + ": stateGradient: the cell remembers no h but computes it from something else; "
                            + "name that and ask for its preactivationGradient"));
        requireGradients("stateGradient");
        return stack(states, Tensor::gradientData);
    }

    @Override Tensor gradients(int gate) { return stack(named(gate, Gate::preactivation), Tensor::gradientData); }

    private List<Tensor> named(int gate, Function<Gate, Tensor> which) {
        String name = gates().get(gate);
        return steps.stream().map(step -> which.apply(step.get(name))).toList();
    }

    /** One array a step, behind each other, zeros in the padding and where nothing arrived. */
    private Tensor stack(List<Tensor> tensors, Function<Tensor, float[]> numbers) {
        int T = tensors.size(), size = tensors.get(0).size(), B = tensors.get(0).size(0), row = size / B;
        float[] all = Shape.room("Recording", new int[] {T, size});
        for (int t = 0; t < T; t++) {
            float[] one = numbers.apply(tensors.get(t));
            for (int b = 0; one != null && b < B; b++)
                if (lengths == null || t < lengths[b]) System.arraycopy(one, b * row, all, t * size + b * row, row);
        }
        int[] own = tensors.get(0).shape(), shape = new int[own.length + 1];
        shape[0] = T;
        System.arraycopy(own, 0, shape, 1, own.length);
        return Tensor.of(all, shape);
    }

    @Override public Tensor recurrentWeightGradient(int t) { throw unsupported("recurrentWeightGradient"); }

    @Override public Tensor inputWeightGradient(int t) { throw unsupported("inputWeightGradient"); }

    private UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(Message.of(
                this + ": " + what
                        + ": an unrolled cell may use its weights in any way; Lstm, Gru and Rnn know what each step "
                        + "gives to them"));
    }
}
