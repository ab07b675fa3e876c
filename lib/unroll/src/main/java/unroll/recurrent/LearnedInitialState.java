package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * A cell whose state before the first step is learned with its weights, the same for every sequence.
 *
 * <pre>{@code
 * var cell = new LearnedInitialState<>(new PreactivationCell(64, 256, Nonlinearity.TANH, rng));     // learns z_0
 * var out = new Unrolled<>(cell).apply(x);                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * The parameters {@code initial0}, {@code initial1}, … are one vector for each tensor of the state; they start where
 * the cell itself would, in zeros.
 *
 * @param <S> the state of the cell within
 */
public final class LearnedInitialState<S extends State> implements Cell<S> {
    private final Cell<S> cell;
    private final List<Parameter> initial = new ArrayList<>();

    public LearnedInitialState(Cell<S> cell) {
        this.cell = cell;
        for (Tensor t : cell.initialState(1).tensors())
            initial.add(new Parameter("initial" + initial.size(), t.reshape(t.size())));
    }

    /** The cell itself, or with a learned initial state. */
    static <S extends State> Cell<S> around(Cell<S> cell, boolean learned) {
        return learned ? new LearnedInitialState<>(cell) : cell;
    }

    @Override public S step(Tensor x, S previous) { return cell.step(x, previous); }

    @Override
    @SuppressWarnings("unchecked") // with() keeps the kind of state
    public S initialState(int batch) {
        return (S) cell.initialState(batch).with(initial.stream().map(p -> p.expand(batch, p.size())).toList());
    }

    /** Those of the cell, then the initial state. */
    @Override public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(cell.parameters());
        all.addAll(initial);
        return List.copyOf(all);
    }

    /** The cell within, which starts in zeros. */
    public Cell<S> cell() { return cell; }

    @Override public int inputSize() { return cell.inputSize(); }

    @Override public int hiddenSize() { return cell.hiddenSize(); }

    @Override public String toString() { return "LearnedInitialState(" + cell + ")"; }
}
