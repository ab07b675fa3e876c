package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.text.SequenceBatch;
import unroll.tensor.IntTensor;
import unroll.tensor.ShapeException;

/**
 * Sentences that are tagged together, time-major; {@link TaggerVocabulary#batch} makes one.
 *
 * @param words     ids of words, {@code [T, B]}
 * @param forms     which of {@code spellings} each word is, {@code [T, B]}: a word that occurs many times is spelled
 *     once
 * @param spellings the ids of the characters of each distinct word
 * @param tags      {@code [T, B]}; {@link SequenceBatch#IGNORE} in the padding and where a tag is not known
 * @param lengths   the number of words of each sentence
 */
public record TaggerBatch(IntTensor words, IntTensor forms, List<int[]> spellings, IntTensor tags, Lengths lengths) {
    public TaggerBatch {
        spellings = List.copyOf(spellings);
        if (words.shape().length != 2 || !Arrays.equals(words.shape(), forms.shape())
                || !Arrays.equals(words.shape(), tags.shape()))
            throw new ShapeException(
                    "TaggerBatch: expected words, forms and tags [T, B] but got " + Arrays.toString(words.shape())
                            + ", " + Arrays.toString(forms.shape()) + " and " + Arrays.toString(tags.shape()));
        lengths = lengths.in("TaggerBatch", words.size(0), words.size(1));
    }

    /** The number of words that have a tag. */
    public int tagged() { return Ends.symbols(tags); }

    public int steps() { return words.size(0); }

    public int batchSize() { return words.size(1); }
}
