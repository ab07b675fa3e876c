package unroll.nn;

import java.util.ArrayList;
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

    /** Those of several states, one state after the other. */
    static List<Tensor> tensors(List<? extends State> states) {
        return states.stream().flatMap(s -> s.tensors().stream()).toList();
    }

    /** States of the same kinds with other tensors, in that order. */
    static List<State> with(List<? extends State> states, List<Tensor> tensors) {
        List<State> all = new ArrayList<>();
        int at = 0;
        for (State s : states) {
            int end = at + s.tensors().size();
            all.add(s.with(tensors.subList(at, end)));
            at = end;
        }
        return all;
    }

    /** The same values without the graph behind them: where truncated backpropagation through time stops. */
    default State detach() {
        return with(tensors().stream().map(Tensor::detach).toList());
    }
}
