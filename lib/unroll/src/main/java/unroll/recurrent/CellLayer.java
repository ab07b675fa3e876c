package unroll.recurrent;

import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * A layer that runs the weights of a cell over whole sequences: in one operation ({@link FusedLayer}), as a scan
 * ({@link ScanLayer}), or step by step ({@link Unrolled}).
 */
abstract class CellLayer<S extends State> extends SequenceLayer {
    private final Cell<S> cell;
    private final String more;

    /** @param more what toString() says beside the sizes */
    CellLayer(Cell<S> cell, String more) {
        this.cell = cell;
        this.more = more;
        cell.parameters().forEach(this::parameter);
    }

    /** The state as one of the same kind as the cell's own. */
    @SuppressWarnings("unchecked") // the class of a state of the cell
    final S ofKind(S own, State initial) { return own(initial, (Class<S>) own.getClass()); }

    /** The tensors of a state of B sequences, all {@code [B, H]}. */
    final S checked(State initial, int B) {
        S state = ofKind(initialState(1), initial);
        for (Tensor t : state.tensors()) requireState(t, B, outputSize());
        return state;
    }

    /** The same weights one step at a time. */
    public final Cell<S> cell() { return cell; }

    @Override public final S initialState(int batch) { return cell.initialState(batch); }

    @Override public final int inputSize() { return cell.inputSize(); }

    @Override public final int outputSize() { return cell.hiddenSize(); }

    @Override public String toString() {
        return getClass().getSimpleName() + "(input=" + inputSize() + ", hidden=" + outputSize() + more + ")";
    }
}
