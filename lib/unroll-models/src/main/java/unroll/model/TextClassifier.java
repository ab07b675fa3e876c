package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.metrics.Accuracy;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
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

    private final Vocabulary vocabulary;
    private final List<String> labels;
    private final Embedding embedding;
    private final boolean frozen;
    private final Dropout dropout;                                         // null where there is none
    private final SequenceClassifier classifier;
    private final double wordDropout;
    private final Rng words;
    private final String description;

    /**
     * The configuration of a model whose words get vectors of the layer's input size; it decides by the last state and
     * has no dropout.
     */
    public static TextClassifierSpec of(Vocabulary vocabulary, List<String> labels, SequenceLayer.Spec layer) {
        return TextClassifierSpec.of(vocabulary, labels, layer);
    }

    TextClassifier(TextClassifierSpec.Settings s, String description, Rng rng) {
        this.description = description;
        vocabulary = s.vocabulary();
        labels = s.labels();
        Rng start = rng.split();
        embedding = child("embedding", s.vectors() != null
                ? new Embedding(s.vectors())
                : new Embedding(start.normal(vocabulary.size(), s.layer().inputSize()).mul(s.scale())));
        frozen = s.frozen();
        dropout = s.embeddingDropout() == 0 ? null : child("dropout", new Dropout(s.embeddingDropout(), rng.split()));
        classifier = child("classifier",
                new SequenceClassifier(s.layer(), s.pooling(), s.dropout(), labels.size(), rng.split()));
        wordDropout = s.wordDropout();
        words = generator("words", rng.split());
    }

    /** What goes into the softmax: {@code [B, classes]}. */
    public Tensor logits(TextBatch batch) {
        return classifier.logits(vectors(batch), batch.lengths());
    }

    private Tensor vectors(TextBatch batch) {
        Tensor x = embedding.apply(training() && wordDropout > 0 ? withoutSome(batch.ids()) : batch.ids());
        if (frozen) x = x.detach();
        return dropout == null ? x : dropout.apply(x);
    }

    private IntTensor withoutSome(IntTensor ids) {
        int[] changed = ids.data().clone();
        int unknown = vocabulary.index(Vocabulary.UNKNOWN);
        float[] drop = words.bernoulli(wordDropout, changed.length).data();
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
        return quietly(() -> {
            Accuracy sum = Accuracy.none();
            for (TextBatch batch : batches)
                sum = sum.add(Accuracy.of(Diverged.check(this, logits(batch)).argmax(-1).data(), batch.labels().data(),
                        Losses.IGNORE));
            return sum;
        });
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
            all.put(labels.get(k), (double) p[k]);
            if (p[k] > p[best]) best = k;
        }
        return new Prediction(labels.get(best), all);
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
        return vocabulary.encode(words);
    }

    public Vocabulary vocabulary() { return vocabulary; }

    /** The classes in the order of their numbers. */
    public List<String> labels() { return labels; }

    public Embedding embedding() { return embedding; }

    public SequenceClassifier classifier() { return classifier; }

    @Override protected String settings() { return description + " of " + vocabulary.fingerprint(); }

    @Override public String toString() { return description; }
}
