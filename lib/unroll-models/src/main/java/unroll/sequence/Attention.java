package unroll.sequence;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Looks at all states of a source and gives their weighted mean, where a query chooses the weights:
 *
 * <pre>{@code
 * e_s = score(query, h_s)      a = softmax(e) over the steps of the source      context = Σ a_s h_s
 *
 * Attention attention = Attention.Kind.ADDITIVE.build(256, 512, rng);    // queries of 256, states of 512 numbers
 * Attention.Keys keys = attention.keys(states, lengths);            // states: [S, B, 512]; once for each source
 * // queries: [T, B, 256]; found.context(): [T, B, 512], found.weights(): [T, B, S]
 * Attention.Result found = attention.attend(queries, keys);
 * }</pre>
 *
 * Padding has the weight 0 and is never looked at. All T queries are one operation on the tape; a decoder that feeds
 * back what it found asks with T = 1.
 */
public abstract sealed class Attention extends Module permits AdditiveAttention, MultiplicativeAttention {
    /** How a query and a state become a score. */
    public enum Kind {
        /**
         * v · tanh(q W + h U), Bahdanau et al. (2015); what Luong et al. (2015) call concat is this function too:
         * {@link AdditiveAttention}.
         */
        ADDITIVE,
        /** q · h, where both have one size; Luong et al. (2015): {@link MultiplicativeAttention}. */
        DOT,
        /** q · (h W), Luong et al. (2015): {@link MultiplicativeAttention}. */
        GENERAL;

        /** An attention of this kind; additive with as many hidden units as a query has numbers. */
        public Attention build(int querySize, int stateSize, Rng rng) {
            return switch (this) {
                case ADDITIVE -> new AdditiveAttention(querySize, stateSize, querySize, rng);
                case DOT -> MultiplicativeAttention.dot(querySize, stateSize);
                case GENERAL -> MultiplicativeAttention.general(querySize, stateSize, rng);
            };
        }

        @Override public String toString() { return name().toLowerCase(Locale.ROOT); }
    }

    /**
     * What was found.
     *
     * @param context the weighted means, {@code [T, B, stateSize]}
     * @param weights {@code [T, B, S]}: at least 0, with the sum 1 over the steps of a source; 0 in its padding
     */
    public record Result(Tensor context, Tensor weights) {
    }

    /** The sources that an attention looks at, with what it compares them by, computed once. */
    public static final class Keys {
        private final Tensor keys, values;
        private final Lengths lengths;
        private final int[] columns;

        /** @param columns which source each row of the queries is about */
        private Keys(Tensor keys, Tensor values, Lengths lengths, int[] columns) {
            this.keys = keys;
            this.values = values;
            this.lengths = lengths;
            this.columns = columns;
        }

        /** @param keys {@code [S, B, K]}; @param values {@code [S, B, H]} */
        static Keys of(Tensor keys, Tensor values, Lengths lengths) {
            return new Keys(keys, values, lengths, IntStream.range(0, lengths.batchSize()).toArray());
        }

        /**
         * The same sources in another order, some perhaps many times and some not at all: for the hypotheses of a
         * search. Nothing is copied. No gradient goes back through it.
         *
         * @param rows of this
         */
        public Keys select(int[] rows) {
            int[] chosen = new int[rows.length];
            for (int r = 0; r < rows.length; r++) {
                if (rows[r] < 0 || rows[r] >= columns.length)
                    throw new ShapeException(
                            "Attention.Keys: there is no row " + rows[r] + "; there are " + columns.length);
                chosen[r] = columns[rows[r]];
            }
            return new Keys(keys.detach(), values.detach(), lengths, chosen);
        }

        Tensor keys() { return keys; }

        Tensor values() { return values; }

        /** The source of a row of the queries. */
        int column(int row) { return columns[row]; }

        /** The length of a row's source. */
        int length(int row) { return lengths.get(columns[row]); }

        /** How many rows the queries have. */
        public int batchSize() { return columns.length; }

        /** S, the steps of the longest source. */
        public int steps() { return keys.size(0); }

        @Override public String toString() {
            return "Attention.Keys(" + Arrays.toString(values.shape()) + ", " + batchSize() + " rows)";
        }
    }

    private final int querySize, stateSize;

    Attention(int querySize, int stateSize) {
        if (querySize < 1 || stateSize < 1)
            throw new IllegalArgumentException("Attention: expected sizes of at least 1 but got queries of " + querySize
                    + " and states of " + stateSize);
        this.querySize = querySize;
        this.stateSize = stateSize;
    }

    /** What the states of a source are compared by, {@code [S, B, K]}. */
    abstract Tensor project(Tensor states);

    /** What a query is compared by, {@code [T, B, K]}. */
    abstract Tensor ask(Tensor queries);

    /** What scores are made with beside queries and keys; null where nothing is. */
    abstract Tensor weight();

    /** The score of a query and a key as {@link #ask} and {@link #project} give them; the room takes K numbers. */
    abstract float score(float[] query, float[] key, float[] room);

    /** Adds d · ∂score/∂. to the gradients. */
    abstract void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] dWeight,
            float[] room);

    /**
     * Prepares sources for any number of queries.
     *
     * @param states  {@code [S, B, stateSize]}
     * @param lengths one number in 1 .. S for each source
     * @throws ShapeException if a source is all padding: it has no weights whose sum is 1
     */
    public final Keys keys(Tensor states, Lengths lengths) {
        if (states.rank() != 3 || states.size(2) != stateSize)
            throw new ShapeException(
                    this + ": expected states [S, B, " + stateSize + "] but got " + Arrays.toString(states.shape()));
        return Keys.of(project(states), states, lengths.in(toString(), states.size(0), states.size(1)));
    }

    /** The answer to queries {@code [T, B, querySize]} from the keys of this attention. */
    public final Result attend(Tensor queries, Keys keys) {
        if (queries.rank() != 3 || queries.size(2) != querySize || queries.size(1) != keys.batchSize())
            throw new ShapeException(this + ": expected queries [T, " + keys.batchSize() + ", " + querySize
                    + "] but got " + Arrays.toString(queries.shape()));
        return Attend.of(ask(queries), keys, this);
    }

    public final int querySize() { return querySize; }

    public final int stateSize() { return stateSize; }
}
