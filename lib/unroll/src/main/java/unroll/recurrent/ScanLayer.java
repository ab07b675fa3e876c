package unroll.recurrent;

import java.util.Arrays;
import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** A cell that is linear in its state, over whole sequences: one product for the gates of all steps, then a {@link LinearScan}. */
abstract class ScanLayer extends SequenceLayer {
    private final Cell<Hidden> cell;
    private final Parameter w, b;

    /** Runs the weights of a cell: W [I, G H] and b [G H]. */
    ScanLayer(Cell<Hidden> cell) {
        this.cell = cell;
        w = parameter(cell.parameters().get(0));
        b = parameter(cell.parameters().get(1));
    }

    /** The factors a_t and b_t of h_t = a_t ∘ h_{t-1} + b_t from x W + b, for all steps at once. */
    abstract List<Tensor> factors(Tensor gates);

    @Override protected final Output run(Tensor x, State initial, int[] lengths) {
        int[] expected = {x.size(1), outputSize()};
        if (!(initial instanceof Hidden))
            throw new IllegalArgumentException(this + ": expected a state of kind Hidden but got " + initial.getClass().getSimpleName());
        if (!Arrays.equals(initial.h().shape(), expected))
            throw new ShapeException(
                    this + ": expected a state of shape " + Arrays.toString(expected) + " but got " + Arrays.toString(initial.h().shape()));
        List<Tensor> ab = factors(x.matmul(w).add(b));                     // [T, B, G H]
        int T = x.size(0);
        if (lengths == null) {
            Tensor h = LinearScan.apply(ab.get(0), ab.get(1), initial.h());
            return new Output(h, new Hidden(h.at(T - 1)));
        }
        Tensor runs = Mask.of(lengths, T), held = ab.get(0).mul(runs).add(runs.rsub(1));    // a = 1 and b = 0 in the padding: the state is held
        Tensor h = LinearScan.apply(held, ab.get(1).mul(runs), initial.h());
        return new Output(h.mul(runs), new Hidden(h.at(T - 1)));
    }

    @Override public final Hidden initialState(int batch) { return cell.initialState(batch); }

    @Override public final int inputSize() { return cell.inputSize(); }

    @Override public final int outputSize() { return cell.hiddenSize(); }

    /** The same weights one step at a time. */
    public final Cell<Hidden> cell() { return cell; }
}
