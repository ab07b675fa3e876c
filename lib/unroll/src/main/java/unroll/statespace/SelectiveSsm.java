package unroll.statespace;

import java.util.List;

import unroll.nn.Initializer;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * The selective state-space layer of Mamba (Gu and Dao 2023), without the convolution and the gate around it:
 * {@link SelectiveScan} with step, B and C made from the input.
 *
 * <pre>{@code
 * Δ_t = softplus(u_t W_down W_up + b)      B_t = u_t W_B      C_t = u_t W_C
 *
 * SequenceLayer layer = SelectiveSsm.of(64, 16).rank(4).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Parameters: {@code wDown} {@code [D, R]}, {@code wUp} {@code [R, D]}, {@code stepBias} {@code [D]}, {@code wB} and
 * {@code wC} {@code [D, N]}, {@code aLog} {@code [D, N]}, {@code skip} {@code [D]}.
 */
public final class SelectiveSsm extends SequenceLayer {
    private final Spec spec;
    private final int D, N;
    private final Parameter wDown, wUp, stepBias, wB, wC, aLog, skip;

    /**
     * The configuration of a layer.
     *
     * @param channels  D, of input and output
     * @param stateSize N of each channel
     * @param rank      R, through which the steps of all channels are computed; a sixteenth of the channels where
     *     nothing is said
     */
    public record Spec(int channels, int stateSize, int rank) implements SequenceLayer.Spec {
        public Spec {
            if (channels < 1 || stateSize < 1 || rank < 1)
                throw new IllegalArgumentException(
                        "SelectiveSsm: expected sizes of at least 1 but got channels=" + channels + ", state="
                                + stateSize + ", rank=" + rank);
        }

        public Spec rank(int chosen) { return new Spec(channels, stateSize, chosen); }

        @Override public SelectiveSsm build(Rng rng) { return new SelectiveSsm(this, rng); }

        @Override public int inputSize() { return channels; }

        @Override public String toString() {
            return "SelectiveSsm(channels=" + channels + ", state=" + stateSize + ", rank=" + rank + ")";
        }
    }

    /**
     * What a layer remembers.
     *
     * @param h the last output, {@code [B, D]}
     * @param x the states of all channels, {@code [B, D, N]}
     */
    public record SelectiveState(Tensor h, Tensor x) implements State {
        @Override public List<Tensor> tensors() { return List.of(h, x); }

        @Override public SelectiveState with(List<Tensor> t) { return new SelectiveState(t.get(0), t.get(1)); }
    }

    private SelectiveSsm(Spec spec, Rng rng) {
        this.spec = spec;
        D = spec.channels();
        N = spec.stateSize();
        int R = spec.rank();
        Initializer fan = Initializer.uniformFanIn();
        wDown = parameter(new Parameter("wDown", fan.values(D, R, rng)));
        wUp = parameter(new Parameter("wUp", fan.values(R, D, rng)));
        stepBias = parameter(new Parameter("stepBias",
                Tensor.of(stepBias(rng.uniform(Math.log(1e-3), Math.log(1e-1), D).data()), D)));
        wB = parameter(new Parameter("wB", fan.values(D, N, rng)));
        wC = parameter(new Parameter("wC", fan.values(D, N, rng)));
        float[] logs = Shape.room(spec, new int[] {D, N});
        for (int i = 0; i < logs.length; i++) logs[i] = (float) Math.log(i % N + 1);        // A = -(n + 1): S4D-Real
        aLog = parameter(new Parameter("aLog", Tensor.of(logs, D, N)));
        skip = parameter(new Parameter("skip", Tensor.ones(D)));
    }

    /** What softplus makes the steps of: log(exp(Δ) - 1). */
    private static float[] stepBias(float[] logSteps) {
        float[] bias = new float[logSteps.length];
        for (int d = 0; d < bias.length; d++) bias[d] = (float) Math.log(Math.expm1(Math.exp(logSteps[d])));
        return bias;
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  D, of input and output
     * @param stateSize N of each channel
     */
    public static Spec of(int channels, int stateSize) {
        return new Spec(channels, stateSize, Math.max(1, (channels + 15) / 16));
    }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        SelectiveState start = own(initial, SelectiveState.class);
        requireState(start.x(), u.size(1), D, N);
        Tensor step = u.matmul(wDown).matmul(wUp).add(stepBias).softplus();
        step = lengths.clear(step);                                        // a step of 0 leaves the state as it is
        List<Tensor> out = SelectiveScan.apply(u, step, aLog, u.matmul(wB), u.matmul(wC), skip, start.x());
        Tensor y = lengths.clear(out.get(0)), last = lengths.last(y);
        return new Output(y, new SelectiveState(last, out.get(1)));
    }

    @Override public SelectiveState initialState(int batch) {
        return new SelectiveState(Tensor.zeros(batch, D), Tensor.zeros(batch, D, N));
    }

    @Override public int inputSize() { return D; }

    @Override public int outputSize() { return D; }

    @Override public String toString() { return spec.toString(); }
}
