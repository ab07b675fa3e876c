package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Lengths;
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
public final class Unrolled<S extends State> extends CellLayer<S> {
    private final String description;

    public Unrolled(Cell<S> cell) { this(cell, "Unrolled(" + cell + ")"); }

    Unrolled(Cell<S> cell, String description) {
        super(cell, "");
        this.description = description;
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        S state = ofKind(initialState(x.size(1)), initial);
        Tensor mask = lengths.full() ? null : lengths.mask();
        List<Tensor> inputs = x.unbind(), states = new ArrayList<>();
        Recording.OfSteps recording = Recording.wanted() ? new Recording.OfSteps(this, lengths) : null;
        for (int t = 0; t < inputs.size(); t++) {
            Tensor input = inputs.get(t);
            S next = recording == null ? cell().step(input, state) : recording.step(cell(), input, state);
            if (mask == null) {
                state = next;
                states.add(next.h());
            } else {
                Tensor runs = mask.at(t);
                state = hold(next, state, runs);
                states.add(next.h().mul(runs));
            }
        }
        Output output = new Output(Tensor.stack(states), state);
        return recording == null ? output : recording.finish(output);
    }

    /** The next state where the sequence runs, the old one where it is over. */
    @SuppressWarnings("unchecked") // a state gives states of its own kind
    private S hold(S next, S old, Tensor runs) {
        Tensor over = runs.rsub(1);
        List<Tensor> mixed = new ArrayList<>();
        for (int i = 0; i < next.tensors().size(); i++)
            mixed.add(next.tensors().get(i).mul(runs).add(old.tensors().get(i).mul(over)));
        return (S) next.with(mixed);
    }

    @Override protected String settings() { return description + " of a cell " + settingsOf(cell()); }

    @Override public String toString() { return description; }
}
