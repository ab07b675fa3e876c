package unroll.model;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * What a {@link Decoder} gets from an encoder, be it of sentences or of pictures.
 *
 * @param states  what attention looks at, {@code [S, B, H]}: a state for each symbol, or the features of each place of
 *     a picture
 * @param lengths how many of the S each of the B sources has; what is beyond is never looked at
 * @param summary all of a source in one vector, from which the decoder's first state is made, {@code [B, N]}
 */
public record Encoded(Tensor states, Lengths lengths, Tensor summary) {
    public Encoded {
        if (states.rank() != 3 || summary.rank() != 2 || summary.size(0) != states.size(1))
            throw new ShapeException("Encoded: expected states [S, B, H] and a summary [B, N] but got "
                    + Arrays.toString(states.shape()) + " and " + Arrays.toString(summary.shape()));
        lengths = lengths.in("Encoded", states.size(0), states.size(1));
    }

    public int batchSize() { return lengths.batchSize(); }
}
