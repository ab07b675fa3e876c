package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/**
 * The state of an LSTM.
 *
 * @param h the working memory, which the output sees, {@code [B, H]}
 * @param c the long-term memory, {@code [B, H]}
 */
public record LstmState(Tensor h, Tensor c) implements State {
    static LstmState zeros(int batch, int size) {
        return new LstmState(Tensor.zeros(batch, size), Tensor.zeros(batch, size));
    }

    @Override public List<Tensor> tensors() { return List.of(h, c); }

    @Override public LstmState with(List<Tensor> tensors) { return new LstmState(tensors.get(0), tensors.get(1)); }
}
