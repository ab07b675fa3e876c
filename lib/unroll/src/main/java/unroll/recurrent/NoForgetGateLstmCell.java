package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Long short-term memory as first published, without a forget gate (Hochreiter and Schmidhuber 1997): what is written
 * to the memory stays there.
 *
 * <pre>{@code
 * i = σ(x W_i + h U_i + b_i)         g = tanh(x W_g + h U_g + b_g)
 * o = σ(x W_o + h U_o + b_o)
 * c' = c + i ∘ g                     h' = o ∘ tanh(c')
 *
 * var out = new Unrolled<>(new NoForgetGateLstmCell(64, 256, rng)).apply(x);  // [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 3H], {@code u} [H, 3H], {@code b} [3H], gates in the order i, g, o; all start uniform in ±1/√H. The
 * gradient is the whole one: the publication cut it off where it left a memory cell.
 */
public final class NoForgetGateLstmCell extends GatedCell<LstmState> {
    public NoForgetGateLstmCell(int inputSize, int hiddenSize, Rng rng) { super(inputSize, hiddenSize, 3, rng); }

    @Override public LstmState step(Tensor x, LstmState s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(s.h().matmul(u())).add(b());            // [B, 3H]
        Tensor i = gates.columns(0, H).sigmoid().named("i");               // input gate
        Tensor g = gates.columns(H, 2 * H).tanh().named("g");              // candidate memory
        Tensor o = gates.columns(2 * H, 3 * H).sigmoid().named("o");       // output gate
        Tensor c = s.c().add(i.mul(g)).named("c");
        return new LstmState(o.mul(c.tanh()), c);
    }

    @Override public LstmState initialState(int batch) { return LstmState.zeros(batch, H); }
}
