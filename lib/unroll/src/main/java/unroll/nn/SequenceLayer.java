package unroll.nn;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Spare;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A layer that reads a sequence step by step and can go on later where it stopped: what recurrent and state-space
 * layers have in common.
 */
public abstract class SequenceLayer extends Module {
    /**
     * What a layer gives.
     *
     * @param states its output at each step, {@code [T, B, outputSize]}
     * @param last   what it remembers after the last step
     */
    public record Output(Tensor states, State last) {
    }

    /** The configuration of a layer, from which layers with their own weights are built. */
    public interface Spec {
        SequenceLayer build(Rng rng);

        /** The size of what it reads. */
        int inputSize();
    }

    /** Reads {@code x [T, B, inputSize]} from the initial state. */
    public final Output apply(Tensor x) {
        requireInput(x);
        return run(x, initialState(x.size(1)), Lengths.full(x.size(0), x.size(1)));
    }

    /** Reads {@code x [T, B, inputSize]}, starting from a state of this layer. */
    public final Output apply(Tensor x, State initial) {
        requireInput(x);
        return pass(x, initial, Lengths.full(x.size(0), x.size(1)));
    }

    /** Reads sequences of different lengths from the initial state: see {@link #apply(Tensor, State, Lengths)}. */
    public final Output apply(Tensor x, Lengths lengths) {
        requireInput(x);
        return apply(x, initialState(x.size(1)), lengths);
    }

    /**
     * Reads sequences of different lengths side by side, padded to T steps. What stands in the padding is never looked
     * at: outputs there are zeros, and the last state is that at the end of each sequence, as if each had been read
     * alone.
     */
    public final Output apply(Tensor x, State initial, Lengths lengths) {
        requireInput(x);
        Lengths within = lengths.in(this, x.size(0), x.size(1));
        // Whatever stands in the padding would reach the weights, if only as NaN: 0 · NaN is not 0. Often it is
        // zero: padded with zeros, or the output of a layer below.
        return pass(within.clears(x) ? x : within.clear(x), initial, within);
    }

    private Output pass(Tensor x, State initial, Lengths lengths) {
        if (!keepsTensors()) return run(x, initial, lengths);
        Spare.keep(x);
        Output out = run(x, initial, lengths);
        Spare.keep(out.states());
        return out;
    }

    /**
     * Whether this layer may hold on to a tensor that it reads or gives, for others to look at later, or gives one that
     * it has not made. A layer says no if it never does: then their memory can be used again, see {@link Spare}.
     */
    protected boolean keepsTensors() { return true; }

    /** What the layer does; {@code x} (zeros in its padding) and {@code lengths} are checked. */
    protected abstract Output run(Tensor x, State initial, Lengths lengths);

    /**
     * Whether no output depends on a later step, so that the layer can be part of what predicts the next one. By
     * default that is so where every sequence layer within this one, and within its other parts, is causal; a layer
     * that looks ahead by itself says no.
     */
    public boolean causal() { return causalWithin(this); }

    private static boolean causalWithin(Module module) {
        for (Module part : module.children())
            if (!(part instanceof SequenceLayer layer ? layer.causal() : causalWithin(part))) return false;
        return true;
    }

    /**
     * For a model that predicts what comes next: throws where this layer looks at it, by what it says of itself and by
     * what a short sequence shows, since a layer of one's own may hold parts that it does not name.
     *
     * @throws IllegalArgumentException naming the model and this layer
     */
    public final void requireCausal(String model) {
        if (!causal() || looksAhead())
            throw new IllegalArgumentException(Message.of(model + ": " + this + " reads what comes later, but the "
                    + model
                    + " has yet to predict that; choose a layer that reads in one direction, without bidirectional()"));
    }

    /**
     * Whether the first outputs change with the last input. Noise of one's own, or a layer that wants longer sequences,
     * proves nothing.
     */
    private boolean looksAhead() {
        // four steps, for which an interrupt can wait: the guard holds for everybody
        boolean flag = Thread.interrupted();
        try {
            int T = 4, I = inputSize();
            Tensor x = Rng.seed(1).normal(T, 1, I),
                    other = x.add(Tensor.concat(0, List.of(Tensor.zeros(T - 1, 1, I), Tensor.ones(1, 1, I))));
            return quietly(() -> {
                Tensor first = beginning(x);
                return first.isFinite() && first.sub(beginning(x)).norm() == 0
                        && first.sub(beginning(other)).norm() > 1e-3 * (1 + first.norm());
            });
        } catch (RuntimeException e) {
            return false;
        } finally {
            if (flag) Thread.currentThread().interrupt();
        }
    }

    private Tensor beginning(Tensor x) { return apply(x).states().slice(0, 0, x.size(0) - 1); }

    /** The state before the first step: zeros, where nothing else is said. */
    public abstract State initialState(int batch);

    /** A state as one of this layer's kind; throws with both kinds where it is another layer's. */
    protected final <S extends State> S own(State state, Class<S> kind) {
        if (!kind.isInstance(state))
            throw new IllegalArgumentException(Message.of(this + ": expected a state of kind " + kind.getSimpleName()
                    + " but got " + state.getClass().getSimpleName()));
        return kind.cast(state);
    }

    /** Throws with both shapes where a part of a state has another shape than the layer's. */
    protected final void requireState(Tensor part, int... shape) {
        if (!Arrays.equals(part.shape(), shape))
            throw new ShapeException(this + ": expected a state of shape " + Arrays.toString(shape) + " but got "
                    + Arrays.toString(part.shape()));
    }

    public abstract int inputSize();

    public abstract int outputSize();

    /** Throws with both shapes when x is not {@code [T, B, inputSize]}. */
    protected final void requireInput(Tensor x) {
        if (x.rank() != 3 || x.size(2) != inputSize())
            throw new ShapeException(
                    this + ": expected x of shape [T, B, " + inputSize() + "] but got " + Arrays.toString(x.shape())
                            + (x.rank() != 3
                                    ? ""
                                    : "; did the vocabulary or the embedding change after this layer was built?"));
        if (x.size(0) == 0 || x.size(1) == 0)
            throw new ShapeException(
                    this + ": expected at least one step and one sequence but got " + Arrays.toString(x.shape()));
    }
}
