package unroll.statespace;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of {@link H3}: immutable, each setting gives a new one.
 *
 * <pre>{@code
 * SequenceLayer layer = H3.of(64, 64).heads(8).shift(4).build(rng);
 * }</pre>
 */
public final class H3Spec implements SequenceLayer.Spec {
    private final int size, stateSize, heads, shift;

    private H3Spec(int size, int stateSize, int heads, int shift) {
        if (size < 1) throw new IllegalArgumentException("H3: expected at least 1 channel but got " + size);
        S4dInit.requireEven("H3(channels=" + size + ")", stateSize);
        if (heads < 1 || size % heads != 0)
            throw new IllegalArgumentException(
                    "H3(channels=" + size + "): expected a number of heads that divides the channels but got " + heads);
        if (shift < 1)
            throw new IllegalArgumentException(
                    "H3(channels=" + size + "): expected a shift of at least 1 but got " + shift);
        this.size = size;
        this.stateSize = stateSize;
        this.heads = heads;
        this.shift = shift;
    }

    static H3Spec of(int size, int stateSize) { return new H3Spec(size, stateSize, size, 4); }

    /** The number of heads; where nothing is said each channel is one. */
    public H3Spec heads(int chosen) {
        return new H3Spec(size, stateSize, chosen, shift);
    }

    /** How many steps the shift state space remembers; 4 where nothing is said. */
    public H3Spec shift(int chosen) {
        return new H3Spec(size, stateSize, heads, chosen);
    }

    @Override public H3 build(Rng rng) { return new H3(this, rng); }

    @Override public int inputSize() { return size; }

    int stateSize() { return stateSize; }

    int heads() { return heads; }

    int shift() { return shift; }

    @Override public String toString() {
        return "H3(channels=" + size + ", state=" + stateSize + ", heads=" + heads + ", shift=" + shift + ")";
    }
}
