package unroll.recurrent;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Long short-term memory with peepholes (Gers and Schmidhuber 2000): each gate sees its own memory cell, the output
 * gate the new content.
 *
 * <pre>{@code
 * i = σ(x W_i + h U_i + p_i ∘ c + b_i)      f = σ(x W_f + h U_f + p_f ∘ c + b_f)
 * g = tanh(x W_g + h U_g + b_g)             c' = f ∘ c + i ∘ g
 * o = σ(x W_o + h U_o + p_o ∘ c' + b_o)     h' = o ∘ tanh(c')
 *
 * var out = new Unrolled<>(new PeepholeLstmCell(64, 256, rng)).apply(x);  // [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 *
 * {@code w} is [I, 4H], {@code u} [H, 4H], {@code b} [4H], gates in the order i, f, g, o as in {@link LstmCell}, and
 * {@code p} [3H] the peepholes of i, f, o; all start uniform in ±1/√H.
 */
public final class PeepholeLstmCell extends GatedCell<LstmState> {
    public PeepholeLstmCell(int inputSize, int hiddenSize, Rng rng) {
        super(inputSize, hiddenSize, 4, rng);
        add("p", 1 / Math.sqrt(H), rng, 3 * H);
    }

    @Override public LstmState step(Tensor x, LstmState s) {
        require(x, s);
        Tensor p = weight("p");
        Tensor gates = x.matmul(w()).add(s.h().matmul(u())).add(b());            // [B, 4H]
        Tensor i = gates.columns(0, H).add(s.c().mul(p.columns(0, H))).sigmoid().named("i");           // input gate
        Tensor f = gates.columns(H, 2 * H).add(s.c().mul(p.columns(H, 2 * H))).sigmoid().named("f");   // forget gate
        Tensor g = gates.columns(2 * H, 3 * H).tanh().named("g");          // candidate memory
        Tensor c = f.mul(s.c()).add(i.mul(g)).named("c");
        // output gate
        Tensor o = gates.columns(3 * H, 4 * H).add(c.mul(p.columns(2 * H, 3 * H))).sigmoid().named("o");
        return new LstmState(o.mul(c.tanh()), c);
    }

    @Override public LstmState initialState(int batch) { return LstmState.zeros(batch, H); }
}
