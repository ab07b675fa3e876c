package unroll.analysis;

import unroll.tensor.Tensor;

/**
 * The recurrent network of one unit without input, h_t = σ(w h_{t-1} + b) with the logistic σ, and its loss (h_T -
 * target)². Over (w, b) this loss has a cliff: where the unit changes from one fixed point to two, the gradient
 * explodes (Pascanu, Mikolov and Bengio 2013, whose figure shows T = 50).
 *
 * <pre>{@code
 * var rnn = new OneUnitRnn(50, 0.5, 0.7);
 * LossSurface.batched(new Axis("w", 1, 7, 121), new Axis("b", -5, 0, 101), rnn::losses)
 * }</pre>
 *
 * @param steps  T
 * @param start  h_0
 * @param target what h_T should be
 */
public record OneUnitRnn(int steps, double start, double target) {
    public OneUnitRnn {
        if (steps < 1) throw new IllegalArgumentException("OneUnitRnn: expected at least one step but got " + steps);
    }

    /** The losses {@code [P]} of P networks with the weights {@code w [P]} and {@code b [P]}. */
    public Tensor losses(Tensor w, Tensor b) {
        Tensor h = Tensor.full(start, w.shape());
        for (int t = 0; t < steps; t++) h = w.mul(h).add(b).sigmoid();
        return h.sub(target).square();
    }
}
