package unroll.statespace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The shift state space of H3 (Fu et al. 2023): the state of each channel is its last M inputs, so the output is a
 * learned convolution of length M.
 *
 * <pre>{@code
 * x_t = (u_t, u_{t-1}, .., u_{t-M+1})            y_t = C x_t + D u_t
 *
 * SequenceLayer layer = ShiftSsm.of(64, 4).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Parameters: {@code c} {@code [H, M]} and {@code d} {@code [H]}.
 */
public final class ShiftSsm extends SequenceLayer {
    private final int H, M;
    private final Parameter c, d;

    /**
     * The configuration of a layer.
     *
     * @param channels H, of input and output
     * @param size     M, at least 1
     */
    public record Spec(int channels, int size) implements SequenceLayer.Spec {
        public Spec {
            if (channels < 1 || size < 1)
                throw new IllegalArgumentException(
                        "ShiftSsm: expected sizes of at least 1 but got channels=" + channels + ", state=" + size);
        }

        @Override public ShiftSsm build(Rng rng) { return new ShiftSsm(this, rng); }

        @Override public int inputSize() { return channels; }

        @Override public String toString() { return "ShiftSsm(channels=" + channels + ", state=" + size + ")"; }
    }

    /**
     * What a layer remembers.
     *
     * @param h the last output, {@code [B, H]}
     * @param x the last M inputs, the newest first, {@code [B, H, M]}
     */
    public record ShiftState(Tensor h, Tensor x) implements State {
        @Override public List<Tensor> tensors() { return List.of(h, x); }

        @Override public ShiftState with(List<Tensor> t) { return new ShiftState(t.get(0), t.get(1)); }
    }

    private ShiftSsm(Spec spec, Rng rng) {
        H = spec.channels();
        M = spec.size();
        c = parameter(new Parameter("c", rng.uniform(-1 / Math.sqrt(M), 1 / Math.sqrt(M), H, M)));
        d = parameter(new Parameter("d", rng.normal(H)));
    }

    public static Spec of(int channels, int size) { return new Spec(channels, size); }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0);
        ShiftState start = own(initial, ShiftState.class);
        requireState(start.x(), u.size(1), H, M);
        List<Tensor> past = new ArrayList<>(start.x().permute(2, 0, 1).unbind().subList(0, M - 1));
        Collections.reverse(past);
        // [M - 1 + T, B, H]: the oldest first
        Tensor all = M == 1 ? u : Tensor.concat(0, List.of(Tensor.stack(past), u));
        Tensor y = CausalConvolution.apply(all, c.transpose()).slice(0, M - 1, M - 1 + T).add(u.mul(d));
        y = lengths.clear(y);
        return new Output(y, new ShiftState(lengths.last(y), newest(all, lengths)));
    }

    /** The last M steps of each sequence, the newest first: {@code [B, H, M]}. */
    private Tensor newest(Tensor all, Lengths lengths) {
        int B = all.size(1);
        float[] values = all.data(), x = Shape.room(this, new int[] {B, H, M}, all);
        for (int b = 0; b < B; b++)
            for (int m = 0; m < M; m++)
                for (int h = 0; h < H; h++) x[(b * H + h) * M + m] = values[at(lengths, b, m, B) + h];
        return Tape.record("newest", x, new int[] {B, H, M}, gradients -> {
            float[] g = gradients.get(0), room = all.gradientRoom();
            for (int b = 0; b < B; b++)
                for (int m = 0; m < M; m++)
                    for (int h = 0; h < H; h++) room[at(lengths, b, m, B) + h] += g[(b * H + h) * M + m];
        }, all);
    }

    /** Where step end - m of sequence b begins. */
    private int at(Lengths lengths, int b, int m, int B) {
        return ((M - 1 + lengths.get(b) - 1 - m) * B + b) * H;
    }

    @Override public ShiftState initialState(int batch) {
        return new ShiftState(Tensor.zeros(batch, H), Tensor.zeros(batch, H, M));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return new Spec(H, M).toString(); }
}
