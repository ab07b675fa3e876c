package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.data.TaggedSentence;
import unroll.metrics.Accuracy;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Rnn;
import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.Adam;
import unroll.train.Trainer;

class SequenceTaggerTest {
    /** Words that are a verb or a noun by what stands before or after them. */
    private static final List<TaggedSentence> AMBIGUOUS = Stream
            .of("Do/AUX n't/PART desert/VERB me/PRON in/ADP the/DET desert/NOUN !/PUNCT",
                    "They/PRON desert/VERB us/PRON", "the/DET desert/NOUN is/AUX dry/ADJ", "They/PRON fish/VERB",
                    "the/DET fish/NOUN is/AUX dry/ADJ",
                    "fish/VERB in/ADP the/DET desert/NOUN !/PUNCT", "fish/NOUN is/AUX dry/ADJ",
                    "the/DET man/NOUN is/AUX in/ADP the/DET desert/NOUN",
                    "They/PRON man/VERB the/DET fish/NOUN")
            .map(SequenceTaggerTest::sentence).toList();
    private static final TaggerVocabulary VOCABULARY = TaggerVocabulary.of(AMBIGUOUS);

    private static TaggedSentence sentence(String text) {
        List<String[]> pairs = Arrays.stream(text.split(" ")).map(pair -> pair.split("/")).toList();
        return new TaggedSentence(pairs.stream().map(p -> p[0]).toList(), pairs.stream().map(p -> p[1]).toList());
    }

    static SequenceTagger.Spec[] specs() {
        SequenceTagger.Spec lstm = SequenceTagger.of(VOCABULARY, Context.layer(Lstm.of(20, 8).bidirectional()));
        return new SequenceTagger.Spec[] {lstm, lstm.spelling(12), lstm.spelling(12).crf(),
                SequenceTagger.of(VOCABULARY, Context.none(9)),
                SequenceTagger.of(VOCABULARY, Context.window(9, 1)).spelling(4).crf(),
                SequenceTagger.of(VOCABULARY, Context.layer(Rnn.of(7, 5))),
                SequenceTagger.of(VOCABULARY, Context.layer(Gru.of(7, 5).layers(2)))};
    }

    @ParameterizedTest
    @MethodSource("specs") void gradientsAgreeWithDifferences(SequenceTagger.Spec spec) {
        SequenceTagger tagger = spec.wordDropout(0).build(Rng.seed(3));
        TaggerBatch batch = VOCABULARY.batch(AMBIGUOUS.subList(0, 3));
        GradientCheck check = GradientCheck.of(() -> tagger.loss(batch), tagger.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 1e-2, check.toString());
    }

