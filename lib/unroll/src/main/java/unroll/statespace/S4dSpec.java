package unroll.statespace;

import java.util.Locale;
import java.util.Objects;

import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * The configuration of {@link S4d}: immutable, each setting gives a new one.
 *
 * <pre>{@code
 * SequenceLayer layer = S4d.of(128, 64).init(S4dInit.LEGS).steps(1e-3, 1e-1).build(rng);
 * }</pre>
 */
public final class S4dSpec implements SequenceLayer.Spec {
    private final int channels, stateSize;
    private final S4dInit init;
    private final DiscretizationRule rule;
    private final double shortest, longest;
    private final int chunk;

    private S4dSpec(int channels, int stateSize, S4dInit init, DiscretizationRule rule, double shortest, double longest,
            int chunk) {
        this.channels = channels;
        this.stateSize = stateSize;
        this.init = init;
        this.rule = rule;
        this.shortest = shortest;
        this.longest = longest;
        this.chunk = chunk;
    }

    static S4dSpec of(int channels, int stateSize) {
        if (channels < 1) throw new IllegalArgumentException("S4d: expected at least 1 channel but got " + channels);
        S4dInit.requireEven("S4d(channels=" + channels + ")", stateSize);
        return new S4dSpec(channels, stateSize, S4dInit.LIN, DiscretizationRule.ZERO_ORDER_HOLD, 1e-3, 1e-1, 1 << 14);
    }

    /** Where the poles start; {@link S4dInit#LIN} where nothing is said. */
    public S4dSpec init(S4dInit chosen) {
        return new S4dSpec(channels, stateSize, Objects.requireNonNull(chosen, "init"), rule, shortest, longest, chunk);
    }

    /** Discretized by the bilinear rule instead of zero-order hold. */
    public S4dSpec bilinear() {
        return new S4dSpec(channels, stateSize, init, DiscretizationRule.BILINEAR, shortest, longest, chunk);
    }

    /** The range of steps Δ, drawn evenly in log Δ; 1/Δ is about how many steps a channel remembers at first. */
    public S4dSpec steps(double from, double to) {
        if (!(from > 0 && from <= to && to < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected 0 < from <= to but got steps(" + from + ", " + to + ")"));
        return new S4dSpec(channels, stateSize, init, rule, from, to, chunk);
    }

    /**
     * The longest part of a sequence that goes through one convolution; a longer sequence is cut into such parts and
     * the state passed on, so that the working memory does not grow with it. 16384 where nothing is said.
     */
    public S4dSpec chunk(int steps) {
        if (steps < 1)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a chunk of at least 1 step but got " + steps));
        return new S4dSpec(channels, stateSize, init, rule, shortest, longest, steps);
    }

    @Override public S4d build(Rng rng) { return new S4d(this, rng); }

    @Override public int inputSize() { return channels; }

    int stateSize() { return stateSize; }

    S4dInit init() { return init; }

    DiscretizationRule rule() { return rule; }

    double shortest() { return shortest; }

    double longest() { return longest; }

    int chunk() { return chunk; }

    @Override public String toString() {
        return String.format(Locale.ROOT, "S4d(channels=%d, state=%d, init=%s, %s, steps=%s..%s)", channels, stateSize,
                init, rule, shortest,
                longest);
    }
}
