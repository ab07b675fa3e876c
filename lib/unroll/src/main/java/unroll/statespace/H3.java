package unroll.statespace;

import unroll.nn.Initializer;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * H3, "hungry hungry hippos" (Fu et al. 2023): two state spaces with products between them, which can remember a token
 * and compare with it, as linear attention does.
 *
 * <pre>{@code
 * q = u W_q      k = u W_k      v = u W_v
 * s = Diagonal(Shift(k) vᵀ)                                        // for each head, the outer product of its channels
 * y = (q s) W_o
 *
 * SequenceLayer layer = H3.of(64, 64).heads(8).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Shift is a {@link ShiftSsm}, Diagonal an {@link S4d} with one system a head, shared by the head's products.
 * Parameters: {@code wq}, {@code wk}, {@code wv}, {@code wo} {@code [d, d]}, and those of {@code shift} and
 * {@code diagonal}.
 */
public final class H3 extends SequenceLayer {
    private final H3Spec spec;
    private final int size, heads, width;                                  // width: channels of a head
    private final Parameter wq, wk, wv, wo;
    private final ShiftSsm shift;
    private final S4d diagonal;

    H3(H3Spec spec, Rng rng) {
        this.spec = spec;
        size = spec.inputSize();
        heads = spec.heads();
        width = size / heads;
        wq = weight("wq", rng);
        wk = weight("wk", rng);
        wv = weight("wv", rng);
        wo = weight("wo", rng);
        shift = child("shift", ShiftSsm.of(size, spec.shift()).build(rng));
        diagonal = child("diagonal", S4d.of(heads, spec.stateSize()).build(rng));
    }

    private Parameter weight(String name, Rng rng) {
        return parameter(new Parameter(name, Initializer.uniformFanIn().values(size, size, rng)));
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  d, of input and output
     * @param stateSize N of each diagonal system, even
     */
    public static H3Spec of(int channels, int stateSize) { return H3Spec.of(channels, stateSize); }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0), B = u.size(1), products = width * width;
        Shape.size(this, new int[] {T, B, heads, width, width}, u);
        H3State start = mine(initial, B);
        // [T, B, d]
        Tensor q = u.matmul(wq).named("q"), k = u.matmul(wk).named("k"), v = u.matmul(wv).named("v");
        Output shifted = shift.apply(k, shiftState(start), lengths);
        Tensor key = shifted.states().named("kbar");
        // [T, B, heads, width, width]
        Tensor z = key.reshape(T, B, heads, width, 1).mul(v.reshape(T, B, heads, 1, width));
        Tensor flat = z.permute(0, 1, 3, 4, 2).reshape(T, B * products, heads);
        Output remembered = diagonal.apply(flat, start.diagonal(), lengths.repeated(products));
        // [T, B, heads, width, width]
        Tensor s = remembered.states().reshape(T, B, width, width, heads).permute(0, 1, 4, 2, 3).named("kv");
        Tensor o = q.reshape(T, B, heads, width, 1).mul(s).sum(3).reshape(T, B, size).named("o");
        Tensor y = o.matmul(wo);
        Tensor last = lengths.last(y);
        return new Output(y, H3State.later(last, ((ShiftState) shifted.last()).x(), (ComplexState) remembered.last()));
    }

    private H3State mine(State state, int B) {
        if (!(state instanceof H3State s))
            throw new IllegalArgumentException(Message
                    .of(this + ": expected a state of kind H3State but got " + state.getClass().getSimpleName()));
        if (s.shift().size(0) != B)
            throw new ShapeException(
                    this + ": expected a state of " + B + " sequences but got one of " + s.shift().size(0));
        return s;
    }

    private ShiftState shiftState(H3State s) {
        return new ShiftState(Tensor.zeros(s.shift().size(0), size), s.shift());
    }

    @Override public H3State initialState(int batch) {
        Tensor zero = Tensor.zeros(batch, width * width, heads, spec.stateSize() / 2);
        return H3State.of(Tensor.zeros(batch, size), Tensor.zeros(batch, size, spec.shift()), zero, zero);
    }

    @Override public int inputSize() { return size; }

    @Override public int outputSize() { return size; }

    @Override public String toString() { return spec.toString(); }
}
