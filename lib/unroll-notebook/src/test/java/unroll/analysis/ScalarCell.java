package unroll.analysis;

import java.util.List;

import unroll.recurrent.Cell;
import unroll.recurrent.Hidden;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/** h' = w h, started in h_0: everything about it is known in closed form. */
final class ScalarCell implements Cell<Hidden> {
    final Parameter w;
    private final double start;

    ScalarCell(double w, double start) {
        this.w = new Parameter("w", Tensor.of(new double[] {w}, 1));
        this.start = start;
    }

    @Override public Hidden step(Tensor x, Hidden previous) { return new Hidden(previous.h().mul(w)); }

    @Override public Hidden initialState(int batch) { return new Hidden(Tensor.full(start, batch, 1)); }

    @Override public List<Parameter> parameters() { return List.of(w); }

    @Override public int inputSize() { return 1; }

    @Override public int hiddenSize() { return 1; }

    @Override public String toString() { return "ScalarCell"; }
}
