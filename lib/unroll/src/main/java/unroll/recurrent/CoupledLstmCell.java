package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Long short-term memory with the input and forget gates coupled, f = 1 - i (CIFG of Greff et al. 2017): it writes only
 * where it forgets.
 *
 * <pre>{@code
 * i = σ(x W_i + h U_i + b_i)         g = tanh(x W_g + h U_g + b_g)
 * o = σ(x W_o + h U_o + b_o)
 * c' = (1 - i) ∘ c + i ∘ g           h' = o ∘ tanh(c')
 *
 * var out = new Unrolled<>(new CoupledLstmCell(64, 256, rng)).apply(x);  // [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 3H], {@code u} [H, 3H], {@code b} [3H], gates in the order i, g, o; all start uniform in ±1/√H.
 */
public final class CoupledLstmCell extends GatedCell<LstmState> {
    public CoupledLstmCell(int inputSize, int hiddenSize, Rng rng) { super(inputSize, hiddenSize, 3, rng); }

    @Override public LstmState step(Tensor x, LstmState s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(s.h().matmul(u())).add(b());            // [B, 3H]
        Tensor i = gates.columns(0, H).sigmoid().named("i");               // input gate; 1 - i forgets
        Tensor g = gates.columns(H, 2 * H).tanh().named("g");              // candidate memory
        Tensor o = gates.columns(2 * H, 3 * H).sigmoid().named("o");       // output gate
        Tensor c = s.c().add(i.mul(g.sub(s.c()))).named("c");              // (1 - i) c + i g
        return new LstmState(o.mul(c.tanh()), c);
    }

    @Override public LstmState initialState(int batch) { return LstmState.zeros(batch, H); }
}
