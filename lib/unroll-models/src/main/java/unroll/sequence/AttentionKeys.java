package unroll.sequence;

import java.util.Arrays;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** The sources that an {@link Attention} looks at, with what it compares them by, computed once. */
public final class AttentionKeys {
    private final Tensor keys, values;
    private final Lengths lengths;
    private final int[] columns;

    /** @param columns which source each row of the queries is about */
    private AttentionKeys(Tensor keys, Tensor values, Lengths lengths, int[] columns) {
        this.keys = keys;
        this.values = values;
        this.lengths = lengths;
        this.columns = columns;
    }

    /** @param keys {@code [S, B, K]}; @param values {@code [S, B, H]} */
    static AttentionKeys of(Tensor keys, Tensor values, Lengths lengths) {
        return new AttentionKeys(keys, values, lengths, IntStream.range(0, lengths.batchSize()).toArray());
    }

    /**
     * The same sources in another order, some perhaps many times and some not at all: for the hypotheses of a search.
     * Nothing is copied. No gradient goes back through it.
     *
     * @param rows of this
     */
    public AttentionKeys select(int[] rows) {
        int[] chosen = new int[rows.length];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r] < 0 || rows[r] >= columns.length)
                throw new ShapeException("AttentionKeys: there is no row " + rows[r] + "; there are " + columns.length);
            chosen[r] = columns[rows[r]];
        }
        return new AttentionKeys(keys.detach(), values.detach(), lengths, chosen);
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
        return "AttentionKeys(" + Arrays.toString(values.shape()) + ", " + batchSize() + " rows)";
    }
}
