package unroll.statespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Diagonal structured state spaces (Gu, Gupta, Goel and Ré 2022): each channel is a linear system of N states, N/2
 * complex ones and their conjugates, with B = 1.
 *
 * <pre>{@code
 * x_t = Ā x_{t-1} + B̄ u_t            y_t = 2 Re(C x_t) + D u_t
 *
 * SequenceLayer layer = S4d.of(128, 64).init(S4dInit.LEGS).steps(1e-3, 1e-1).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 128] → out.states(): [T, B, 128]
 * }</pre>
 *
 * Over a sequence it is one convolution ({@link CausalConvolution}) with the kernel 2 Re(C Ā^l B̄); {@link #step} is
 * the same as a recurrence. A very long sequence is cut ({@link Spec#chunk}) and the state passed on, exactly.
 * Channels do not see each other: mix them with a {@code Linear} after a non-linearity. Parameters: {@code logStep} log
 * Δ {@code [H]}; {@code logDecay} and {@code frequency} {@code [H, N/2]}, A = -exp(logDecay) + i frequency; {@code cRe}
 * and {@code cIm} {@code [H, N/2]}; {@code d} {@code [H]}.
 */
public final class S4d extends SequenceLayer {
    private final Spec spec;
    private final int H, M;
    private final Parameter logStep, logDecay, frequency, cRe, cIm, d;
    private final FourierPlan.Kept plans = new FourierPlan.Kept();
    private volatile Discretized discretized;                              // null before the first step

    /** The configuration of a layer: immutable, each setting gives a new one. */
    public static final class Spec implements SequenceLayer.Spec {
        private final int channels, stateSize;
        private S4dInit init = S4dInit.LIN;
        private Discretization.Rule rule = Discretization.Rule.ZERO_ORDER_HOLD;
        private double shortest = 1e-3, longest = 1e-1;
        private int chunk = 1 << 14;

        private Spec(int channels, int stateSize) {
            if (channels < 1)
                throw new IllegalArgumentException("S4d: expected at least 1 channel but got " + channels);
            S4dInit.requireEven("S4d(channels=" + channels + ")", stateSize);
            this.channels = channels;
            this.stateSize = stateSize;
        }

        private Spec with(Consumer<Spec> setting) {
            Spec copy = new Spec(channels, stateSize);
            copy.init = init;
            copy.rule = rule;
            copy.shortest = shortest;
            copy.longest = longest;
            copy.chunk = chunk;
            setting.accept(copy);
            return copy;
        }

        /** Where the poles start; {@link S4dInit#LIN} where nothing is said. */
        public Spec init(S4dInit chosen) {
            Objects.requireNonNull(chosen, "init");
            return with(copy -> copy.init = chosen);
        }

        /** Discretized by the bilinear rule instead of zero-order hold. */
        public Spec bilinear() {
            return with(copy -> copy.rule = Discretization.Rule.BILINEAR);
        }

        /** The range of steps Δ, drawn evenly in log Δ; 1/Δ is about how many steps a channel remembers at first. */
        public Spec steps(double from, double to) {
            if (!(from > 0 && from <= to && to < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException(
                        Message.of(this + ": expected 0 < from <= to but got steps(" + from + ", " + to + ")"));
            return with(copy -> {
                copy.shortest = from;
                copy.longest = to;
            });
        }

        /**
         * The longest part of a sequence that goes through one convolution; a longer sequence is cut into such parts
         * and the state passed on, so that the working memory does not grow with it. 16384 where nothing is said.
         */
        public Spec chunk(int steps) {
            if (steps < 1)
                throw new IllegalArgumentException(
                        Message.of(this + ": expected a chunk of at least 1 step but got " + steps));
            return with(copy -> copy.chunk = steps);
        }

        @Override public S4d build(Rng rng) { return new S4d(this, rng); }

        @Override public int inputSize() { return channels; }

        @Override public String toString() {
            return String.format(Locale.ROOT, "S4d(channels=%d, state=%d, init=%s, %s, steps=%s..%s)", channels,
                    stateSize, init, rule, shortest, longest);
        }
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  H, of input and output
     * @param stateSize N of each channel, even
     */
    public static Spec of(int channels, int stateSize) { return new Spec(channels, stateSize); }

    private S4d(Spec spec, Rng rng) {
        this.spec = spec;
        H = spec.channels;
        M = spec.stateSize / 2;
        Complex[] poles = spec.init.poles(spec.stateSize);
        float[] decays = Shape.room(spec, new int[] {H, M}), frequencies = new float[H * M];
        for (int q = 0; q < H * M; q++) {
            decays[q] = (float) Math.log(-poles[q % M].re());
            frequencies[q] = (float) poles[q % M].im();
        }
        double low = Math.log(spec.shortest), high = Math.log(spec.longest);
        logStep = parameter(new Parameter("logStep", low < high ? rng.uniform(low, high, H) : Tensor.full(low, H)));
        logDecay = parameter(new Parameter("logDecay", Tensor.of(decays, H, M)));
        frequency = parameter(new Parameter("frequency", Tensor.of(frequencies, H, M)));
        cRe = parameter(new Parameter("cRe", rng.normal(H, M).mul(Math.sqrt(.5))));
        cIm = parameter(new Parameter("cIm", rng.normal(H, M).mul(Math.sqrt(.5))));
        d = parameter(new Parameter("d", rng.normal(H)));
    }

    /**
     * The systems in steps as long as these versions of the parameters last: made anew they would cost far more than a
     * step.
     */
    private record Discretized(long[] versions, DiagonalModes modes) {
    }

    private DiagonalModes discretized() {
        long[] now = parameters().stream().mapToLong(Parameter::version).toArray();
        Discretized last = discretized;
        if (last == null || !Arrays.equals(now, last.versions)) discretized = last = new Discretized(now, modes());
        return last.modes;
    }

    private DiagonalModes modes() { return new DiagonalModes(logStep, logDecay, frequency, cRe, cIm, spec.rule); }

    /** The kernel without D, {@code [length, H]}. */
    public Tensor kernel(int length) {
        if (length < 1)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a kernel of at least 1 step but got " + length));
        return DiagonalOutputs.kernel(modes(), null, length);
    }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0), chunk = Math.min(T, spec.chunk);
        ComplexState state = mine(initial, u.size(1));
        DiagonalModes modes = modes();
        Tensor kernel = DiagonalOutputs.kernel(modes, d, chunk);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < T; from += chunk) {
            int to = Math.min(T, from + chunk);
            Tensor part = chunk == T ? u : u.slice(0, from, to), y = CausalConvolution.apply(part, kernel, plans);
            ComplexState start = state.isZero() ? null : state;
            if (start != null) y = y.add(DiagonalOutputs.ofState(modes, start, to - from));
            parts.add(y);
            Lengths within = lengths.within(from, to);
            state = ComplexState.later(y, () -> new DiagonalEnd(modes, part, start, within).apply());
        }
        Tensor y = lengths.clear(parts.size() == 1 ? parts.get(0) : Tensor.concat(0, parts));
        return new Output(y, state.seen(lengths.last(y)));
    }

    private ComplexState mine(State state, int B) {
        ComplexState s = own(state, ComplexState.class);
        requireState(s.re(), B, H, M);
        requireState(s.im(), B, H, M);
        return s;
    }

    /**
     * One step of the recurrence, for generation: without gradient.
     *
     * @param u {@code [B, H]}
     * @return the state after it; its {@code h()} is the output, {@code [B, H]}
     */
    public ComplexState step(Tensor u, ComplexState previous) {
        if (u.rank() != 2 || u.size(1) != H)
            throw new ShapeException(
                    this + ": expected u of shape [B, " + H + "] but got " + Arrays.toString(u.shape()));
        int B = u.size(0);
        ComplexState before = mine(previous, B);
        DiagonalModes m = discretized();
        float[] in = u.data(), y = new float[B * H], re = before.re().data().clone(), im = before.im().data().clone(),
                through = d.data();
        Parallel.run(B, b -> {
            for (int h = 0; h < H; h++) {
                double sum = 0, v = in[b * H + h];
                for (int n = 0; n < M; n++) {
                    int q = h * M + n, at = (b * H + h) * M + n;
                    double xr = m.pole.re[q] * re[at] - m.pole.im[q] * im[at] + m.input.re[q] * v,
                            xi = m.pole.re[q] * im[at] + m.pole.im[q] * re[at] + m.input.im[q] * v;
                    re[at] = (float) xr;
                    im[at] = (float) xi;
                    sum += m.output.re[q] * xr - m.output.im[q] * xi;
                }
                y[b * H + h] = (float) (2 * sum + through[h] * v);
            }
        });
        return ComplexState.of(Tensor.of(y, B, H), Tensor.of(re, B, H, M), Tensor.of(im, B, H, M));
    }

    @Override public ComplexState initialState(int batch) {
        return ComplexState.of(Tensor.zeros(batch, H), Tensor.zeros(batch, H, M), Tensor.zeros(batch, H, M));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return spec.toString(); }
}
