package unroll.recurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A recurrent layer that is one operation on the tape, with a backward pass of its own. {@link Lstm}, {@link Gru} and
 * {@link Rnn} say how many gates they have and what their {@link Recurrence} is; the rest is the same for all.
 */
abstract class FusedLayer<S extends State> extends SequenceLayer {
    private final String operation, more;
    private final Cell<S> cell;
    private final Parameter w, u;
    private final List<Parameter> biases;
    // memory of passes that are over, for the next ones
    private final Deque<FusedPass> free = new ArrayDeque<>();

    /**
     * Runs the weights of a cell: the first is W [I, G H], the second U [H, G H], the others biases.
     *
     * @param learned whether the state before the first step is learned too
     * @param more    what toString() says beside the sizes
     */
    FusedLayer(String operation, Cell<S> weights, boolean learned, String more) {
        this.operation = operation;
        this.more = more;
        cell = LearnedInitialState.around(weights, learned);
        List<Parameter> all = weights.parameters();
        w = all.get(0);
        u = all.get(1);
        biases = all.subList(2, all.size());
        cell.parameters().forEach(this::parameter);
    }

    /** Whether the gates need x_t W and h_{t-1} U apart. */
    abstract boolean apart();

    /** Whether the last gate's product with U waits for the others: {@link SequencePass.Part#lastGate}. */
    boolean lastGateLater() {
        return false;
    }

    /**
     * The names of the gates, in the order of their columns in W and U; then that of the memory, where there is one.
     */
    abstract List<String> gates();

    abstract Recurrence recurrence(SequencePass.Part part, int T);

    @Override protected final Output run(Tensor x, State initial, Lengths lengths) {
        int T = x.size(0), B = x.size(1), H = outputSize();
        S none = cell.initialState(1);
        if (initial.getClass() != none.getClass())
            throw new IllegalArgumentException(Message.of(
                    this + ": expected a state of kind " + none.getClass().getSimpleName() + " but got "
                            + initial.getClass().getSimpleName()));
        for (Tensor t : initial.tensors())
            if (!Arrays.equals(t.shape(), new int[] {B, H}))
                throw new ShapeException(this + ": expected a state of shape [" + B + ", " + H + "] but got "
                        + Arrays.toString(t.shape()));
        Tensor h0 = initial.tensors().get(0), c0 = initial.tensors().size() > 1 ? initial.tensors().get(1) : null;
        // the gates: more numbers than there are states
        Shape.size(this, new int[] {T, B, w.size(1)}, x, w);
        FusedPass pass = take(T, B);
        float[] y = pass.forward(T, x.data(), h0.data(), c0 == null ? null : c0.data(), w, u, bias(), lengths);
        FusedRecording recording = Recording.wanted() ? new FusedRecording(this, gates(), x, h0, lengths) : null;
        if (recording != null) pass.record(recording);
        List<float[]> values = new ArrayList<>(List.of(y, pass.lastState()));
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {T, B, H}, new int[] {B, H}));
        if (c0 != null) {
            values.add(pass.lastMemory());
            shapes.add(new int[] {B, H});
        }
        List<Tensor> inputs = new ArrayList<>(List.of(x, h0));
        if (c0 != null) inputs.add(c0);
        inputs.addAll(List.of(w, u));
        inputs.addAll(biases);
        List<Tensor> out = Tape.record(operation, values, shapes, g -> {
            float[] dy = g.get(0), dx = !x.requiresGradient() ? null : x.size() == dy.length ? dy : new float[x.size()];
            pass.back(dy, g.get(1), c0 == null ? null : g.get(2), w, u, dx, recording);
            if (dx != null) x.take(dx);
            if (h0.requiresGradient()) h0.take(pass.initialStateGradient());
            if (c0 != null && c0.requiresGradient()) c0.take(pass.initialMemoryGradient());
            pass.addInputWeightGradient(w.gradientRoom());
            pass.addRecurrentWeightGradient(u.gradientRoom());
            takeBias(pass.biasGradient(bias().length));
            give(pass);
        }, inputs.toArray(Tensor[]::new));
        if (!out.get(0).requiresGradient()) give(pass);
        Output output = new Output(out.get(0), initial.with(out.subList(1, out.size())));
        return recording == null ? output : recording.finish(output);
    }

    /** All biases behind each other. */
    private float[] bias() {
        if (biases.size() == 1) return biases.get(0).data();
        float[] all = new float[biases.stream().mapToInt(Parameter::size).sum()];
        int at = 0;
        for (Parameter b : biases) {
            System.arraycopy(b.data(), 0, all, at, b.size());
            at += b.size();
        }
        return all;
    }

    private void takeBias(float[] g) {
        int at = 0;
        for (Parameter b : biases) {
            b.take(Arrays.copyOfRange(g, at, at + b.size()));
            at += b.size();
        }
    }

    private FusedPass take(int T, int B) {
        synchronized (free) {
            for (FusedPass p : free)
                if (p.fits(T, B)) {
                    free.remove(p);
                    return p;
                }
        }
        return new FusedPass(
                new SequencePass((int) Math.min(Shape.MOST, (T + 15L) / 16 * 16), B, inputSize(), outputSize(),
                        w.size(1) / outputSize(), apart(),
                        lastGateLater()),
                this::recurrence);
    }

    private void give(FusedPass pass) {
        synchronized (free) {
            free.addFirst(pass);
            while (free.size() > 2) free.removeLast().free();
        }
    }

    /** The same weights one step at a time. */
    public final Cell<S> cell() { return cell; }

    @Override public final S initialState(int batch) { return cell.initialState(batch); }

    @Override public final int inputSize() { return cell.inputSize(); }

    @Override public final int outputSize() { return cell.hiddenSize(); }

    @Override public final String toString() {
        return getClass().getSimpleName() + "(input=" + inputSize() + ", hidden=" + outputSize() + more + ")";
    }
}
