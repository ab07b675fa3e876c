package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Pictures and their captions, side by side.
 *
 * @param images  {@code [B, ..]}
 * @param inputs  what a decoder reads, BOS and then the caption, {@code [T, B]}
 * @param targets what it is to write, the caption and then EOS, {@code [T, B]}; {@link Losses#IGNORE} in the padding
 */
public record CaptionBatch(Tensor images, IntTensor inputs, IntTensor targets) {
    public CaptionBatch {
        if (inputs.shape().length != 2 || !Arrays.equals(inputs.shape(), targets.shape()) || images.rank() < 2
                || images.size(0) != inputs.size(1))
            throw new ShapeException("CaptionBatch: expected images [B, ..], inputs [T, B] and targets [T, B] but got "
                    + Arrays.toString(images.shape()) + ", " + Arrays.toString(inputs.shape()) + " and "
                    + Arrays.toString(targets.shape()));
    }

    /**
     * One caption for each picture, padded to the longest.
     *
     * @param captions without BOS and EOS; none is empty
     */
    public static CaptionBatch of(Tensor images, List<int[]> captions, Ends ends) {
        int B = captions.size();
        if (images.rank() < 2 || images.size(0) != B)
            throw new ShapeException("CaptionBatch: expected images [B, ..] and B captions, one each, but got images "
                    + Arrays.toString(images.shape()) + " and " + B + " captions");
        for (int b = 0; b < B; b++)
            if (captions.get(b).length == 0)
                throw new IllegalArgumentException("CaptionBatch: caption " + b + " is empty; leave its picture out");
        Ends.Written written = ends.written(captions);
        return new CaptionBatch(images, written.inputs(), written.targets());
    }

    /** How many symbols are to be written, each EOS too. */
    public int symbols() {
        return Ends.symbols(targets);
    }

    public int batchSize() { return images.size(0); }
}
