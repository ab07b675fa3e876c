package unroll.recurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.tensor.Matrix;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.Spare;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A recurrent layer that is one operation on the tape, with a backward pass of its own. {@link Lstm}, {@link Gru} and
 * {@link Rnn} say what their gates are called and what their {@link Recurrence} is; the rest is the same for all.
 */
abstract class FusedLayer<S extends State> extends CellLayer<S> {
    private final String operation;
    private final Parameter w, u;
    private final List<Parameter> biases;                                  // of the input side, of the recurrent one
    private final BiasedWeight inputWeights, recurrentWeights;
    // what has run, with its memory for the next runs
    private final Deque<Recurrence> free = new ArrayDeque<>();

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
        inputWeights = new BiasedWeight(w, biases.get(0));
        recurrentWeights = biases.size() > 1 ? new BiasedWeight(u, biases.get(1)) : null;
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
        float[] y = Spare.room("states", new int[] {T, B, outputSize()});
        Recurrence pass = take(T, B, Tape.isRecording() || Recording.wanted());
        pass.forward(x, lengths, inputWeights.matrix(),
                recurrentWeights == null ? Matrix.of(u) : recurrentWeights.matrix(), start, y);
        List<float[]> values = new ArrayList<>(List.of(y, pass.h.clone()));
        if (start.size() > 1) values.add(pass.memory(T).clone());
        Recording.OfPass recording = Recording.wanted()
                ? new Recording.OfPass(this, x, start.get(0), lengths, pass)
                : null;
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {T, B, outputSize()}));
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        for (Tensor t : start) {
            shapes.add(t.shape());
            inputs.add(t);
        }
        inputs.addAll(List.of(w, u));
        inputs.addAll(biases);
        List<Tensor> out = Tape.record(operation, values, shapes, g -> {
            float[] dy = g.get(0), dx = x.requiresGradient() ? Spare.gradientRoom(x, dy) : null;
            pass.back(g, dx == null ? null : Matrix.transposeOf(w), Matrix.transposeOf(u), dx, recording);
            if (dx != null) x.take(dx);
            if (dx != dy) Spare.give(dy);
            g.subList(1, g.size()).forEach(Spare::give);                   // of the last state
            if (start.get(0).requiresGradient()) start.get(0).accumulate(pass.dh);
            if (start.size() > 1 && start.get(1).requiresGradient()) start.get(1).accumulate(pass.memoryGradient());
            pass.giveInputGradients(w, biases.get(0));
            pass.giveRecurrentGradients(u, biases.get(biases.size() - 1));
            give(pass);
        }, inputs.toArray(Tensor[]::new));
        if (!out.get(0).requiresGradient()) give(pass);
        Output output = new Output(Spare.own(out.get(0)), initial.with(out.subList(1, out.size())));
        return recording == null ? output : recording.finish(output);
    }

    @Override protected boolean keepsTensors() { return false; }

    private Recurrence take(int T, int B, boolean kept) {
        synchronized (free) {
            for (Recurrence pass : free)
                if (pass.fits(T, B, kept)) {
                    free.remove(pass);
                    return pass;
                }
        }
        int capacity = (int) Math.min(Shape.MOST, (T + 15L) / 16 * 16);
        return recurrence(new Recurrence.Room(capacity, B, inputSize(), outputSize(), kept));
    }

    private void give(Recurrence pass) {
        pass.forget();
        synchronized (free) {
            free.addFirst(pass);
            while (free.size() > 2) free.removeLast().free();
        }
    }

    /**
     * A weight with a row of biases below it, in its last columns, as native products read it: made again when one of
     * them has changed.
     */
    private static final class BiasedWeight {
        private final Parameter weight, bias;
        private Matrix copy;
        private long weightVersion = -1, biasVersion = -1;

        BiasedWeight(Parameter weight, Parameter bias) {
            this.weight = weight;
            this.bias = bias;
        }

        synchronized Matrix matrix() {
            int rows = weight.size(0), columns = weight.size(1);
            if (copy == null) {
                copy = Matrix.room(rows + 1L, columns);
                copy.put(rows, 1, 0, columns, new float[columns], 0);
            }
            if (weightVersion != weight.version()) copy.put(weight);
            if (biasVersion != bias.version())
                copy.put(rows, 1, columns - bias.size(), bias.size(), bias.data(), 0);
            weightVersion = weight.version();
            biasVersion = bias.version();
            return copy;
        }
    }
}
