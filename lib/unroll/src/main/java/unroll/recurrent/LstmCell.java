package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates as Gers et al. 2000).
 *
 * <pre>{@code
 * i = σ(x W_i + h U_i + b_i)         f = σ(x W_f + h U_f + b_f)
 * g = tanh(x W_g + h U_g + b_g)      o = σ(x W_o + h U_o + b_o)
 * c' = f ∘ c + i ∘ g                 h' = o ∘ tanh(c')
 *
 * var cell = new LstmCell(64, 256, rng);
 * LstmState s = cell.step(x, cell.initialState(32));               // x: [32, 64] → s.h(), s.c(): [32, 256]
 * }</pre>
 *
 * {@code w} is [I, 4H], {@code u} [H, 4H], {@code b} [4H], gates in the order i, f, g, o; all start uniform in ±1/√H,
 * as in PyTorch (whose two biases are one here: their sum).
 */
public final class LstmCell extends GatedCell<LstmState> {
    public LstmCell(int inputSize, int hiddenSize, Rng rng) { super(inputSize, hiddenSize, 4, rng); }

    @Override public LstmState step(Tensor x, LstmState s) {
        require(x, s);
        Tensor gates = x.matmul(w()).add(s.h().matmul(u())).add(b());            // [B, 4H]
        Tensor i = gates.columns(0, H).sigmoid().named("i");               // input gate
        Tensor f = gates.columns(H, 2 * H).sigmoid().named("f");           // forget gate
        Tensor g = gates.columns(2 * H, 3 * H).tanh().named("g");          // candidate memory
        Tensor o = gates.columns(3 * H, 4 * H).sigmoid().named("o");       // output gate
        Tensor c = f.mul(s.c()).add(i.mul(g)).named("c");
        return new LstmState(o.mul(c.tanh()), c);
    }

    @Override public LstmState initialState(int batch) { return LstmState.zeros(batch, H); }
}
