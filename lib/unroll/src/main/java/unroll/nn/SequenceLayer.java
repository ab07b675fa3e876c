package unroll.nn;

import java.util.Arrays;

import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** A layer that reads a sequence step by step and can go on later where it stopped: what recurrent and state-space layers have in common. */
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

    /** Reads {@code x [T, B, inputSize]}, starting from a state of this layer. */
    public abstract Output apply(Tensor x, State initial);

    /** Reads {@code x [T, B, inputSize]} from the initial state. */
    public final Output apply(Tensor x) {
        requireInput(x);
        return apply(x, initialState(x.size(1)));
    }

    /** The state before the first step: zeros, where nothing else is said. */
    public abstract State initialState(int batch);

    public abstract int inputSize();

    public abstract int outputSize();

    /** Throws with both shapes when x is not {@code [T, B, inputSize]}. */
    protected final void requireInput(Tensor x) {
        if (x.rank() != 3 || x.size(2) != inputSize())
            throw new ShapeException(this + ": expected x of shape [T, B, " + inputSize() + "] but got " + Arrays.toString(x.shape())
                    + (x.rank() == 3 && x.size(2) != inputSize() ? "; did the vocabulary or the embedding change after this layer was built?" : ""));
        if (x.size(0) == 0 || x.size(1) == 0)
            throw new ShapeException(this + ": expected at least one step and one sequence but got " + Arrays.toString(x.shape()));
    }
}
