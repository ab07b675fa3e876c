package unroll.text;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Sequences of vectors that are read together, time-major, with a class for each sequence or for each of its steps.
 *
 * <pre>{@code
 * var images = new LabelledBatch(rows, lengths, digits);           // rows: [28, B, 28], digits: [B]
 * var words = LabelledBatch.ofSymbols(ids, 60, lengths, labels);   // ids: [T, B] → inputs: [T, B, 60], 1-of-k
 * }</pre>
 *
 * @param inputs  {@code [T, B, I]}
 * @param lengths of the sequences
 * @param labels  {@code [B]} for one class a sequence, {@code [T, B]} for one a step; {@link SequenceBatch#IGNORE}
 *     where none is to be predicted
 */
public record LabelledBatch(Tensor inputs, Lengths lengths, IntTensor labels) {
    public LabelledBatch {
        if (inputs.rank() != 3 || !Arrays.equals(labels.shape(), new int[] {inputs.size(1)})
                && !Arrays.equals(labels.shape(), new int[] {inputs.size(0), inputs.size(1)}))
            throw new ShapeException("LabelledBatch: expected inputs [T, B, I] and labels [B] or [T, B] but got "
                    + Arrays.toString(inputs.shape()) + " and " + Arrays.toString(labels.shape()));
        lengths = lengths.in("LabelledBatch", inputs.size(0), inputs.size(1));
    }

    /**
     * Symbols {@code [T, B]} as 1-of-k vectors: all zeros but for a 1 at the place of the symbol; zeros in the padding.
     */
    public static LabelledBatch ofSymbols(IntTensor ids, int symbols, Lengths lengths, IntTensor labels) {
        if (ids.shape().length != 2)
            throw new ShapeException("LabelledBatch: expected ids [T, B] but got " + Arrays.toString(ids.shape()));
        int T = ids.size(0), B = ids.size(1);
        float[] ones = Shape.room("one-hot symbols", new int[] {T, B, symbols});
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++) {
                if (!lengths.has(t, b)) continue;
                int id = ids.data()[t * B + b];
                if (id < 0 || id >= symbols)
                    throw new IndexOutOfBoundsException(
                            "LabelledBatch: expected ids in 0 to " + (symbols - 1) + " but got " + id + " at step " + t
                                    + " of sequence " + b);
                ones[(t * B + b) * symbols + id] = 1;
            }
        return new LabelledBatch(Tensor.of(ones, T, B, symbols), lengths, labels);
    }

    /** Whether each step has a label of its own. */
    public boolean everyStep() { return labels.shape().length == 2; }

    public int steps() { return inputs.size(0); }

    public int batchSize() { return inputs.size(1); }
}
