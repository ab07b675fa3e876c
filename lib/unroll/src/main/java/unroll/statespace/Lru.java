package unroll.statespace;

import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The linear recurrent unit (Orvieto et al. 2023): a diagonal complex recurrence that all channels share, started with
 * eigenvalues on a ring; between the diagonal state spaces here and the gated linear recurrences that followed, which a
 * chapter on modern recurrences compares.
 *
 * <pre>{@code
 * λ = exp(-exp(ν) + i exp(θ))      x_t = λ ∘ x_{t-1} + exp(γ) ∘ (u_t B)      y_t = Re(x_t C) + D ∘ u_t
 *
 * SequenceLayer layer = Lru.of(64, 128).ring(0.9, 0.999).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Parameters: {@code nuLog}, {@code thetaLog}, {@code gammaLog} {@code [N]}; {@code bRe}, {@code bIm} {@code [H, N]};
 * {@code cRe}, {@code cIm} {@code [N, H]}; {@code d} {@code [H]}. γ starts as log √(1 - |λ|²), which keeps the size of
 * states near that of inputs.
 */
public final class Lru extends SequenceLayer {
    private final Spec spec;
    private final int H, N;
    private final Parameter nuLog, thetaLog, gammaLog, bRe, bIm, cRe, cIm, d;

    /**
     * The configuration of a layer: immutable, each setting gives a new one.
     *
     * <pre>{@code
     * SequenceLayer layer = Lru.of(64, 128).ring(0.9, 0.999).maximumPhase(Math.PI / 10).build(rng);
     * }</pre>
     */
    public static final class Spec implements SequenceLayer.Spec {
        private final int channels, stateSize;
        private double inner, outer = 1, phase = 2 * Math.PI;

        private Spec(int channels, int stateSize) {
            if (channels < 1 || stateSize < 1)
                throw new IllegalArgumentException(
                        "Lru: expected sizes of at least 1 but got channels=" + channels + ", state=" + stateSize);
            this.channels = channels;
            this.stateSize = stateSize;
        }

        private Spec copy() {
            Spec copy = new Spec(channels, stateSize);
            copy.inner = inner;
            copy.outer = outer;
            copy.phase = phase;
            return copy;
        }

        /** The eigenvalues start evenly over the ring with these radii; 0 and 1 where nothing is said. */
        public Spec ring(double from, double to) {
            if (!(from >= 0 && from < to && to <= 1))
                throw new IllegalArgumentException(
                        Message.of(this + ": expected 0 <= from < to <= 1 but got ring(" + from + ", " + to + ")"));
            Spec copy = copy();
            copy.inner = from;
            copy.outer = to;
            return copy;
        }

        /** Their angles start between 0 and this; 2π where nothing is said, a small one for long sequences. */
        public Spec maximumPhase(double angle) {
            if (!(angle > 0 && angle <= 2 * Math.PI))
                throw new IllegalArgumentException(Message.of(this + ": expected a phase in (0, 2π] but got " + angle));
            Spec copy = copy();
            copy.phase = angle;
            return copy;
        }

        /** What the parameters start with, from two uniform numbers for each state. */
        Ring ring(Tensor u1, Tensor u2) {
            float[] first = u1.data(), second = u2.data();
            Ring ring = new Ring(new double[first.length], new double[first.length], new double[first.length]);
            for (int n = 0; n < first.length; n++) {
                double square = first[n] * (outer * outer - inner * inner) + inner * inner;
                // neither 0 nor 1, where a logarithm is infinite
                square = Math.max(1e-12, Math.min(1 - 1e-12, square));
                ring.nuLog[n] = Math.log(-.5 * Math.log(square));
                ring.thetaLog[n] = Math.log(Math.max(1e-12, phase * second[n]));
                ring.gammaLog[n] = gammaLog(square);
            }
            return ring;
        }

        @Override public Lru build(Rng rng) { return new Lru(this, rng); }

        @Override public int inputSize() { return channels; }

        @Override public String toString() {
            return "Lru(channels=" + channels + ", state=" + stateSize + ", ring=" + inner + ".." + outer
                    + ", maximumPhase=" + (float) phase + ")";
        }
    }

    /** What the parameters start with. */
    record Ring(double[] nuLog, double[] thetaLog, double[] gammaLog) {
    }

    /** log √(1 - |λ|²). */
    static double gammaLog(double squaredSize) { return .5 * Math.log(1 - squaredSize); }

    /**
     * The configuration of a layer.
     *
     * @param channels  H, of input and output
     * @param stateSize N, complex numbers
     */
    public static Spec of(int channels, int stateSize) { return new Spec(channels, stateSize); }

    private Lru(Spec spec, Rng rng) {
        this.spec = spec;
        H = spec.channels;
        N = spec.stateSize;
        Ring ring = spec.ring(rng.uniform(0, 1, N), rng.uniform(0, 1, N));
        nuLog = parameter(new Parameter("nuLog", Tensor.of(ring.nuLog(), N)));
        thetaLog = parameter(new Parameter("thetaLog", Tensor.of(ring.thetaLog(), N)));
        gammaLog = parameter(new Parameter("gammaLog", Tensor.of(ring.gammaLog(), N)));
        bRe = parameter(new Parameter("bRe", rng.normal(H, N).div(Math.sqrt(2. * H))));
        bIm = parameter(new Parameter("bIm", rng.normal(H, N).div(Math.sqrt(2. * H))));
        cRe = parameter(new Parameter("cRe", rng.normal(N, H).div(Math.sqrt(N))));
        cIm = parameter(new Parameter("cIm", rng.normal(N, H).div(Math.sqrt(N))));
        d = parameter(new Parameter("d", rng.normal(H)));
    }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        ComplexState start = own(initial, ComplexState.class);
        requireState(start.re(), u.size(1), N);
        requireState(start.im(), u.size(1), N);
        Tensor size = nuLog.exp().neg().exp(), angle = thetaLog.exp(), scale = gammaLog.exp();
        Tensor aRe = size.mul(angle.add(Math.PI / 2).sin()), aIm = size.mul(angle.sin());              // [N]
        List<Tensor> x = ComplexScan.apply(aRe, aIm, u.matmul(bRe).mul(scale), u.matmul(bIm).mul(scale), start.re(),
                start.im());
        Tensor y = x.get(0).matmul(cRe).sub(x.get(1).matmul(cIm)).add(u.mul(d));
        y = lengths.clear(y);
        return new Output(y, ComplexState.of(lengths.last(y), lengths.last(x.get(0)), lengths.last(x.get(1))));
    }

    @Override public ComplexState initialState(int batch) {
        return ComplexState.of(Tensor.zeros(batch, H), Tensor.zeros(batch, N), Tensor.zeros(batch, N));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return spec.toString(); }
}
