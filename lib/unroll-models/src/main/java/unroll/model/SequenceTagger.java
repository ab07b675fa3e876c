package unroll.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import unroll.metrics.Accuracy;
import unroll.nn.Configuration;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.sequence.Crf;
import unroll.sequence.TagRules;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;

/**
 * Chooses a tag for each word of a sentence: its part of speech, or its place in a name. A word's vector is a learned
 * one, beside what its spelling says; a {@link Context} adds the sentence; then a softmax for each word, or a
 * {@link Crf} for all (Huang, Xu and Yu 2015; Ma and Hovy 2016).
 *
 * <pre>{@code
 * var vocabulary = TaggerVocabulary.of(split.train());
 * var tagger = SequenceTagger.of(vocabulary, Context.layer(Lstm.of(128, 96).bidirectional()))
 *         .spelling(64).dropout(0.3).build(Rng.seed(42));
 * Tensor loss = tagger.loss(batch);                                // nats a word
 * tagger.predict(List.of("Teddy", "bears", "are", "on", "sale"));  // a tag a word
 * }</pre>
 */
public final class SequenceTagger extends Module {
    private static final int CHARACTER_SIZE = 24;
    private static final int TOGETHER = 32;                                // sentences in a batch of predictAll
    /** Small: else it would drown what the spelling says, and most words are too rare to unlearn theirs. */
    private static final double START = 0.1;

    /** How tags are chosen, and how {@link Spec#toString} says so. */
    private enum Output {
        SOFTMAX(""), CRF(", CRF"), BIO_CRF(", BIO CRF");

        final String text;

        Output(String text) { this.text = text; }
    }

    private final Spec spec;
    private final Embedding embedding;
    private final SpellingEncoder spelling;                                // null where words have no characters
    private final SequenceLayer recurrent;                                 // null where the context is no layer
    private final Linear output;
    private final Crf crf;                                                 // null where each tag is chosen by itself
    private final Dropout before, after;
    private final Rng unknown;

    /** What a tagger is to be: {@link SequenceTagger#of} begins one, each setting gives a new one. */
    public static final class Spec extends Configuration<Spec> {
        private final TaggerVocabulary vocabulary;
        private final Context context;
        private int spelling;
        private double dropout, wordDropout = 0.5;
        private Output output = Output.SOFTMAX;
        private Tensor vectors;                                            // null where they are drawn

        private Spec(TaggerVocabulary vocabulary, Context context) {
            this.vocabulary = vocabulary;
            this.context = context;
        }

        /** So many numbers of each word's vector come from its characters; the layer's input size stays. */
        public Spec spelling(int size) {
            Message.require(size >= 0 && size < context.inputSize(),
                    "SequenceTagger: expected from 0 to " + (context.inputSize() - 1)
                            + " numbers from the characters, since " + context + " reads vectors of "
                            + context.inputSize() + ", but got " + size);
            return with(copy -> copy.spelling = size);
        }

        /**
         * Words start with these vectors {@code [words, layer.inputSize()]}, less by what comes from the spelling:
         * {@link WordVectors#forVocabulary}.
         */
        public Spec vectors(Tensor start) { return with(copy -> copy.vectors = start); }

        /** Dropout in training, before and after the context. */
        public Spec dropout(double p) {
            requireProbability("dropout", p);
            return with(copy -> copy.dropout = p);
        }

        /** How often words seen once become unknown in training; 0.5 where nothing is said. */
        public Spec wordDropout(double p) {
            requireProbability("word dropout", p);
            return with(copy -> copy.wordDropout = p);
        }

        /** Tags are chosen by a {@link Crf}. */
        public Spec crf() { return with(copy -> copy.output = Output.CRF); }

        /** The same for tags O, B-X and I-X, where only whole names are possible: {@link TagRules#bio}. */
        public Spec bioCrf() {
            return with(copy -> copy.output = Output.BIO_CRF);
        }

        public SequenceTagger build(Rng rng) { return new SequenceTagger(this, rng); }

        private static void requireProbability(String name, double p) {
            Message.require(p >= 0 && p < 1,
                    "SequenceTagger: expected a probability of " + name + " in [0, 1) but got " + p);
        }

        @Override public String toString() {
            return "SequenceTagger(" + vocabulary.words().size() + " words, " + vocabulary.tags().size() + " tags, "
                    + context + (spelling > 0 ? ", spelling=" + spelling : "")
                    + (dropout > 0 ? ", dropout=" + dropout : "") + ", word dropout=" + wordDropout + output.text + ")";
        }
    }

    private SequenceTagger(Spec spec, Rng rng) {
        this.spec = spec;
        TaggerVocabulary vocabulary = spec.vocabulary;
        Context context = spec.context;
        embedding = child("embedding",
                new Embedding(vocabulary.words().size(), context.inputSize() - spec.spelling, rng.split()));
        if (spec.vectors == null) embedding.w().set(embedding.w().mul(START).detach());
        else
            embedding.w().set(spec.vectors);
        spelling = spec.spelling == 0
                ? null
                : child("spelling", new SpellingEncoder(vocabulary.characters().size(), CHARACTER_SIZE, spec.spelling,
                        rng.split()));
        recurrent = context.layer() == null ? null : child("recurrent", context.layer().build(rng.split()));
        int size = recurrent == null ? context.inputSize() * (2 * context.neighbours() + 1) : recurrent.outputSize();
        output = child("output", new Linear(size, vocabulary.tags().size(), rng.split()));
        crf = switch (spec.output) {
            case SOFTMAX -> null;
            case CRF -> child("crf", new Crf(vocabulary.tags().size()));
            case BIO_CRF -> child("crf", Crf.bio(vocabulary.tags().symbols()));
        };
        before = child("before", new Dropout(spec.dropout, rng.split()));
        after = child("after", new Dropout(spec.dropout, rng.split()));
        unknown = generator("unknown", rng.split());
    }

