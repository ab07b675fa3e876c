package unroll.text;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.ShapeException;

/**
 * Sequences that are read together, time-major, with the symbol to be predicted at each place.
 *
 * @param inputs    token ids, {@code [T, B]}
 * @param targets   {@code [T, B]}; {@link #IGNORE} where nothing is to be predicted (padding)
 * @param lengths   of the sequences
 * @param continues whether row b goes on where row b of the batch before ended, so that the state is carried over
 *     (truncated backpropagation through time)
 */
public record SequenceBatch(IntTensor inputs, IntTensor targets, Lengths lengths, boolean continues) {
    /** The target of a place where nothing is to be predicted. */
    public static final int IGNORE = -1;

    public SequenceBatch {
        if (inputs.shape().length != 2 || !Arrays.equals(inputs.shape(), targets.shape()))
            throw new ShapeException("SequenceBatch: expected inputs [T, B] and targets [T, B] but got "
                    + Arrays.toString(inputs.shape()) + " and " + Arrays.toString(targets.shape()));
        lengths = lengths.in("SequenceBatch", inputs.size(0), inputs.size(1));
    }

    /** The number of places that count: those whose target is not {@link #IGNORE}. */
    public int symbols() {
        int n = 0;
        for (int t : targets.data()) if (t != IGNORE) n++;
        return n;
    }

    public int steps() { return inputs.size(0); }

    public int batchSize() { return inputs.size(1); }
}
