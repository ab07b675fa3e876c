package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.data.LabelledText;
import unroll.nn.Lengths;
import unroll.text.Vocabulary;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;

/**
 * Texts that are read together, time-major, with the class of each.
 *
 * <pre>{@code
 * Batches<TextBatch> batches = Batches.shuffled(texts.size(), 50, Rng.seed(1), numbers -> TextBatch.of(texts, numbers, vocabulary, labels));
 * }</pre>
 *
 * @param ids     word ids, {@code [T, B]}; what stands in the padding is never looked at
 * @param lengths the number of words of each text
 * @param labels  {@code [B]}, the class of each
 */
public record TextBatch(IntTensor ids, Lengths lengths, IntTensor labels) {
    public TextBatch {
        if (ids.shape().length != 2 || ids.size(1) == 0 || !Arrays.equals(labels.shape(), new int[] {ids.size(1)}))
            throw new ShapeException("TextBatch: expected ids [T, B] and labels [B] with at least one text but got "
                    + Arrays.toString(ids.shape()) + " and " + Arrays.toString(labels.shape()));
        lengths = lengths.in("TextBatch", ids.size(0), ids.size(1));
    }

    /** Texts side by side; the class of a text is the place of its label in {@code labels}. */
    public static TextBatch of(List<LabelledText> texts, Vocabulary vocabulary, List<String> labels) {
        int[] classes = new int[texts.size()];
        for (int b = 0; b < classes.length; b++) {
            classes[b] = labels.indexOf(texts.get(b).label());
            if (classes[b] < 0)
                throw new IllegalArgumentException(Message.of("TextBatch: text " + b + " has the label \""
                        + texts.get(b).label() + "\", which is none of " + labels));
        }
        return of(texts.stream().map(t -> vocabulary.encode(t.words())).toList(), classes);
    }

    /** The texts of these numbers in a list: for {@code Batches.shuffled}. */
    public static TextBatch of(List<LabelledText> texts, int[] numbers, Vocabulary vocabulary, List<String> labels) {
        return of(Arrays.stream(numbers).mapToObj(texts::get).toList(), vocabulary, labels);
    }

    /** Encoded texts side by side, padded with id 0. */
    static TextBatch of(List<int[]> texts, int[] classes) {
        if (texts.isEmpty()) throw new ShapeException("TextBatch: expected at least one text but the list is empty");
        return new TextBatch(Lengths.padded(texts, 0), Lengths.of(texts), IntTensor.of(classes, texts.size()));
    }

    public int steps() { return ids.size(0); }

    public int batchSize() { return ids.size(1); }
}
