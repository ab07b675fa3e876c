package unroll.model;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What a {@link SequenceTagger} looks at to tag a word: the word alone, its neighbours, or all that a layer reads.
 *
 * <pre>{@code
 * Context.none(128)                                        // each word by itself
 * Context.window(128, 2)                                   // five words: two to the left, two to the right
 * Context.layer(Lstm.of(128, 96).bidirectional())          // the whole sentence
 * }</pre>
 *
 * @param inputSize  the size of a word's vector
 * @param neighbours how many words on each side are looked at, without a layer
 * @param layer      what reads the whole sentence; null where nothing does
 */
public record Context(int inputSize, int neighbours, SequenceLayer.Spec layer) {
    public Context {
        if (inputSize < 1)
            throw new IllegalArgumentException("Context: expected vectors of at least one number but got " + inputSize);
    }

    /** The word alone. */
    public static Context none(int inputSize) { return new Context(inputSize, 0, null); }

    /** The vectors of the word and of its neighbours side by side; zeros beyond the ends of the sentence. */
    public static Context window(int inputSize, int neighbours) {
        if (neighbours < 1)
            throw new IllegalArgumentException(
                    "Context.window: expected at least one neighbour a side but got " + neighbours);
        return new Context(inputSize, neighbours, null);
    }

    /** The states of a layer of any kind and direction. */
    public static Context layer(SequenceLayer.Spec spec) {
        return new Context(spec.inputSize(), 0, spec);
    }

    /** {@code x [T, B, N]} gives {@code [T, B, (2 neighbours + 1) N]}: steps t - neighbours .. t + neighbours. */
    Tensor window(Tensor x, Lengths lengths) {
        int T = x.size(0), B = x.size(1), n = x.size(2), width = 2 * neighbours + 1;
        float[] v = x.data(), y = Shape.room("neighbours", new int[] {v.length, width}, x);
        eachNeighbour(B, n, lengths, (from, to) -> System.arraycopy(v, from, y, to, n));
        return Tape.record("neighbours", y, new int[] {T, B, width * n}, g -> {
            float[] e = g.get(0), d = new float[v.length];
            eachNeighbour(B, n, lengths, (to, from) -> {
                for (int i = 0; i < n; i++) d[to + i] += e[from + i];
            });
            x.take(d);
        }, x);
    }

    private interface Pair {
        /** A row of x and the row of the result that it goes to, by their first elements. */
        void accept(int x, int y);
    }

    private void eachNeighbour(int B, int n, Lengths lengths, Pair pair) {
        int each = neighbours;
        for (int b = 0; b < B; b++)
            for (int t = 0; t < lengths.get(b); t++)
                for (int s = Math.max(0, t - each); s <= Math.min(lengths.get(b) - 1, t + each); s++)
                    pair.accept((s * B + b) * n, ((t * B + b) * (2 * each + 1) + s - t + each) * n);
    }

    @Override public String toString() {
        return layer != null
                ? layer.toString()
                : neighbours == 0 ? "no context" : "window of " + (2 * neighbours + 1) + " words";
    }
}
