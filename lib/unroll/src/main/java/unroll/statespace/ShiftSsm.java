package unroll.statespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
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
    private final FourierPlan.Kept plans = new FourierPlan.Kept();

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
        Tensor kernel = c.transpose();
        boolean fresh = !start.x().requiresGradient() && isZero(start.x());
        Tensor all = fresh && shortest(lengths) >= M ? u : after(start, u);
        Tensor y = fresh
                ? CausalConvolution.apply(u, kernel, plans)
                : CausalConvolution.apply(all, kernel, plans).slice(0, M - 1, M - 1 + T);
        y = lengths.clear(y.add(u.mul(d)));
        return new Output(y, new ShiftState(lengths.last(y), newest(all, all.size(0) - T, lengths)));
    }

    private static boolean isZero(Tensor x) {
        for (float v : x.data()) if (v != 0) return false;
        return true;
    }

    private static int shortest(Lengths lengths) {
        int least = lengths.steps();
        for (int b = 0; b < lengths.batchSize(); b++) least = Math.min(least, lengths.get(b));
        return least;
    }

    /** The inputs before the first step, the oldest first, then u: {@code [M - 1 + T, B, H]}. */
    private Tensor after(ShiftState start, Tensor u) {
        if (M == 1) return u;
        List<Tensor> past = new ArrayList<>(start.x().permute(2, 0, 1).unbind().subList(0, M - 1));
        Collections.reverse(past);
        return Tensor.concat(0, List.of(Tensor.stack(past), u));
    }

    /** The last M steps of each sequence, the newest first: {@code [B, H, M]}. */
    private Tensor newest(Tensor all, int before, Lengths lengths) {
        int B = all.size(1);
        int[] rows = new int[B * M];
        Arrays.setAll(rows, i -> (before + lengths.get(i / M) - 1 - i % M) * B + i / M);
        return all.reshape(-1, H).rows(IntTensor.of(rows, B, M)).permute(0, 2, 1);
    }

    @Override public ShiftState initialState(int batch) {
        return new ShiftState(Tensor.zeros(batch, H), Tensor.zeros(batch, H, M));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return new Spec(H, M).toString(); }
}
