package unroll.statespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
 * SequenceLayer layer = S4d.of(128, 64).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 128] → out.states(): [T, B, 128]
 * }</pre>
 *
 * Over a sequence it is one convolution ({@link CausalConvolution}) with the kernel 2 Re(C Ā^l B̄); {@link #step} is
 * the same as a recurrence. A very long sequence is cut ({@link S4dSpec#chunk}) and the state passed on, exactly.
 * Channels do not see each other: mix them with a {@code Linear} after a non-linearity. Parameters: {@code logStep} log
 * Δ {@code [H]}; {@code logDecay} and {@code frequency} {@code [H, N/2]}, A = -exp(logDecay) + i frequency; {@code cRe}
 * and {@code cIm} {@code [H, N/2]}; {@code d} {@code [H]}.
 */
public final class S4d extends SequenceLayer {
    private final S4dSpec spec;
    private final int H, M;
    private final Parameter logStep, logDecay, frequency, cRe, cIm, d;
    private volatile Discretized discretized;                              // null before the first step

    S4d(S4dSpec spec, Rng rng) {
        this.spec = spec;
        H = spec.inputSize();
        M = spec.stateSize() / 2;
        Complex[] poles = spec.init().poles(spec.stateSize());
        float[] decays = Shape.room(spec, new int[] {H, M}), frequencies = new float[H * M];
        for (int q = 0; q < H * M; q++) {
            decays[q] = (float) Math.log(-poles[q % M].re());
            frequencies[q] = (float) poles[q % M].im();
        }
        double low = Math.log(spec.shortest()), high = Math.log(spec.longest());
        logStep = parameter(new Parameter("logStep", low < high ? rng.uniform(low, high, H) : Tensor.full(low, H)));
        logDecay = parameter(new Parameter("logDecay", Tensor.of(decays, H, M)));
        frequency = parameter(new Parameter("frequency", Tensor.of(frequencies, H, M)));
        cRe = parameter(new Parameter("cRe", rng.normal(H, M).mul(Math.sqrt(.5))));
        cIm = parameter(new Parameter("cIm", rng.normal(H, M).mul(Math.sqrt(.5))));
        d = parameter(new Parameter("d", rng.normal(H)));
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  H, of input and output
     * @param stateSize N of each channel, even
     */
    public static S4dSpec of(int channels, int stateSize) {
        return S4dSpec.of(channels, stateSize);
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

    private DiagonalModes modes() { return new DiagonalModes(logStep, logDecay, frequency, cRe, cIm, spec.rule()); }

    /** The kernel without D, {@code [length, H]}. */
    public Tensor kernel(int length) {
        if (length < 1)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a kernel of at least 1 step but got " + length));
        return DiagonalKernel.apply(modes(), null, length);
    }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0), B = u.size(1), chunk = Math.min(T, spec.chunk());
        ComplexState state = mine(initial, B);
        DiagonalModes modes = modes();
        Tensor kernel = DiagonalKernel.apply(modes, d, chunk);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < T; from += chunk) {
            int to = Math.min(T, from + chunk);
            Piece piece = piece(modes, kernel, chunk == T ? u : u.slice(0, from, to), state,
                    lengths.within(from, to));
            parts.add(piece.y);
            state = piece.after;
        }
        Tensor y = parts.size() == 1 ? parts.get(0) : Tensor.concat(0, parts);
        y = lengths.clear(y);
        return new Output(y, state.seen(lengths.last(y)));
    }

    /** Outputs of a part of the sequence, and the state after it. */
    private record Piece(Tensor y, ComplexState after) {
    }

    private Piece piece(DiagonalModes modes, Tensor kernel, Tensor u, ComplexState start, Lengths lengths) {
        boolean zero = isZero(start);
        Tensor re = zero ? null : start.re(), im = zero ? null : start.im();
        Tensor y = CausalConvolution.apply(u, kernel);
        if (!zero) y = y.add(DiagonalStart.apply(modes, re, im, u.size(0)));
        return new Piece(y, ComplexState.later(y, () -> DiagonalEnd.apply(modes, u, re, im, lengths)));
    }

    private ComplexState mine(State state, int B) {
        if (!(state instanceof ComplexState s))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a state of kind ComplexState but got "
                            + state.getClass().getSimpleName()));
        if (!Arrays.equals(s.re().shape(), new int[] {B, H, M}) || !Arrays.equals(s.im().shape(), new int[] {B, H, M}))
            throw new ShapeException(
                    this + ": expected a state of shape [" + B + ", " + H + ", " + M + "] but got "
                            + Arrays.toString(s.re().shape()));
        return s;
    }

    private static boolean isZero(ComplexState s) {
        return !s.re().requiresGradient() && !s.im().requiresGradient() && isZero(s.re().data())
                && isZero(s.im().data());
    }

    private static boolean isZero(float[] values) {
        for (float v : values) if (v != 0) return false;
        return true;
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
                    double xr = m.re[q] * re[at] - m.im[q] * im[at] + m.bRe[q] * v,
                            xi = m.re[q] * im[at] + m.im[q] * re[at] + m.bIm[q] * v;
                    re[at] = (float) xr;
                    im[at] = (float) xi;
                    sum += m.cRe[q] * xr - m.cIm[q] * xi;
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
