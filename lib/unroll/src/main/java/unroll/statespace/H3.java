package unroll.statespace;

import java.util.List;
import java.util.function.Consumer;

import unroll.nn.Initializer;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.statespace.ShiftSsm.ShiftState;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
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
 * SequenceLayer layer = H3.of(64, 64).heads(8).shift(4).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Shift is a {@link ShiftSsm}, Diagonal an {@link S4d} with one system a head, shared by the head's products.
 * Parameters: {@code wq}, {@code wk}, {@code wv}, {@code wo} {@code [d, d]}, and those of {@code shift} and
 * {@code diagonal}.
 */
public final class H3 extends SequenceLayer {
    private final Spec spec;
    private final int size, heads, width;                                  // width: channels of a head
    private final Parameter wq, wk, wv, wo;
    private final ShiftSsm shift;
    private final S4d diagonal;

    /** The configuration of a layer: immutable, each setting gives a new one. */
    public static final class Spec implements SequenceLayer.Spec {
        private final int channels, stateSize;
        private int heads, shift = 4;

        private Spec(int channels, int stateSize) {
            if (channels < 1) throw new IllegalArgumentException("H3: expected at least 1 channel but got " + channels);
            S4dInit.requireEven("H3(channels=" + channels + ")", stateSize);
            this.channels = channels;
            this.stateSize = stateSize;
            heads = channels;
        }

        private Spec with(Consumer<Spec> setting) {
            Spec copy = new Spec(channels, stateSize);
            copy.heads = heads;
            copy.shift = shift;
            setting.accept(copy);
            return copy;
        }

        /** The number of heads; where nothing is said each channel is one. */
        public Spec heads(int chosen) {
            if (chosen < 1 || channels % chosen != 0)
                throw new IllegalArgumentException("H3(channels=" + channels
                        + "): expected a number of heads that divides the channels but got " + chosen);
            return with(copy -> copy.heads = chosen);
        }

        /** How many steps the shift state space remembers; 4 where nothing is said. */
        public Spec shift(int chosen) {
            if (chosen < 1)
                throw new IllegalArgumentException(
                        "H3(channels=" + channels + "): expected a shift of at least 1 but got " + chosen);
            return with(copy -> copy.shift = chosen);
        }

        @Override public H3 build(Rng rng) { return new H3(this, rng); }

        @Override public int inputSize() { return channels; }

        @Override public String toString() {
            return "H3(channels=" + channels + ", state=" + stateSize + ", heads=" + heads + ", shift=" + shift + ")";
        }
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  d, of input and output
     * @param stateSize N of each diagonal system, even
     */
    public static Spec of(int channels, int stateSize) { return new Spec(channels, stateSize); }

    /**
     * What a layer remembers.
     *
     * @param h     the last output, {@code [B, d]}
     * @param shift the last M keys, the newest first, {@code [B, d, M]}
     * @param kv    the states of the diagonal systems, each part {@code [B, (d/heads)², heads, N/2]}
     */
    public record H3State(Tensor h, Tensor shift, ComplexState kv) implements State {
        @Override public List<Tensor> tensors() { return List.of(h, shift, kv.re(), kv.im()); }

        @Override public H3State with(List<Tensor> t) {
            return new H3State(t.get(0), t.get(1), ComplexState.of(t.get(0), t.get(2), t.get(3)));
        }
    }

    private H3(Spec spec, Rng rng) {
        this.spec = spec;
        size = spec.channels;
        heads = spec.heads;
        width = size / heads;
        wq = weight("wq", rng);
        wk = weight("wk", rng);
        wv = weight("wv", rng);
        wo = weight("wo", rng);
        shift = child("shift", ShiftSsm.of(size, spec.shift).build(rng));
        diagonal = child("diagonal", S4d.of(heads, spec.stateSize).build(rng));
    }

    private Parameter weight(String name, Rng rng) {
        return parameter(new Parameter(name, Initializer.uniformFanIn().values(size, size, rng)));
    }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0), B = u.size(1), products = width * width, states = spec.stateSize / 2;
        Shape.size(this, new int[] {T, B, heads, width, width}, u);
        H3State start = own(initial, H3State.class);
        requireState(start.shift, B, size, spec.shift);
        requireState(start.kv.re(), B, products, heads, states);
        requireState(start.kv.im(), B, products, heads, states);
        // [T, B, d]
        Tensor q = u.matmul(wq).named("q"), k = u.matmul(wk).named("k"), v = u.matmul(wv).named("v");
        Output shifted = shift.apply(k, new ShiftState(Tensor.zeros(B, size), start.shift), lengths);
        Tensor key = shifted.states().named("kbar");
        Output remembered = diagonal.apply(products(key, v),
                start.kv.behind(Tensor.zeros(B * products, heads), x -> x.reshape(B * products, heads, states)),
                lengths.repeated(products));
        // [T, B, heads, width, width]
        Tensor s = perHead(remembered.states(), T, B).named("kv");
        Tensor o = width == 1
                ? q.mul(s.reshape(T, B, size))
                : q.reshape(T, B, heads, width, 1).mul(s).sum(3).reshape(T, B, size);
        o.named("o");
        Tensor y = o.matmul(wo);
        Tensor last = lengths.last(y);
        ComplexState kv = ((ComplexState) remembered.last()).behind(last, x -> x.reshape(B, products, heads, states));
        return new Output(y, new H3State(last, ((ShiftState) shifted.last()).x(), kv));
    }

    /** The products of each head's keys and values as sequences, {@code [T, B width², heads]}. */
    private Tensor products(Tensor key, Tensor v) {
        if (width == 1) return key.mul(v);                                 // as below, without the copies
        int T = key.size(0), B = key.size(1);
        Tensor z = key.reshape(T, B, heads, width, 1).mul(v.reshape(T, B, heads, 1, width));
        return z.permute(0, 1, 3, 4, 2).reshape(T, B * width * width, heads);
    }

    /** The other way round, {@code [T, B, heads, width, width]}. */
    private Tensor perHead(Tensor states, int T, int B) {
        return width == 1
                ? states.reshape(T, B, heads, 1, 1)
                : states.reshape(T, B, width, width, heads).permute(0, 1, 4, 2, 3);
    }

    @Override public H3State initialState(int batch) {
        Tensor zero = Tensor.zeros(batch, width * width, heads, spec.stateSize / 2);
        Tensor h = Tensor.zeros(batch, size);
        return new H3State(h, Tensor.zeros(batch, size, spec.shift), ComplexState.of(h, zero, zero));
    }

    @Override public int inputSize() { return size; }

    @Override public int outputSize() { return size; }

    @Override public String toString() { return spec.toString(); }
}
