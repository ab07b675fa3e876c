package unroll.statespace;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * What a {@link SelectiveSsm} remembers.
 *
 * @param h the last output, {@code [B, D]}
 * @param x the states of all channels, {@code [B, D, N]}
 */
public record SelectiveState(Tensor h, Tensor x) implements State {
    @Override public List<Tensor> tensors() { return List.of(h, x); }

    @Override public SelectiveState with(List<Tensor> tensors) {
        return new SelectiveState(tensors.get(0), tensors.get(1));
    }
}
