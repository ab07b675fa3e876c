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

    /** The last step: {@code [B, size]}. */
    private record Last(Tensor h) implements State {
        @Override public List<Tensor> tensors() { return List.of(h); }

        @Override public State with(List<Tensor> tensors) { return new Last(tensors.get(0)); }
    }

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
        return new Output(x, new Last(lengths.last(x)));
    }

    @Override public State initialState(int batch) { return new Last(Tensor.zeros(batch, size)); }

    @Override public int inputSize() { return size; }

    @Override public int outputSize() { return size; }

    @Override public String toString() { return "IdentityLayer(size=" + size + ")"; }
}
