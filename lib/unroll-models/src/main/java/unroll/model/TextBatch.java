package unroll.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import unroll.data.LabelledText;
import unroll.text.Vocabulary;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;

/**
 * Texts that are read together, time-major, with the class of each.
 *
 * <pre>{@code
 * Batches<TextBatch> batches = Batches.shuffled(texts.size(), 50, Rng.seed(1), numbers -> TextBatch.of(texts, numbers, vocabulary, labels));
 * }</pre>
 *
 * @param ids     word ids, {@code [T, B]}; what stands in the padding is never looked at
 * @param lengths the number of words of each text, {@code B} numbers in 1 .. T
 * @param labels  {@code [B]}, the class of each
 */
public record TextBatch(IntTensor ids, int[] lengths, IntTensor labels) {
    public TextBatch {
        Objects.requireNonNull(lengths, "lengths");
        if (ids.shape().length != 2 || lengths.length == 0 || lengths.length != ids.size(1)
                || !Arrays.equals(labels.shape(), new int[] {lengths.length}))
            throw new ShapeException(
                    "TextBatch: expected ids [T, B], B lengths and labels [B] with at least one text but got "
                            + Arrays.toString(ids.shape()) + ", " + lengths.length + " lengths and "
                            + Arrays.toString(labels.shape()));
        for (int b = 0; b < lengths.length; b++)
            if (lengths[b] < 1 || lengths[b] > ids.size(0))
                throw new ShapeException(
                        "TextBatch: expected lengths in 1 to " + ids.size(0) + " but text " + b + " has " + lengths[b]
                                + "; leave empty texts out");
    }

    /** Texts side by side; the class of a text is the place of its label in {@code labels}. */
    public static TextBatch of(List<LabelledText> texts, Vocabulary vocabulary, List<String> labels) {
        int[] classes = new int[texts.size()];
        for (int b = 0; b < classes.length; b++) {
            classes[b] = labels.indexOf(texts.get(b).label());
            if (classes[b] < 0)
                throw new IllegalArgumentException(Message.of(
                        "TextBatch: text " + b + " has the label \"" + texts.get(b).label() + "\", which is none of "
                                + labels));
        }
        return of(texts.stream().map(t -> vocabulary.encode(t.words())).toList(), classes);
    }

    /** The texts of these numbers in a list: for {@code Batches.shuffled}. */
    public static TextBatch of(List<LabelledText> texts, int[] numbers, Vocabulary vocabulary, List<String> labels) {
        return of(Arrays.stream(numbers).mapToObj(texts::get).toList(), vocabulary, labels);
    }

    /** Encoded texts side by side, padded with id 0. */
    static TextBatch of(List<int[]> texts, int[] classes) {
        int B = texts.size(), T = 0;
        if (B == 0) throw new ShapeException("TextBatch: expected at least one text but the list is empty");
        for (int[] text : texts) T = Math.max(T, text.length);
        int[] ids = new int[Shape.size("TextBatch", new int[] {T, B})], lengths = new int[B];
        for (int b = 0; b < B; b++) {
            lengths[b] = texts.get(b).length;
            for (int t = 0; t < lengths[b]; t++) ids[t * B + b] = texts.get(b)[t];
        }
        return new TextBatch(IntTensor.of(ids, T, B), lengths, IntTensor.of(classes, B));
    }

    public int steps() { return ids.size(0); }

    public int batchSize() { return ids.size(1); }
}
