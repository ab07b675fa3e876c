package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * Runs any cell over time, one step after the other, and lets the tape differentiate it: backpropagation through time.
 *
 * <pre>{@code
 * var layer = new Unrolled<>(new LstmCell(64, 256, rng));
 * var out = layer.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * @param <S> the cell's state
 */
public final class Unrolled<S extends State> extends SequenceLayer {
    private final Cell<S> cell;

    public Unrolled(Cell<S> cell) {
        this.cell = cell;
        cell.parameters().forEach(this::parameter);
    }

    @Override public Output apply(Tensor x, State initial) {
        requireInput(x);
        S state = own(initial, x.size(1));
        List<Tensor> states = new ArrayList<>();
        for (int t = 0; t < x.size(0); t++) {
            state = cell.step(x.at(t), state);
            states.add(state.h());
        }
        return new Output(Tensor.stack(states), state);
    }

    @SuppressWarnings("unchecked") // the class was compared with that of the cell's own state
    private S own(State initial, int batch) {
        S own = cell.initialState(batch);
        if (initial.getClass() != own.getClass())
            throw new IllegalArgumentException(
                    this + ": expected a state of kind " + own.getClass().getSimpleName() + " but got " + initial.getClass().getSimpleName());
        return (S) initial;
    }

    public Cell<S> cell() { return cell; }

    @Override public S initialState(int batch) { return cell.initialState(batch); }

    @Override public int inputSize() { return cell.inputSize(); }

    @Override public int outputSize() { return cell.hiddenSize(); }

    @Override public String toString() { return "Unrolled(" + cell + ")"; }
}
