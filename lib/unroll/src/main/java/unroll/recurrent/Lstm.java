package unroll.recurrent;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Long short-term memory over whole sequences: the equations of {@link LstmCell} as one operation with a backward pass of its own.
 *
 * <pre>{@code
 * var lstm = Lstm.of(64, 256).layers(2).dropout(0.2).build(rng);
 * var out = lstm.apply(x);                                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Lstm extends SequenceLayer {
    private final int I, H;
    private final Parameter w, u, b;
    private final LstmCell cell;
    private final Deque<LstmPass> free = new ArrayDeque<>();               // memory of passes that are over, for the next ones

    /** Runs the weights of a cell, which may be shared with an {@link Unrolled} layer. */
    public Lstm(LstmCell cell) {
        this.cell = cell;
        I = cell.inputSize();
        H = cell.hiddenSize();
        List<Parameter> all = cell.parameters();
        w = parameter(all.get(0));
        u = parameter(all.get(1));
        b = parameter(all.get(2));
    }

    /** The configuration of one or more layers. */
    public static RecurrentSpec of(int inputSize, int hiddenSize) {
        return new RecurrentSpec("Lstm", (in, hidden, rng) -> new Lstm(new LstmCell(in, hidden, rng)), inputSize, hiddenSize, 1, 0);
    }

    @Override public Output apply(Tensor x, State initial) {
        requireInput(x);
        int T = x.size(0), B = x.size(1);
        if (!(initial instanceof LstmState s))
            throw new IllegalArgumentException(this + ": expected an LstmState but got " + initial.getClass().getSimpleName());
        for (Tensor t : initial.tensors())
            if (!Arrays.equals(t.shape(), new int[] {B, H}))
                throw new ShapeException(this + ": expected a state of shape [" + B + ", " + H + "] but got " + Arrays.toString(t.shape()));
        Tensor h0 = s.h(), c0 = s.c();
        LstmPass pass = take(T, B);
        float[] y = pass.forward(x.data(), h0.data(), c0.data(), w, u, b.data());
        float[] last = Arrays.copyOfRange(y, (T - 1) * B * H, T * B * H), c = pass.lastMemory();
        List<Tensor> out = Tape.record("lstm", List.of(y, last, c), List.of(new int[] {T, B, H}, new int[] {B, H}, new int[] {B, H}), g -> {
            pass.back(g.get(0), g.get(1), g.get(2), u);
            if (x.requiresGradient()) x.take(pass.inputGradient(w));
            if (h0.requiresGradient()) h0.take(pass.initialStateGradient());
            if (c0.requiresGradient()) c0.take(pass.initialMemoryGradient());
            w.take(pass.inputWeightGradient());
            u.take(pass.recurrentWeightGradient());
            b.take(pass.biasGradient());
            give(pass);
        }, x, h0, c0, w, u, b);
        if (!out.get(0).requiresGradient()) give(pass);
        return new Output(out.get(0), new LstmState(out.get(1), out.get(2)));
    }

    private LstmPass take(int T, int B) {
        synchronized (free) {
            for (LstmPass p : free)
                if (p.fits(T, B)) {
                    free.remove(p);
                    return p;
                }
        }
        return new LstmPass(T, B, I, H);
    }

    private void give(LstmPass pass) {
        synchronized (free) {
            free.addFirst(pass);
            while (free.size() > 2) free.removeLast();
        }
    }

    /** The same weights one step at a time. */
    public LstmCell cell() { return cell; }

    @Override public LstmState initialState(int batch) { return cell.initialState(batch); }

    @Override public int inputSize() { return I; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return "Lstm(input=" + I + ", hidden=" + H + ")"; }
}
