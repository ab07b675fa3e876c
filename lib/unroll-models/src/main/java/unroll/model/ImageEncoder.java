package unroll.model;

import unroll.nn.Module;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Looks at pictures for a {@link Captioner}: makes a state for each place of a grid over the picture, row by row, at
 * which attention can look, and a summary of the whole. A network of one's own extends this class.
 */
public abstract class ImageEncoder extends Module {
    /** The configuration of one. */
    public interface Spec {
        ImageEncoder build(Rng rng);
    }

    /** @param images {@code [B, ..]} */
    public abstract Encoded apply(Tensor images);

    /** H of the states. */
    public abstract int stateSize();

    /** N of the summary. */
    public abstract int summarySize();

    /** Rows of the grid. */
    public abstract int rows();

    /** Columns of the grid. */
    public abstract int columns();
}
