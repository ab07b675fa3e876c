package unroll.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import unroll.model.SequenceClassifier;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Lstm;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.train.Adam;
import unroll.train.Clip;

/**
 * That what is generated can be learned, by a model that reads in order or in both directions, and not by one that
 * cannot.
 */
final class GeneratedDataTest {
    /** Sentences in ids with a label each, or one for each word. */
    private record Examples(List<int[]> words, List<int[]> labels, int vocabulary, boolean everyWord) {
        LabelledBatch batch(int[] numbers) {
            int B = numbers.length, T = IntStream.of(numbers).map(i -> words.get(i).length).max().orElseThrow();
            int[] ids = new int[T * B], lengths = new int[B], y = new int[everyWord ? T * B : B];
            Arrays.fill(y, SequenceBatch.IGNORE);
            for (int b = 0; b < B; b++) {
                int[] own = words.get(numbers[b]), wanted = labels.get(numbers[b]);
                lengths[b] = own.length;
                for (int t = 0; t < own.length; t++) ids[t * B + b] = own[t];
                for (int t = 0; t < wanted.length; t++) y[t * B + b] = wanted[t];
            }
            return LabelledBatch.ofSymbols(IntTensor.of(ids, T, B), vocabulary, Lengths.of(lengths),
                    everyWord ? IntTensor.of(y, T, B) : IntTensor.of(y, B));
        }

        int[] all() { return IntStream.range(0, words.size()).toArray(); }
    }

    private static double accuracy(SequenceLayer.Spec layer, int classes, Examples train, Examples test) {
        var model = new SequenceClassifier(layer, classes, Rng.seed(1));
        var adam = new Adam(model.parameters(), 5e-3);
        int[] lengths = train.words.stream().mapToInt(w -> w.length).toArray();
        Batches<LabelledBatch> batches = Batches.byLength(lengths, 50, Rng.seed(2), train::batch);
        for (int epoch = 0; epoch < 5; epoch++)
            batches.epoch(epoch).forEachRemaining(batch -> {
                adam.zeroGrad();
                model.loss(batch).backward();
                Clip.byGlobalNorm(model.parameters(), 1);
                adam.step();
            });
        return model.accuracy(test.batch(test.all())).rate();
    }

    private static Examples reviews(List<LabelledText> texts, Vocabulary words) {
        return new Examples(texts.stream().map(t -> words.encode(t.words())).toList(),
                texts.stream().map(t -> new int[] {t.label().equals(Reviews.POSITIVE) ? 1 : 0}).toList(), words.size(),
                false);
    }

    private static Examples tagged(List<TaggedSentence> sentences, Vocabulary words, Vocabulary tags) {
        return new Examples(sentences.stream().map(s -> words.encode(s.words())).toList(),
                sentences.stream().map(s -> tags.encode(s.tags())).toList(), words.size(), true);
    }

    @Test void anLstmSolvesTheReviewsThatNoBagOfWordsSolves() {
        Split<LabelledText> parts = Split.random(Reviews.builtIn(4_000, Rng.seed(5)).texts(), 0, 0.25, Rng.seed(1));
        Vocabulary words = Vocabulary.words(parts.train().stream().map(LabelledText::words), 1).withUnknown();
        double rate = accuracy(Lstm.of(words.size(), 32), 2, reviews(parts.train(), words),
                reviews(parts.test(), words));
        assertTrue(rate >= 0.95, "" + rate);
    }

    @Test void taggersThatReadForwardOnlyMakeSeveralTimesTheErrorsOfThoseThatReadBothWays() {
        for (TaggedCorpus corpus : List.of(TaggedCorpora.generatedPartsOfSpeech(), TaggedCorpora.generatedNames())) {
            Vocabulary words = corpus.words(2), tags = corpus.tags();
            Examples train = tagged(corpus.train(), words, tags), test = tagged(corpus.test(), words, tags);
            double forward = accuracy(Lstm.of(words.size(), 48), tags.size(), train, test);
            double both = accuracy(Lstm.of(words.size(), 32).bidirectional(), tags.size(), train, test);
            assertTrue(both > 0.98 && 1 - forward > 3 * (1 - both), corpus.name() + ": " + forward + " and " + both);
        }
    }
}
