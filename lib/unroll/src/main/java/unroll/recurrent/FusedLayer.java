package unroll.recurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A recurrent layer that is one operation on the tape, with a backward pass of its own. {@link Lstm}, {@link Gru} and
 * {@link Rnn} say what their gates are called and what their {@link Recurrence} is; the rest is the same for all.
 */
abstract class FusedLayer<S extends State> extends CellLayer<S> {
    private final String operation;
    private final Parameter w, u;
    private final List<Parameter> biases;
    // the parts of passes that are over, with their memory for the next ones
    private final Deque<List<Recurrence>> free = new ArrayDeque<>();

    /**
     * Runs the weights of a cell.
     *
     * @param learned whether the state before the first step is learned too
     * @param more    what toString() says beside the sizes
     */
    FusedLayer(String operation, GatedCell<S> weights, boolean learned, String more) {
        super(LearnedInitialState.around(weights, learned), more);
        this.operation = operation;
        w = weights.w();
        u = weights.u();
        biases = weights.biases();
    }

    /**
     * The names of the gates, in the order of their columns in W and U; then that of the memory, where there is one.
     */
    abstract List<String> gates();

    abstract Recurrence recurrence(Recurrence.Room room);

    @Override protected final Output run(Tensor x, State initial, Lengths lengths) {
        int T = x.size(0), B = x.size(1);
        List<Tensor> start = checked(initial, B).tensors();                // h, and the memory where there is one
        // the gates: more numbers than there are states
        Shape.size(this, new int[] {T, B, w.size(1)}, x, w);
        FusedPass pass = new FusedPass(take(T, B), x, lengths, w, u);
        List<float[]> values = pass.forward(start, bias());
        if (Recording.wanted())
            pass.recording = new Recording.OfPass(this, x, start.get(0), lengths, pass.parts());
        Recording.OfPass recording = pass.recording;
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {T, B, outputSize()}));
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        for (Tensor t : start) {
            shapes.add(t.shape());
            inputs.add(t);
        }
        inputs.addAll(List.of(w, u));
        inputs.addAll(biases);
        List<Tensor> out = Tape.record(operation, values, shapes, g -> {
            float[] dy = g.get(0), dx = !x.requiresGradient() ? null : x.size() == dy.length ? dy : new float[x.size()];
            pass.back(dy, g.get(1), start.size() == 1 ? null : g.get(2), dx);
            if (dx != null) x.take(dx);
            for (int i = 0; i < start.size(); i++)
                if (start.get(i).requiresGradient()) start.get(i).take(pass.startGradient(i));
            takeBias(pass.biasGradient(bias().length));
            give(pass.parts());
        }, inputs.toArray(Tensor[]::new));
        if (!out.get(0).requiresGradient()) give(pass.parts());
        Output output = new Output(out.get(0), initial.with(out.subList(1, out.size())));
        return recording == null ? output : recording.finish(output);
    }

    /** All biases behind each other. */
    private float[] bias() {
        if (biases.size() == 1) return biases.get(0).data();
        return Tape.noGrad(() -> Tensor.concat(0, List.copyOf(biases))).data();
    }

    private void takeBias(float[] g) {
        int at = 0;
        for (Parameter b : biases) {
            b.take(Arrays.copyOfRange(g, at, at + b.size()));
            at += b.size();
        }
    }

    private List<Recurrence> take(int T, int B) {
        synchronized (free) {
            for (List<Recurrence> parts : free)
                if (parts.get(0).fits(T, B)) {
                    free.remove(parts);
                    return parts;
                }
        }
        int capacity = (int) Math.min(Shape.MOST, (T + 15L) / 16 * 16);
        return Recurrence.Rows.parts(B).stream()
                .map(rows -> recurrence(new Recurrence.Room(rows, capacity, inputSize(), outputSize()))).toList();
    }

    private void give(List<Recurrence> parts) {
        synchronized (free) {
            free.addFirst(parts);
            while (free.size() > 2) free.removeLast().forEach(Recurrence::free);
        }
    }
}
