package unroll.analysis;

/** Where backpropagation through time stops early. */
public enum Truncation {
    /**
     * The sequence in chunks of k steps, the state carried over without its graph: the gradient never crosses the
     * border of a chunk.
     */
    CHUNKS,
    /** Only the last k steps: what came before them is read, but gets no gradient. */
    LAST;

    /** Whether the graph is cut before step t (0, 1, …) of T. */
    boolean cuts(int t, int k, int T) {
        return switch (this) {
            case CHUNKS -> t > 0 && t % k == 0;
            case LAST -> t > 0 && t <= T - k;
        };
    }

    /** Whether step t is read without a graph. */
    boolean skips(int t, int k, int T) {
        return this == LAST && t < T - k;
    }
}
