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
    private final GateWeights inputWeights, recurrentWeights;               // these where the recurrent side is apart
    // what has run, with its memory for the next runs
    private final Deque<Recurrence> free = new ArrayDeque<>();
    private volatile InputTable table;                                     // of the last inputs that came from one

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
        boolean apart = biases.size() > 1;
        inputWeights = apart ? new GateWeights(w, biases.get(0)) : new GateWeights(w, biases.get(0), u);
        recurrentWeights = apart ? new GateWeights(u, biases.get(1)) : null;
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
        Matrix weights = inputWeights.matrix();
        InputTable.Read read = InputTable.of(x, table, weights, inputWeights.version());
        if (read != null) table = read.table();
        pass.forward(x, read, lengths, weights, recurrentWeights == null ? null : recurrentWeights.matrix(), start, y);
        List<float[]> values = new ArrayList<>(List.of(y, pass.h.clone()));
        if (start.size() > 1) values.add(pass.memory(T).clone());
        Recording.OfPass recording = Recording.wanted()
                ? new Recording.OfPass(this, x, start.get(0), lengths, pass)
                : null;
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {T, B, outputSize()}));
        Tensor source = read == null ? x : read.vectors();
        List<Tensor> inputs = new ArrayList<>(List.of(source));
        for (Tensor t : start) {
            shapes.add(t.shape());
            inputs.add(t);
        }
        inputs.addAll(List.of(w, u));
        inputs.addAll(biases);
        List<Tensor> out = Tape.record(operation, values, shapes, g -> {
            float[] dy = g.get(0),
                    dx = read == null && x.requiresGradient() ? Spare.gradientRoom(x, dy) : null;
            pass.back(g, source.requiresGradient() ? Matrix.transposeOf(w) : null, Matrix.transposeOf(u), dx,
                    recording);
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
     * Weights below each other, of biases the last columns of a row, as native products read them: those that have
     * changed are put there again.
     */
    private static final class GateWeights {
        private final Parameter[] parts;
        private final Matrix[] places;
        private final long[] versions;
        private Matrix all;

        GateWeights(Parameter... parts) {
            this.parts = parts;
            places = new Matrix[parts.length];
            versions = new long[parts.length];
        }

        synchronized Matrix matrix() {
            if (all == null) lay();
            for (int i = 0; i < parts.length; i++) if (versions[i] != parts[i].version()) {
                versions[i] = parts[i].version();
                places[i].put(parts[i]);
            }
            return all;
        }

        private void lay() {
            int columns = parts[0].size(1);
            long rows = 0;
            for (Parameter part : parts) rows += rows(part);
            all = Matrix.room(rows, columns);
            int row = 0;
            for (int i = 0; i < parts.length; i++) {
                int own = parts[i].size(parts[i].rank() - 1);
                all.put(row, 1, 0, columns, new float[columns], 0);
                places[i] = all.block(row, rows(parts[i]), columns - own, own);
                versions[i] = -1;
                row += rows(parts[i]);
            }
        }

        /** Another one when a part has changed. */
        long version() {
            long sum = 0;
            for (Parameter part : parts) sum += part.version();            // none of them ever goes back
            return sum;
        }

        private static int rows(Parameter part) {
            return part.rank() == 1 ? 1 : part.size(0);
        }
    }
}
