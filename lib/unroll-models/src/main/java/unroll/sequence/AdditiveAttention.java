package unroll.sequence;

import unroll.nn.Initializer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * Attention by a small network (Bahdanau, Cho and Bengio 2015, appendix A.1.2):
 * {@code score(q, h) = v · tanh(q W + h U)}, without biases.
 *
 * <pre>{@code
 * var attention = new AdditiveAttention(256, 512, 128, rng);
 * // [T, B, 256] and [S, B, 512] give [T, B, 512]
 * var found = attention.attend(queries, attention.keys(states, lengths));
 * }</pre>
 *
 * The concat score of Luong, Pham and Manning (2015), {@code v · tanh([q; h] W)}, is the same function: W and U are the
 * two parts of its matrix.
 */
public final class AdditiveAttention extends Attention {
    private final Parameter w, u, v;
    private final int hidden;

    /** @param hidden the size of v */
    public AdditiveAttention(int querySize, int stateSize, int hidden, Rng rng) {
        super(querySize, stateSize);
        if (hidden < 1)
            throw new IllegalArgumentException("AdditiveAttention: expected at least 1 hidden unit but got " + hidden);
        this.hidden = hidden;
        w = parameter(new Parameter("w", Initializer.uniformFanIn().values(querySize, hidden, rng.split())));
        u = parameter(new Parameter("u", Initializer.uniformFanIn().values(stateSize, hidden, rng.split())));
        v = parameter(new Parameter("v", rng.split().uniform(-1 / Math.sqrt(hidden), 1 / Math.sqrt(hidden), hidden)));
    }

    @Override Tensor project(Tensor states) { return states.matmul(u); }

    @Override Tensor ask(Tensor queries) { return queries.matmul(w); }

    @Override Tensor weight() { return v; }

    @Override float score(float[] query, float[] key, float[] room) {
        activate(query, key, room);
        return Attend.dot(v.data(), room);
    }

    private static void activate(float[] query, float[] key, float[] z) {
        for (int j = 0; j < z.length; j++) z[j] = query[j] + key[j];
        VectorMath.tanh(z, z, 0, z.length);
    }

    @Override void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] dV, float[] z) {
        // made again: to keep all of them would take [T, B, S, K]
        activate(query, key, z);
        Attend.addTimes(dV, z, d);
        throughTanh(z, v.data(), d);
        Attend.addTimes(dQuery, z, 1);
        Attend.addTimes(dKey, z, 1);
    }

    private static void throughTanh(float[] z, float[] v, float d) {
        for (int j = 0; j < z.length; j++) z[j] = d * v[j] * (1 - z[j] * z[j]);
    }

    /** {@code [querySize, hidden]}. */
    public Parameter w() { return w; }

    /** {@code [stateSize, hidden]}. */
    public Parameter u() { return u; }

    /** {@code [hidden]}. */
    public Parameter v() { return v; }

    @Override public String toString() {
        return "AdditiveAttention(query=" + querySize() + ", state=" + stateSize() + ", hidden=" + hidden + ")";
    }
}
