package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * The state of a recurrence that remembers only its output: RNN, GRU.
 *
 * @param h {@code [B, H]}
 */
public record Hidden(Tensor h) implements State {
    static Hidden zeros(int batch, int size) { return new Hidden(Tensor.zeros(batch, size)); }

    @Override public List<Tensor> tensors() { return List.of(h); }

    @Override public Hidden with(List<Tensor> tensors) { return new Hidden(tensors.get(0)); }
}