    @ParameterizedTest
    @MethodSource("specs") void eachSentenceIsReadAsIfAlone(SequenceTagger.Spec spec) {
        SequenceTagger tagger = spec.dropout(0.5).build(Rng.seed(3));
        tagger.eval();
        TaggerBatch all = VOCABULARY.batch(AMBIGUOUS);
        Tensor scores = tagger.scores(all);
        IntTensor predicted = tagger.predict(all);
        double sum = 0;
        for (int b = 0; b < AMBIGUOUS.size(); b++) {
            TaggedSentence sentence = AMBIGUOUS.get(b);
            TaggerBatch alone = VOCABULARY.batch(List.of(sentence));
            Tensor own = tagger.scores(alone);
            List<String> tags = tagger.predict(sentence.words());
            for (int t = 0; t < all.steps(); t++) {
                if (t >= sentence.words().size()) {
                    assertEquals(SequenceBatch.IGNORE, predicted.get(t, b));
                    continue;
                }
                assertEquals(tags.get(t), VOCABULARY.tags().symbol(predicted.get(t, b)));
                for (int k = 0; k < scores.size(2); k++) assertEquals(own.get(t, 0, k), scores.get(t, b, k), 1e-5);
            }
            sum += tagger.loss(alone).item() * alone.tagged();
        }
        assertEquals(sum / all.tagged(), tagger.loss(all).item(), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("specs") void manySentencesGetTheTagsThatEachGetsAlone(SequenceTagger.Spec spec) {
        SequenceTagger tagger = spec.build(Rng.seed(3));
        List<List<String>> sentences = Stream.generate(() -> AMBIGUOUS).limit(5).flatMap(List::stream)
                .map(TaggedSentence::words).toList();
        assertEquals(sentences.stream().map(tagger::predict).toList(), tagger.predictAll(sentences));
        assertEquals(List.of(), tagger.predictAll(List.of()));
    }

    /** The property of the lecture: what stands to the right changes nothing for a tagger that reads only forward. */
    @Test void aForwardTaggerCannotTellTheTwoTeddysApart() {
        List<String> president = List.of("He", "said", ",", "'", "Teddy", "Roosevelt", "was", "a", "great", "President",
                "!", "'"),
                bears = List.of("He", "said", ",", "'", "Teddy", "bears", "are", "on", "sale", "!", "'");
        TaggerVocabulary vocabulary = TaggerVocabulary.of(Stream.of(president, bears).map(
                words -> new TaggedSentence(words,
                        words.stream().map(w -> Character.isUpperCase(w.charAt(0)) ? "NAME" : "OTHER").toList()))
                .toList());
        SequenceTagger forward = SequenceTagger.of(vocabulary, Context.layer(Lstm.of(16, 8))).spelling(6)
                .build(Rng.seed(1)),
                both = SequenceTagger.of(vocabulary, Context.layer(Lstm.of(16, 8).bidirectional())).spelling(6)
                        .build(Rng.seed(1));
        assertArrayEquals(forward.tagDistribution(president).at(4).data(), forward.tagDistribution(bears).at(4).data());
        assertNotEquals(forward.tagDistribution(president).get(5, 0), forward.tagDistribution(bears).get(5, 0));
        assertNotEquals(both.tagDistribution(president).get(4, 0), both.tagDistribution(bears).get(4, 0));
    }

    @Test void theWordAloneDoesNotSolveWhatItsContextSolves() {
        Accuracy alone = trained(Context.none(16)), window = trained(Context.window(16, 1)),
                lstm = trained(Context.layer(Lstm.of(16, 12)
                        .bidirectional()));
        int words = AMBIGUOUS.stream().mapToInt(s -> s.words().size()).sum();
        assertTrue(alone.correct() < words, alone.toString());
        assertEquals(words, window.correct(), window.toString());
        assertEquals(words, lstm.correct(), lstm.toString());
    }

    private static Accuracy trained(Context context) {
        SequenceTagger tagger = SequenceTagger.of(VOCABULARY, context).wordDropout(0).build(Rng.seed(1));
        Trainer.of(tagger, new Adam(tagger.parameters(), 0.02), tagger::loss).epochs(60).fit(batches());
        return tagger.evaluate(batches());
    }

    private static Batches<TaggerBatch> batches() {
        return Batches.shuffled(AMBIGUOUS.size(), 4, Rng.seed(2), numbers -> VOCABULARY.batch(AMBIGUOUS, numbers));
    }

    @Test void theFieldLearnsItToo() {
        SequenceTagger tagger = SequenceTagger.of(VOCABULARY, Context.layer(Gru.of(20, 10).bidirectional())).spelling(8)
                .crf().build(Rng.seed(1));
        double before = tagger.loss(VOCABULARY.batch(AMBIGUOUS)).item();
        Trainer.of(tagger, new Adam(tagger.parameters(), 0.02), tagger::loss).epochs(40).fit(batches());
        assertTrue(tagger.loss(VOCABULARY.batch(AMBIGUOUS)).item() < 0.2 * before);
        assertTrue(tagger.evaluate(batches()).rate() > 0.95);
    }

    @Test void namesAreWholeEvenBeforeTraining() {
        TaggerVocabulary vocabulary = TaggerVocabulary
                .of(List.of(sentence("Ada/B-PER Lovelace/I-PER in/O New/B-LOC York/I-LOC")));
        SequenceTagger tagger = SequenceTagger.of(vocabulary, Context.none(8)).bioCrf().build(Rng.seed(1));
        var rules = tagger.crf().orElseThrow().rules();
        for (int b = 0; b < 30; b++) {
            tagger.embedding().w().set(Rng.seed(b).normal(tagger.embedding().w().shape()).mul(9));
            int[] tags = tagger
                    .predict(vocabulary.untagged(List.of(List.of("York", "in", "Lovelace", "New", "Ada", "in"))))
                    .data();
            assertTrue(rules.mayBegin(tags[0]));
            for (int t = 1; t < tags.length; t++)
                assertTrue(rules.mayFollow(tags[t - 1], tags[t]), Arrays.toString(tags));
        }
        TaggerBatch broken = vocabulary.batch(List.of(sentence("New/O York/I-LOC")));
        assertTrue(fails(() -> tagger.loss(broken)).contains("I-LOC at step 1 of sequence 0 follows O"));
    }

    /** Endings tell what an unknown word is, if words have characters. */
    @Test void unknownWordsAreTaggedByTheirSpelling() {
        List<TaggedSentence> sentences = Stream
                .of("aly", "bely", "crily", "dotly", "ewly", "fangly", "ga", "haba", "imina", "jorka", "kulda", "langa")
                .map(w -> new TaggedSentence(List.of(w, "x"), List.of(w.endsWith("ly") ? "ADV" : "NOUN", "X")))
                .toList();
        TaggerVocabulary vocabulary = TaggerVocabulary.of(sentences);
        SequenceTagger tagger = SequenceTagger.of(vocabulary, Context.none(24)).spelling(16).build(Rng.seed(1));
        Trainer.of(tagger, new Adam(tagger.parameters(), 0.02), tagger::loss).epochs(40)
                .fit(Batches.shuffled(sentences.size(), 4, Rng.seed(2),
                        numbers -> vocabulary.batch(sentences, numbers)));
        assertEquals(List.of("ADV", "NOUN", "ADV", "NOUN"),
                tagger.predict(List.of("nangly", "bolda", "hily", "mokina")));
    }

    @Test void wordsSeenOnceAreSometimesUnknownInTrainingOnly() {
        SequenceTagger tagger = SequenceTagger.of(VOCABULARY, Context.none(8)).wordDropout(0.5).build(Rng.seed(1));
        TaggerBatch once = VOCABULARY.untagged(List.of(List.of("me", "us", "n't"))),
                often = VOCABULARY.untagged(List.of(List.of("the", "desert")));
        assertTrue(Stream.generate(() -> tagger.scores(once)).limit(20).map(s -> Arrays.toString(s.data())).distinct()
                .count() > 1);
        assertEquals(1, Stream.generate(() -> tagger.scores(often)).limit(20).map(s -> Arrays.toString(s.data()))
                .distinct().count());
        tagger.eval();
        assertEquals(1, Stream.generate(() -> tagger.scores(once)).limit(20).map(s -> Arrays.toString(s.data()))
                .distinct().count());
    }

    @ParameterizedTest
    @MethodSource("specs") void sentencesWithoutTagsDoNotCount(SequenceTagger.Spec spec) {
        SequenceTagger tagger = spec.build(Rng.seed(3));
        TaggerBatch nothing = VOCABULARY.untagged(List.of(List.of("the", "fish"), List.of("They")));
        Tensor loss = tagger.loss(nothing);
        loss.backward();
        assertEquals(0, loss.item());
        tagger.parameters().forEach(p -> assertTrue(p.gradientData() == null || p.gradient().norm() == 0, p.name()));
        assertEquals(0, tagger.evaluate(List.of(nothing)).total());
    }

    @ParameterizedTest
    @MethodSource("specs") void distributionsSumToOne(SequenceTagger.Spec spec) {
        Tensor p = spec.build(Rng.seed(3)).tagDistribution(List.of("They", "fish", "bears"));
        assertArrayEquals(new int[] {3, VOCABULARY.tags().size()}, p.shape());
        for (float sum : p.sum(1).data()) assertEquals(1, sum, 1e-5);
        assertFalse(p.requiresGradient());
    }

    @Test void wordsMayStartWithVectors() {
        Tensor start = Rng.seed(5).normal(14, 5);
        SequenceTagger tagger = SequenceTagger.of(VOCABULARY, Context.none(8)).spelling(3).vectors(start)
                .build(Rng.seed(1));
        assertArrayEquals(start.data(), tagger.namedParameters().get("embedding.w").data());
    }

    @Test void whatIsWrongIsNamed() {
        SequenceTagger tagger = SequenceTagger.of(VOCABULARY, Context.none(8)).build(Rng.seed(1));
        assertTrue(fails(() -> VOCABULARY.batch(List.of(sentence("fish/VERBS")))).contains("VERBS"));
        assertFalse(fails(() -> VOCABULARY.batch(List.of(sentence("fish/VERBS")))).contains("withUnknown"));
        assertTrue(fails(() -> SequenceTagger.of(VOCABULARY, Context.none(8)).vectors(Tensor.ones(14, 7))
                .build(Rng.seed(1))).contains("expected values of shape [14, 8]"));
        assertTrue(fails(() -> tagger.predict(List.<String>of())).contains("sentence 0 has no words"));
        assertTrue(fails(() -> VOCABULARY.batch(List.of())).contains("no sentences"));
        assertTrue(fails(() -> TaggerVocabulary.of(List.of())).contains("no sentences"));
        assertTrue(fails(() -> SequenceTagger.of(VOCABULARY, Context.none(8)).spelling(8)).contains("from 0 to 7"));
        assertTrue(fails(() -> SequenceTagger.of(VOCABULARY, Context.none(8)).dropout(1)).contains("dropout"));
        assertTrue(fails(() -> Context.window(8, 0)).contains("at least one neighbour"));
        assertTrue(fails(() -> Context.none(0)).contains("at least one number"));
        assertEquals(
                "SequenceTagger(14 words, 9 tags, window of 5 words, spelling=3, dropout=0.2, word dropout=0.5, CRF)",
                SequenceTagger.of(VOCABULARY, Context.window(8, 2)).spelling(3).dropout(0.2).crf().build(Rng.seed(1))
                        .toString());
    }

    private static String fails(Executable work) {
        return assertThrows(RuntimeException.class, work).getMessage();
    }
}
