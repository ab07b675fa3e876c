package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * The state of a {@link PreactivationCell}: what stands before the non-linearity is remembered, and what comes out of
 * it is seen.
 *
 * @param z            {@code [B, H]}
 * @param nonlinearity σ
 */
public record PreactivationState(Tensor z, Nonlinearity nonlinearity) implements State {
    /** σ(z). */
    @Override public Tensor h() { return nonlinearity.apply(z); }

    @Override public List<Tensor> tensors() { return List.of(z); }

    @Override public PreactivationState with(List<Tensor> tensors) {
        return new PreactivationState(tensors.get(0), nonlinearity);
    }
}
