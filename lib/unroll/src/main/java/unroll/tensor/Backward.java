package unroll.tensor;

import java.util.List;

/**
 * The way back through one operation: given the gradients of its outputs, it adds to those of its inputs with
 * {@link Tensor#accumulate}.
 */
@FunctionalInterface
public interface Backward {
    /**
     * @param outputs one array an output, in the order of the outputs; the operation may change them
     */
    void propagate(List<float[]> outputs);
}
