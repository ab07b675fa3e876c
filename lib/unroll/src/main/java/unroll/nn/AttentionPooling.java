package unroll.nn;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * One vector from a sequence, a weighted mean in which the layer chooses the weights (the word attention of Yang et al.
 * 2016, with the additive score of Bahdanau et al. 2015 and one learned query):
 *
 * <pre>{@code
 * s_t = v · tanh(h_t W + b)      a = softmax(s) over the steps of the sequence      y = Σ a_t h_t
 *
 * var pooling = new AttentionPooling(256, 64, rng);
 * Tensor a = pooling.weights(states, lengths);                   // [T, B, 256] gives [T, B]
 * Tensor y = pooling.apply(states, lengths);                     // [B, 256]
 * }</pre>
 */
public final class AttentionPooling extends Module {
    private final int in, hidden;
    private final Linear projection;
    private final Parameter v;

    /**
     * @param in     the size of the states
     * @param hidden the size of v
     */
    public AttentionPooling(int in, int hidden, Rng rng) {
        this.in = in;
        this.hidden = hidden;
        projection = child("projection", new Linear(in, hidden, rng.split()));
        v = parameter(new Parameter("v", Initializer.uniformFanIn().values(hidden, 1, rng.split())));
    }

    /**
     * How much each step counts, {@code [T, B]}: positive numbers whose sum is 1 over the steps of a sequence, 0 in its
     * padding.
     */
    public Tensor weights(Tensor states, Lengths lengths) {
        Tensor scores = projection.apply(states).tanh().matmul(v);         // [T, B, 1]
        return OverTime.softmax(scores.reshape(states.size(0), states.size(1)), lengths);
    }

    /** The weighted mean of the states: {@code [T, B, in]} gives {@code [B, in]}. */
    public Tensor apply(Tensor states, Lengths lengths) {
        return OverTime.weightedSum(states, weights(states, lengths), lengths);
    }

    @Override public String toString() { return "AttentionPooling(in=" + in + ", hidden=" + hidden + ")"; }
}
