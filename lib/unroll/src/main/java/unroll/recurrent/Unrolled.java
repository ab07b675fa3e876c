package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
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
    private final String description;

    public Unrolled(Cell<S> cell) { this(cell, "Unrolled(" + cell + ")"); }

    Unrolled(Cell<S> cell, String description) {
        this.cell = cell;
        this.description = description;
        cell.parameters().forEach(this::parameter);
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        S state = own(initial, x.size(1));
        Tensor mask = lengths.full() ? null : lengths.mask();
        List<Tensor> inputs = x.unbind(), states = new ArrayList<>();
        UnrolledRecording recording = Recording.wanted() ? new UnrolledRecording(this, lengths) : null;
        for (int t = 0; t < inputs.size(); t++) {
            S next = recording == null ? cell.step(inputs.get(t), state) : recording.step(cell, inputs.get(t), state);
            if (lengths.full()) {
                state = next;
                states.add(next.h());
            } else {
                Tensor runs = mask.at(t), over = runs.rsub(1);
                state = hold(next, state, runs, over);
                states.add(next.h().mul(runs));
            }
        }
        Output output = new Output(Tensor.stack(states), state);
        return recording == null ? output : recording.finish(output);
    }

    /** The next state where the sequence runs, the old one where it is over. */
    @SuppressWarnings("unchecked") // a state gives states of its own kind
    private S hold(S next, S old, Tensor runs, Tensor over) {
        List<Tensor> mixed = new ArrayList<>();
        for (int i = 0; i < next.tensors().size(); i++)
            mixed.add(next.tensors().get(i).mul(runs).add(old.tensors().get(i).mul(over)));
        return (S) next.with(mixed);
    }

    @SuppressWarnings("unchecked") // the class was compared with that of the cell's own state
    private S own(State initial, int batch) {
        S own = cell.initialState(batch);
        if (initial.getClass() != own.getClass())
            throw new IllegalArgumentException(Message.of(
                    this + ": expected a state of kind " + own.getClass().getSimpleName() + " but got "
                            + initial.getClass().getSimpleName()));
        return (S) initial;
    }

    public Cell<S> cell() { return cell; }

    @Override public S initialState(int batch) { return cell.initialState(batch); }

    @Override public int inputSize() { return cell.inputSize(); }

    @Override public int outputSize() { return cell.hiddenSize(); }

    @Override protected String settings() { return description + " of a cell " + settingsOf(cell); }

    @Override public String toString() { return description; }
}
