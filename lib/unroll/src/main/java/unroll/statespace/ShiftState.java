package unroll.statespace;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * What a {@link ShiftSsm} remembers.
 *
 * @param h the last output, {@code [B, H]}
 * @param x the last M inputs, the newest first, {@code [B, H, M]}
 */
public record ShiftState(Tensor h, Tensor x) implements State {
    @Override public List<Tensor> tensors() { return List.of(h, x); }

    @Override public ShiftState with(List<Tensor> tensors) { return new ShiftState(tensors.get(0), tensors.get(1)); }
}
