package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import unroll.metrics.Accuracy;
import unroll.nn.Configuration;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.text.Vocabulary;

/**
 * Reads a text and chooses one class for it: a vector for each word, a sequence layer over these, one vector from all
 * its states ({@link Pooling}), and a softmax over the classes.
 *
 * <pre>{@code
 * var model = TextClassifier.of(vocabulary, List.of("negative", "positive"), Lstm.of(100, 100).bidirectional())
 *         .pooling(Pooling.MAX).vectorScale(0.1).dropout(0.5, 0.5).wordDropout(0.1).build(Rng.seed(42));
 * Tensor loss = model.loss(batch);                               // mean cross-entropy, nats a text
 * model.predict(List.of("slow", ",", "but", "good"));            // positive (83.1 %)
 * model.reading(words);                                          // [T, classes]: after each word
 * }</pre>
 *
 * {@code IdentityLayer.of(100)} with {@link Pooling#MEAN} is the baseline without word order, a bag of words.
 */
public final class TextClassifier extends Module {
    /** So many prefixes are read side by side. */
    private static final int TOGETHER = 64;

    private final Spec spec;
    private final Embedding embedding;
    private final Dropout dropout;                                         // null where there is none
    private final SequenceClassifier classifier;
    private final Rng words;

    /** What a model is to be: {@link TextClassifier#of} begins one, each setting gives a new one. */
    public static final class Spec extends Configuration<Spec> {
        private final Vocabulary vocabulary;
        private final List<String> labels;
        private final SequenceLayer.Spec layer;
        private Pooling pooling = Pooling.LAST;
        private double embeddingDropout, dropout, wordDropout, scale = 1;
        private Tensor vectors;                                            // null where they are drawn
        private boolean frozen;

        private Spec(Vocabulary vocabulary, List<String> labels, SequenceLayer.Spec layer) {
            this.vocabulary = vocabulary;
            this.labels = List.copyOf(labels);
            this.layer = Objects.requireNonNull(layer, "layer");
            if (labels.size() < 2 || labels.stream().distinct().count() < labels.size())
                throw new IllegalArgumentException(
                        Message.of("TextClassifier: expected at least two different labels but got " + labels));
        }

        /** Which vector of the states it decides by; the last one, where nothing is said. */
        public Spec pooling(Pooling pooling) {
            Objects.requireNonNull(pooling, "pooling");
            return with(copy -> copy.pooling = pooling);
        }

        /** The probability of dropout of the numbers of the word vectors, and of what goes into the output. */
        public Spec dropout(double embedding, double output) {
            requireProbability("dropout", embedding);
            requireProbability("dropout", output);
            return with(copy -> {
                copy.embeddingDropout = embedding;
                copy.dropout = output;
            });
        }

        /**
         * The probability with which a word is read as {@link Vocabulary#UNKNOWN} in training, so that this symbol too
         * learns a vector.
         */
        public Spec wordDropout(double p) {
            if (p > 0 && !vocabulary.hasUnknown())
                throw new IllegalArgumentException("TextClassifier: word dropout reads words as " + Vocabulary.UNKNOWN
                        + ", which the vocabulary lacks; call withUnknown() on it");
            requireProbability("word dropout", p);
            return with(copy -> copy.wordDropout = p);
        }

