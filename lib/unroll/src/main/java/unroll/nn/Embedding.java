package unroll.nn;

import java.util.Arrays;

import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * A learned vector for each symbol: ids {@code [..]} give {@code [.., size]}. Starts standard normal, as in PyTorch.
 * The same as a 1-of-k vector times a matrix, without the zeros.
 *
 * <pre>{@code
 * Tensor x = new Embedding(65, 32, rng).apply(ids);              // [T, B] gives [T, B, 32]
 * }</pre>
 */
public final class Embedding extends Module {
    private final int symbols, size;
    private final boolean tied;
    private final Parameter w;

    public Embedding(int symbols, int size, Rng rng) { this(normal(symbols, size, rng)); }

    private static Tensor normal(int symbols, int size, Rng rng) {
        if (symbols < 1 || size < 1)
            throw new IllegalArgumentException(
                    "Embedding: expected sizes of at least 1 but got symbols=" + symbols + ", size=" + size);
        return rng.normal(symbols, size);
    }

    /** Starts with given vectors, one row {@code [size]} a symbol. */
    public Embedding(Tensor start) {
        if (start.rank() != 2 || start.size() == 0)
            throw new ShapeException("Embedding: expected vectors [symbols, size] to start with but got "
                    + Arrays.toString(start.shape()));
        symbols = start.size(0);
        size = start.size(1);
        tied = false;
        w = parameter(new Parameter("w", start));
    }

    private Embedding(Linear output) {
        symbols = output.w().size(1);
        size = output.w().size(0);
        tied = true;
        w = output.w();
    }

    /**
     * The vector of a symbol is the column by which a layer weighs it (Press and Wolf 2017, Inan et al. 2017): one
     * matrix serves both and belongs to the layer.
     */
    public static Embedding tied(Linear output) { return new Embedding(output); }

    /** The vectors of the symbols; an id outside 0 .. symbols - 1 is an error. */
    public Tensor apply(IntTensor ids) {
        for (int id : ids.data())
            if (id < 0 || id >= symbols)
                throw new IndexOutOfBoundsException(Message.of(
                        this + ": expected ids in 0 to " + (symbols - 1) + " but got " + id
                                + "; was the text encoded with another vocabulary?"));
        return tied ? w.columns(ids) : w.rows(ids);
    }

    /** {@code [symbols, size]}; of one that is tied {@code [size, symbols]}. */
    public Parameter w() { return w; }

    @Override public String toString() {
        return "Embedding(symbols=" + symbols + ", size=" + size + (tied ? ", tied" : "") + ")";
    }
}
