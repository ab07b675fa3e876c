package unroll.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import unroll.text.Vocabulary;
import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * The configuration of a {@link TextClassifier}: {@link TextClassifier#of} gives one. Immutable: each setting gives a
 * new one.
 */
public final class TextClassifierSpec {
    /** What can be chosen; vectors are null where they are drawn. */
    record Settings(Vocabulary vocabulary, List<String> labels, SequenceLayer.Spec layer, Pooling pooling,
            double embeddingDropout,
            double dropout, double wordDropout, Tensor vectors, double scale, boolean frozen) {
    }

    private final Settings settings;

    private TextClassifierSpec(Settings settings) { this.settings = settings; }

    static TextClassifierSpec of(Vocabulary vocabulary, List<String> labels, SequenceLayer.Spec layer) {
        List<String> own = List.copyOf(labels);
        if (own.size() < 2 || own.stream().distinct().count() < own.size())
            throw new IllegalArgumentException(
                    Message.of("TextClassifier: expected at least two different labels but got " + own));
        return new TextClassifierSpec(
                new Settings(vocabulary, own, Objects.requireNonNull(layer, "layer"), Pooling.LAST, 0, 0, 0, null, 1,
                        false));
    }

    /** Which vector of the states it decides by; the last one, where nothing is said. */
    public TextClassifierSpec pooling(Pooling pooling) {
        Settings s = settings;
        return new TextClassifierSpec(new Settings(s.vocabulary, s.labels, s.layer,
                Objects.requireNonNull(pooling, "pooling"), s.embeddingDropout,
                s.dropout, s.wordDropout, s.vectors, s.scale, s.frozen));
    }

    /** The probability of dropout of the numbers of the word vectors, and of what goes into the output. */
    public TextClassifierSpec dropout(double embedding, double output) {
        Settings s = settings;
        return new TextClassifierSpec(
                new Settings(s.vocabulary, s.labels, s.layer, s.pooling, probability("dropout", embedding),
                        probability("dropout", output), s.wordDropout, s.vectors, s.scale, s.frozen));
    }

    /**
     * The probability with which a word is read as {@link Vocabulary#UNKNOWN} in training, so that this symbol too
     * learns a vector.
     */
    public TextClassifierSpec wordDropout(double p) {
        Settings s = settings;
        if (p > 0 && !s.vocabulary.hasUnknown())
            throw new IllegalArgumentException(
                    "TextClassifier: word dropout reads words as " + Vocabulary.UNKNOWN
                            + ", which the vocabulary lacks; call withUnknown() on it");
        return new TextClassifierSpec(
                new Settings(s.vocabulary, s.labels, s.layer, s.pooling, s.embeddingDropout, s.dropout,
                        probability("word dropout", p), s.vectors, s.scale, s.frozen));
    }

    /**
     * The standard deviation of the normal numbers that word vectors start with; 1, where nothing is said. With a small
     * one, 0.1, words that matter soon stand out from those seen once or twice.
     */
    public TextClassifierSpec vectorScale(double deviation) {
        Settings s = settings;
        if (!(deviation > 0 && deviation < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("TextClassifier: expected a deviation above 0 but got " + deviation);
        return new TextClassifierSpec(new Settings(s.vocabulary, s.labels, s.layer, s.pooling, s.embeddingDropout,
                s.dropout, s.wordDropout, null,
                deviation, s.frozen));
    }

    /**
     * Starts with these word vectors {@code [vocabulary.size(), layer.inputSize()]}: {@link WordVectors#forVocabulary}.
     */
    public TextClassifierSpec vectors(Tensor start) {
        Settings s = settings;
        int[] expected = {s.vocabulary.size(), s.layer.inputSize()};
        if (!Arrays.equals(expected, start.shape()))
            throw new ShapeException("TextClassifier: expected vectors " + Arrays.toString(expected)
                    + ", one a word, of the size that " + s.layer
                    + " reads, but got " + Arrays.toString(start.shape()));
        return new TextClassifierSpec(new Settings(s.vocabulary, s.labels, s.layer, s.pooling, s.embeddingDropout,
                s.dropout, s.wordDropout, start,
                s.scale, s.frozen));
    }

    /** The word vectors stay as they start. */
    public TextClassifierSpec frozenVectors() {
        Settings s = settings;
        return new TextClassifierSpec(
                new Settings(s.vocabulary, s.labels, s.layer, s.pooling, s.embeddingDropout, s.dropout, s.wordDropout,
                        s.vectors, s.scale, true));
    }

    /** A model with weights of its own. */
    public TextClassifier build(Rng rng) {
        return new TextClassifier(settings, toString(), rng);
    }

    private static double probability(String what, double p) {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException(
                    Message.of("TextClassifier: expected a " + what + " probability in [0, 1) but got " + p));
        return p;
    }

    @Override public String toString() {
        Settings s = settings;
        return "TextClassifier(" + s.vocabulary.size() + " words, " + s.layer + ", pooling=" + s.pooling
                + (s.embeddingDropout > 0 || s.dropout > 0
                        ? ", dropout=" + s.embeddingDropout + " and " + s.dropout
                        : "")
                + (s.wordDropout > 0 ? ", word dropout=" + s.wordDropout : "")
                + (s.vectors != null ? ", given vectors" : "")
                + (s.vectors == null && s.scale != 1 ? ", vector scale=" + s.scale : "")
                + (s.frozen ? ", frozen vectors" : "")
                + ", labels=" + s.labels + ")";
    }
}
