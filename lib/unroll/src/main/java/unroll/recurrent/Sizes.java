package unroll.recurrent;

import java.util.Arrays;

import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Checks that name what was wrong before a matrix product would complain about inner shapes. */
final class Sizes {
    private Sizes() {
    }

    static int positive(String owner, String what, int value) {
        if (value < 1)
            throw new IllegalArgumentException(
                    Message.of(owner + ": expected " + what + " of at least 1 but got " + value));
        return value;
    }

    /** One step reads {@code [B, I]} and states {@code [B, H]}. */
    static void step(Object cell, int inputSize, int hiddenSize, Tensor x, State s) {
        if (x.rank() != 2 || x.size(1) != inputSize)
            throw new ShapeException(
                    cell + ": expected x of shape [B, " + inputSize + "] but got " + Arrays.toString(x.shape()));
        for (Tensor t : s.tensors())
            if (t.rank() != 2 || t.size(1) != hiddenSize || t.size(0) != x.size(0))
                throw new ShapeException(
                        cell + ": expected a state of shape [" + x.size(0) + ", " + hiddenSize + "] but got "
                                + Arrays.toString(t.shape()));
    }
}
