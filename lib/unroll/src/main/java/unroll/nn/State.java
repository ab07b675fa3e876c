package unroll.nn;

import java.util.List;

import unroll.tensor.Tensor;

/** What a recurrence remembers between two steps. */
public interface State {
    /** What the layer above, or the output, sees: {@code [B, H]}. */
    Tensor h();

    /** All of it; each {@code [B, ..]}. */
    List<Tensor> tensors();

    /** A state of the same kind with other tensors, in the order of {@link #tensors()}. */
    State with(List<Tensor> tensors);

    /** The same values without the graph behind them: where truncated backpropagation through time stops. */
    default State detach() {
        return with(tensors().stream().map(Tensor::detach).toList());
    }
}