        /**
         * The standard deviation of the normal numbers that word vectors start with; 1, where nothing is said. With a
         * small one, 0.1, words that matter soon stand out from those seen once or twice.
         */
        public Spec vectorScale(double deviation) {
            if (!(deviation > 0 && deviation < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("TextClassifier: expected a deviation above 0 but got " + deviation);
            return with(copy -> {
                copy.scale = deviation;
                copy.vectors = null;
            });
        }

        /**
         * Starts with these vectors {@code [vocabulary.size(), layer.inputSize()]}: {@link WordVectors#forVocabulary}.
         */
        public Spec vectors(Tensor start) {
            int[] expected = {vocabulary.size(), layer.inputSize()};
            if (!Arrays.equals(expected, start.shape()))
                throw new ShapeException("TextClassifier: expected vectors " + Arrays.toString(expected)
                        + ", one a word, of the size that " + layer + " reads, but got "
                        + Arrays.toString(start.shape()));
            return with(copy -> copy.vectors = start);
        }

        /** The word vectors stay as they start. */
        public Spec frozenVectors() {
            return with(copy -> copy.frozen = true);
        }

        /** A model with weights of its own. */
        public TextClassifier build(Rng rng) {
            return new TextClassifier(this, rng);
        }

        private static void requireProbability(String what, double p) {
            if (!(p >= 0 && p < 1))
                throw new IllegalArgumentException(
                        Message.of("TextClassifier: expected a " + what + " probability in [0, 1) but got " + p));
        }

        @Override public String toString() {
            return "TextClassifier(" + vocabulary.size() + " words, " + layer + ", pooling=" + pooling
                    + (embeddingDropout > 0 || dropout > 0 ? ", dropout=" + embeddingDropout + " and " + dropout : "")
                    + (wordDropout > 0 ? ", word dropout=" + wordDropout : "")
                    + (vectors != null ? ", given vectors" : scale != 1 ? ", vector scale=" + scale : "")
                    + (frozen ? ", frozen vectors" : "") + ", labels=" + labels + ")";
        }
    }

    /**
     * What a classifier thinks of one text.
     *
     * @param label         the most probable class
     * @param probabilities of all classes, in the order of the model's labels; their sum is 1
     */
    public record Prediction(String label, Map<String, Double> probabilities) {
        public Prediction {
            probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
            if (!probabilities.containsKey(label))
                throw new IllegalArgumentException(
                        Message.of("Prediction: \"" + label + "\" is none of " + probabilities.keySet()));
        }

        /** The probability of the label. */
        public double probability() { return probabilities.get(label); }

        @Override public String toString() {
            return String.format(Locale.ROOT, "%s (%.1f %%)", label, 100 * probability());
        }
    }

    /** A model whose words get vectors of the layer's input size; it decides by the last state and has no dropout. */
    public static Spec of(Vocabulary vocabulary, List<String> labels, SequenceLayer.Spec layer) {
        return new Spec(vocabulary, labels, layer);
    }

    private TextClassifier(Spec spec, Rng rng) {
        this.spec = spec;
        Rng start = rng.split();
        embedding = child("embedding",
                spec.vectors != null
                        ? new Embedding(spec.vectors)
                        : new Embedding(start.normal(spec.vocabulary.size(), spec.layer.inputSize()).mul(spec.scale)));
        dropout = spec.embeddingDropout == 0 ? null : child("dropout", new Dropout(spec.embeddingDropout, rng.split()));
        classifier = child("classifier",
                new SequenceClassifier(spec.layer, spec.pooling, spec.dropout, spec.labels.size(), rng.split()));
        words = generator("words", rng.split());
    }

    /** What goes into the softmax: {@code [B, classes]}. */
    public Tensor logits(TextBatch batch) {
        return classifier.logits(vectors(batch), batch.lengths());
    }

    private Tensor vectors(TextBatch batch) {
        Tensor x = embedding.apply(training() && spec.wordDropout > 0 ? withoutSome(batch.ids()) : batch.ids());
        if (spec.frozen) x = x.detach();
        return dropout == null ? x : dropout.apply(x);
    }

    private IntTensor withoutSome(IntTensor ids) {
        int[] changed = ids.data().clone();
        int unknown = spec.vocabulary.index(Vocabulary.UNKNOWN);
        float[] drop = words.bernoulli(spec.wordDropout, changed.length).data();
        for (int i = 0; i < changed.length; i++) if (drop[i] == 1) changed[i] = unknown;
        return IntTensor.of(changed, ids.shape());
    }

    /** The mean cross-entropy of a batch, in nats a text. */
    public Tensor loss(TextBatch batch) {
        return Losses.crossEntropy(logits(batch), batch.labels());
    }

    /** The mean cross-entropy over all texts of some batches, in evaluation mode, without recording: nats a text. */
    public double evaluate(Iterable<TextBatch> batches) {
        return quietly(() -> {
            double nats = 0;
            long texts = 0;
            for (TextBatch batch : batches) {
                nats += (double) Diverged.check(this, loss(batch)).item() * batch.batchSize();
                texts += batch.batchSize();
            }
            if (texts == 0)
                throw new IllegalArgumentException(
                        Message.of(this + ": expected at least one batch to evaluate but got none"));
            return nats / texts;
        });
    }

    /**
     * How many texts have their own class as the most probable one; in evaluation mode, without recording. Memory is
     * taken for one batch.
     */
    public Accuracy accuracy(Iterable<TextBatch> batches) {
        return quietly(() -> Accuracy.over(batches, batch -> Accuracy
                .of(Diverged.check(this, logits(batch)).argmax(-1).data(), batch.labels().data(), Losses.IGNORE)));
    }

    /** The probability of each class, {@code [B, classes]}; in evaluation mode, without recording. */
    public Tensor probabilities(TextBatch batch) {
        return quietly(() -> Diverged.check(this, logits(batch)).softmax());
    }

    /** The probability of each class of one text, in the order of {@link #labels()}. */
    public float[] probabilities(List<String> words) {
        return probabilities(alone(words)).data();
    }

    /** The most probable class of one text, and the probabilities of all. */
    public Prediction predict(List<String> words) {
        float[] p = probabilities(words);
        Map<String, Double> all = new LinkedHashMap<>();
        int best = 0;
        for (int k = 0; k < p.length; k++) {
            all.put(spec.labels.get(k), (double) p[k]);
            if (p[k] > p[best]) best = k;
        }
        return new Prediction(spec.labels.get(best), all);
    }

    /**
     * What it thinks while it reads: row t holds the probabilities of the classes of the text's first t + 1 words,
     * {@code [T, classes]}.
     */
    public Tensor reading(List<String> words) {
        int[] ids = encode(words);
        List<Tensor> rows = new ArrayList<>();
        for (int from = 0; from < ids.length; from += TOGETHER) {
            List<int[]> prefixes = new ArrayList<>();
            for (int t = from; t < Math.min(ids.length, from + TOGETHER); t++) prefixes.add(Arrays.copyOf(ids, t + 1));
            rows.add(probabilities(TextBatch.of(prefixes, new int[prefixes.size()])));
        }
        return Tensor.concat(0, rows);
    }

    /**
     * How much each word of a text counts: positive numbers whose sum is 1. An error where the pooling is not
     * {@link Pooling#ATTENTION}.
     */
    public float[] attention(List<String> words) {
        TextBatch text = alone(words);
        return quietly(() -> Diverged.check(this, classifier.attention(vectors(text), text.lengths()))).data();
    }

    private TextBatch alone(List<String> words) { return TextBatch.of(List.of(encode(words)), new int[1]); }

    private int[] encode(List<String> words) {
        if (words.isEmpty())
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a text of at least one word but got an empty one"));
        return spec.vocabulary.encode(words);
    }

    public Vocabulary vocabulary() { return spec.vocabulary; }

    /** The classes in the order of their numbers. */
    public List<String> labels() { return spec.labels; }

    public Embedding embedding() { return embedding; }

    public SequenceClassifier classifier() { return classifier; }

    @Override protected String settings() { return spec + " of " + spec.vocabulary.fingerprint(); }

    @Override public String toString() { return spec.toString(); }
}
