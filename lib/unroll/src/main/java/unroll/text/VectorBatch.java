package unroll.text;

import java.util.Arrays;

import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Sequences of vectors that are read together, time-major, with the numbers to be predicted at the end of each.
 *
 * @param inputs  {@code [T, B, I]}
 * @param targets {@code [B, O]}
 */
public record VectorBatch(Tensor inputs, Tensor targets) {
    public VectorBatch {
        if (inputs.rank() != 3 || targets.rank() != 2 || inputs.size(1) != targets.size(0))
            throw new ShapeException("VectorBatch: expected inputs [T, B, I] and targets [B, O] but got "
                    + Arrays.toString(inputs.shape()) + " and " + Arrays.toString(targets.shape()));
    }

    public int steps() { return inputs.size(0); }

    public int batchSize() { return inputs.size(1); }
}
