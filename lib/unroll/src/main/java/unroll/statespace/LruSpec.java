package unroll.statespace;

import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The configuration of {@link Lru}: immutable, each setting gives a new one.
 *
 * <pre>{@code
 * SequenceLayer layer = Lru.of(64, 128).ring(0.9, 0.999).maximumPhase(Math.PI / 10).build(rng);
 * }</pre>
 */
public final class LruSpec implements SequenceLayer.Spec {
    private final int channels, stateSize;
    private final double inner, outer, phase;

    private LruSpec(int channels, int stateSize, double inner, double outer, double phase) {
        this.channels = channels;
        this.stateSize = stateSize;
        this.inner = inner;
        this.outer = outer;
        this.phase = phase;
    }

    static LruSpec of(int channels, int stateSize) {
        if (channels < 1 || stateSize < 1)
            throw new IllegalArgumentException(
                    "Lru: expected sizes of at least 1 but got channels=" + channels + ", state=" + stateSize);
        return new LruSpec(channels, stateSize, 0, 1, 2 * Math.PI);
    }

    /** The eigenvalues start evenly over the ring with these radii; 0 and 1 where nothing is said. */
    public LruSpec ring(double from, double to) {
        if (!(from >= 0 && from < to && to <= 1))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected 0 <= from < to <= 1 but got ring(" + from + ", " + to + ")"));
        return new LruSpec(channels, stateSize, from, to, phase);
    }

    /** Their angles start between 0 and this; 2π where nothing is said, a small one for long sequences. */
    public LruSpec maximumPhase(double angle) {
        if (!(angle > 0 && angle <= 2 * Math.PI))
            throw new IllegalArgumentException(Message.of(this + ": expected a phase in (0, 2π] but got " + angle));
        return new LruSpec(channels, stateSize, inner, outer, angle);
    }

    /** What the parameters start with. */
    record Ring(double[] nuLog, double[] thetaLog, double[] gammaLog) {
    }

    /** From two uniform numbers for each state. */
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

    /** log √(1 - |λ|²). */
    static double gammaLog(double squaredSize) { return .5 * Math.log(1 - squaredSize); }

    @Override public Lru build(Rng rng) { return new Lru(this, rng); }

    @Override public int inputSize() { return channels; }

    int stateSize() { return stateSize; }

    @Override public String toString() {
        return "Lru(channels=" + channels + ", state=" + stateSize + ", ring=" + inner + ".." + outer
                + ", maximumPhase=" + (float) phase + ")";
    }
}