    /** A tagger with word vectors only, without dropout, that chooses each tag by itself. */
    public static Spec of(TaggerVocabulary vocabulary, Context context) {
        return new Spec(vocabulary, context);
    }

    /** The score of each tag, {@code [T, B, tags]}: logits, or emissions of the field. */
    public Tensor scores(TaggerBatch batch) {
        Tensor x = before.apply(vectors(batch));
        if (recurrent != null) x = recurrent.apply(x, batch.lengths()).states();
        else if (spec.context.neighbours() > 0) x = spec.context.window(x, batch.lengths());
        return output.apply(after.apply(x));
    }

    private Tensor vectors(TaggerBatch batch) {
        Tensor words = embedding.apply(training() ? withUnknown(batch.words()) : batch.words());
        return spelling == null
                ? words
                : Tensor.concat(-1, List.of(words, spelling.apply(batch.spellings()).rows(batch.forms())));
    }

    /** Some words that were seen once are taken for unknown ones, which training would never see otherwise. */
    private IntTensor withUnknown(IntTensor words) {
        float[] chance = unknown.uniform(0, 1, words.size()).data();
        int[] ids = words.data().clone();
        int id = spec.vocabulary.words().index(Vocabulary.UNKNOWN);
        for (int i = 0; i < ids.length; i++)
            if (chance[i] < spec.wordDropout && spec.vocabulary.once().contains(ids[i])) ids[i] = id;
        return IntTensor.of(ids, words.shape());
    }

    /** The mean of -log P(tag), or of -log P(tags of a sentence), in nats a word; 0 where no word has a tag. */
    public Tensor loss(TaggerBatch batch) {
        Tensor scores = scores(batch);
        if (crf == null) return Losses.crossEntropy(scores, batch.tags());
        int sentences = 0;
        for (int b = 0; b < batch.batchSize(); b++) if (batch.tags().get(0, b) != SequenceBatch.IGNORE) sentences++;
        return crf.loss(scores, batch.tags(), batch.lengths()).mul((double) sentences / Math.max(1, batch.tagged()));
    }

    /** The best tags {@code [T, B]}, {@link SequenceBatch#IGNORE} in the padding; in evaluation mode, not recorded. */
    public IntTensor predict(TaggerBatch batch) {
        return quietly(() -> {
            Tensor scores = Diverged.check(this, scores(batch));
            if (crf != null) return crf.decode(scores, batch.lengths());
            int[] best = scores.argmax(-1).data();
            for (int i = 0; i < best.length; i++)
                if (!batch.lengths().has(i / batch.batchSize(), i % batch.batchSize())) best[i] = SequenceBatch.IGNORE;
            return IntTensor.of(best, batch.tags().shape());
        });
    }

    /** Of one sentence. */
    public List<String> predict(List<String> words) { return predictAll(List.of(words)).get(0); }

    /** The best tags of each of many sentences, in their order; those of about the same length are read together. */
    public List<List<String>> predictAll(List<List<String>> sentences) {
        List<List<String>> all = new ArrayList<>(Collections.nCopies(sentences.size(), null));
        List<Integer> byLength = IntStream.range(0, all.size()).boxed()
                .sorted(Comparator.comparingInt(i -> sentences.get(i).size())).toList();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            List<Integer> numbers = byLength.subList(from, Math.min(all.size(), from + TOGETHER));
            IntTensor best = predict(spec.vocabulary.untagged(numbers.stream().map(sentences::get).toList()));
            for (int b = 0; b < numbers.size(); b++) {
                List<String> tags = new ArrayList<>();
                for (int t = 0; t < sentences.get(numbers.get(b)).size(); t++)
                    tags.add(spec.vocabulary.tags().symbol(best.get(t, b)));
                all.set(numbers.get(b), List.copyOf(tags));
            }
        }
        return List.copyOf(all);
    }

    /** P(tag) of each word of a sentence, {@code [T, tags]}: of the softmax, or summed over all tags of the others. */
    public Tensor tagDistribution(List<String> words) {
        TaggerBatch batch = spec.vocabulary.untagged(List.of(words));
        return quietly(() -> {
            Tensor scores = Diverged.check(this, scores(batch));
            return (crf == null ? scores.softmax() : crf.marginals(scores, batch.lengths())).reshape(words.size(), -1);
        });
    }

    /** How many words get their tag, over several batches; in evaluation mode, without recording. */
    public Accuracy evaluate(Iterable<TaggerBatch> batches) {
        return Accuracy.over(batches,
                batch -> Accuracy.of(predict(batch).data(), batch.tags().data(), SequenceBatch.IGNORE));
    }

    public TaggerVocabulary vocabulary() { return spec.vocabulary; }

    /** The vectors of the words, to be looked at or set. */
    public Embedding embedding() { return embedding; }

    /** Where tags are chosen together. */
    public Optional<Crf> crf() { return Optional.ofNullable(crf); }

    @Override protected String settings() {
        TaggerVocabulary vocabulary = spec.vocabulary;
        return spec + " of " + vocabulary.words().fingerprint() + ", " + vocabulary.characters().fingerprint() + " and "
                + vocabulary.tags().fingerprint();
    }

    @Override public String toString() { return spec.toString(); }
}
