package unroll.nn;

import java.util.List;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A layer that gives each step as it is and remembers nothing but the last one: what is left of a model when its
 * recurrence is taken out. A classifier that takes the mean over it reads a bag of words.
 *
 * <pre>{@code
 * var bag = TextClassifier.of(vocabulary, labels, IdentityLayer.of(100)).pooling(Pooling.MEAN).build(rng);
 * }</pre>
 */
public final class IdentityLayer extends SequenceLayer {
    private final int size;

    private record Configuration(int inputSize) implements Spec {
        @Override public SequenceLayer build(Rng rng) { return new IdentityLayer(inputSize); }

        @Override public String toString() { return "IdentityLayer(size=" + inputSize + ")"; }
    }

    private IdentityLayer(int size) { this.size = size; }

    /** Its configuration, for vectors of this size. */
    public static Spec of(int size) {
        if (size < 1)
            throw new IllegalArgumentException("IdentityLayer: expected a size of at least 1 but got " + size);
        return new Configuration(size);
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        return new Output(x, new ResidualBlock.Around(lengths.last(x), List.of()));
    }

    @Override public State initialState(int batch) {
        return new ResidualBlock.Around(Tensor.zeros(batch, size), List.of());
    }

    @Override public int inputSize() { return size; }

    @Override public int outputSize() { return size; }

    @Override public String toString() { return "IdentityLayer(size=" + size + ")"; }
}
