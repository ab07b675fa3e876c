package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * The state of a {@link TimeSkipCell}: the last two hidden vectors.
 *
 * @param h      the last one, {@code [B, H]}
 * @param before the one before it, {@code [B, H]}
 */
public record TimeSkipState(Tensor h, Tensor before) implements State {
    @Override public List<Tensor> tensors() { return List.of(h, before); }

    @Override public TimeSkipState with(List<Tensor> tensors) {
        return new TimeSkipState(tensors.get(0), tensors.get(1));
    }
}
