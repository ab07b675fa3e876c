package unroll.recurrent;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * A cell without gates: its hidden units are σ of a sum.
 *
 * @param <S> its state
 */
abstract class SimpleCell<S extends State> extends GatedCell<S> {
    private final Nonlinearity nonlinearity;

    SimpleCell(int inputSize, int hiddenSize, Nonlinearity nonlinearity) {
        super(inputSize, hiddenSize, ", " + nonlinearity);
        this.nonlinearity = nonlinearity;
    }

    /** σ(z). */
    final Tensor sigma(Tensor z) { return nonlinearity.apply(z); }

    /** Which function σ is. */
    public final Nonlinearity nonlinearity() { return nonlinearity; }
}
