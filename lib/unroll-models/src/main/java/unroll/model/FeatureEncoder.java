package unroll.model;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * For pictures of which a vector of features is known already, such as those of another network. It learns nothing; the
 * vector is the summary and the only state.
 *
 * <pre>{@code
 * Captioner model = Captioner.of(vocabulary, rng -> new FeatureEncoder(2048), Decoder.of(Lstm.of(256, 256))).build(Rng.seed(42));
 * Tensor loss = model.loss(model.batch(features, captions));       // features: [B, 2048]
 * }</pre>
 */
public final class FeatureEncoder extends ImageEncoder {
    private final int features;

    public FeatureEncoder(int features) {
        if (features < 1)
            throw new IllegalArgumentException("FeatureEncoder: expected at least 1 feature but got " + features);
        this.features = features;
    }

    /** @param x {@code [B, features]} */
    @Override public Encoded apply(Tensor x) {
        if (x.rank() != 2 || x.size(1) != features)
            throw new ShapeException(
                    this + ": expected x of shape [B, " + features + "] but got " + Arrays.toString(x.shape()));
        int B = x.size(0);
        return new Encoded(x.reshape(1, B, features), Lengths.full(1, B), x);
    }

    @Override public int stateSize() { return features; }

    @Override public int summarySize() { return features; }

    @Override public int rows() { return 1; }

    @Override public int columns() { return 1; }

    @Override public String toString() { return "FeatureEncoder(features=" + features + ")"; }
}
