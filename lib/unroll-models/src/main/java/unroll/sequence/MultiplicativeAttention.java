package unroll.sequence;

import unroll.nn.Initializer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Attention by a product (Luong, Pham and Manning 2015): {@code score(q, h) = q · (h W)}, or q · h without a W.
 *
 * <pre>{@code
 * var attention = MultiplicativeAttention.general(256, 512, rng);
 * // [T, B, 256] and [S, B, 512] give [T, B, 512]
 * var found = attention.attend(queries, attention.keys(states, lengths));
 * }</pre>
 *
 * Scores are not divided by the root of the size; who wants that (Vaswani et al. 2017) scales the queries.
 */
public final class MultiplicativeAttention extends Attention {
    private final Parameter w;                                             // null in dot()

    private MultiplicativeAttention(int querySize, int stateSize, Parameter w) {
        super(querySize, stateSize);
        this.w = w == null ? null : parameter(w);
    }

    /** q · (h W) with W {@code [stateSize, querySize]}. */
    public static MultiplicativeAttention general(int querySize, int stateSize, Rng rng) {
        return new MultiplicativeAttention(querySize, stateSize,
                new Parameter("w", Initializer.uniformFanIn().values(stateSize, querySize, rng)));
    }

    /**
     * q · h.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public static MultiplicativeAttention dot(int querySize, int stateSize) {
        if (querySize != stateSize)
            throw new IllegalArgumentException(
                    "MultiplicativeAttention: the product q · h needs one size but queries have " + querySize
                            + " numbers and states " + stateSize
                            + "; choose general(..), whose matrix goes between them");
        return new MultiplicativeAttention(querySize, stateSize, null);
    }

    @Override Tensor project(Tensor states) { return w == null ? states : states.matmul(w); }

    @Override Tensor ask(Tensor queries) { return queries; }

    @Override Tensor weight() { return null; }

    @Override float score(float[] query, float[] key, float[] room) { return Attend.dot(query, key); }

    @Override void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] none, float[] room) {
        Attend.addTimes(dQuery, key, d);
        Attend.addTimes(dKey, query, d);
    }

    @Override public String toString() {
        return "MultiplicativeAttention(query=" + querySize() + ", state=" + stateSize()
                + (w == null ? ", dot" : ", general") + ")";
    }
}
