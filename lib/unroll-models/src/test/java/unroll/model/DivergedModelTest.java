package unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import unroll.data.LabelledText;
import unroll.data.TaggedSentence;
import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.sequence.Attention;
import unroll.sequence.BeamSearch;
import unroll.sequence.Sampling;
import unroll.tensor.DivergedException;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.text.LabelledBatch;
import unroll.text.LanguageModel;
import unroll.text.VectorBatch;
import unroll.text.Vocabulary;

/**
 * A model whose weights are no numbers any more says so, whatever it is asked; the first of several NaN would look like
 * an answer.
 */
class DivergedModelTest {
    private static final Vocabulary LETTERS = Vocabulary.characters("abcd"),
            WORDS = Vocabulary.words(List.of("good", "bad", "not", "<unk>"), 1);

    private final Map<Module, Map<String, Executable>> questions = new LinkedHashMap<>();

    private void ask(Module model, String what, Executable question) {
        questions.computeIfAbsent(model, m -> new LinkedHashMap<>()).put(what, question);
    }

    private void askAll() {
        LanguageModel language = new LanguageModel(LETTERS, Lstm.of(3, 4), Rng.seed(1));
        int[] ids = LETTERS.encode("abcdabcdabcd");
        ask(language, "generate the likeliest", () -> language.generate("ab", 5, 0, 0, Rng.seed(1)));
        ask(language, "generate", () -> language.generate("ab", 5, 1, 2, Rng.seed(1)));
        ask(language, "evaluate", () -> language.evaluate(ids));
        ask(language, "logits", () -> language.logits(ids));

        TextClassifier reader = TextClassifier.of(WORDS, List.of("neg", "pos"), Gru.of(3, 4)).pooling(Pooling.ATTENTION)
                .build(Rng.seed(1));
        TextBatch texts = TextBatch.of(List.of(new LabelledText(List.of("good", "bad"), "pos")), WORDS,
                List.of("neg", "pos"));
        ask(reader, "predict", () -> reader.predict(List.of("not", "good")));
        ask(reader, "probabilities", () -> reader.probabilities(texts));
        ask(reader, "reading", () -> reader.reading(List.of("not", "good")));
        ask(reader, "evaluate", () -> reader.evaluate(List.of(texts)));
        ask(reader, "accuracy", () -> reader.accuracy(List.of(texts)));

        SequenceClassifier sequences = new SequenceClassifier(Gru.of(3, 4), 3, Rng.seed(1));
        LabelledBatch labelled = new LabelledBatch(Rng.seed(1).normal(5, 2, 3), Lengths.of(5, 5),
                IntTensor.of(new int[] {0, 2}, 2));
        ask(sequences, "accuracy", () -> sequences.accuracy(labelled));
        ask(sequences, "evaluate", () -> sequences.evaluate(labelled));

        SequenceRegressor numbers = new SequenceRegressor(Gru.of(3, 4), 1, Rng.seed(1));
        numbers.eval();
        ask(numbers, "predict", () -> numbers.predict(Rng.seed(1).normal(5, 2, 3)));
        ask(numbers, "evaluate",
                () -> numbers.evaluate(new VectorBatch(Rng.seed(1).normal(5, 2, 3), Tensor.ones(2, 1))));

        List<TaggedSentence> tagged = List.of(new TaggedSentence(List.of("the", "desert"), List.of("DET", "NOUN")),
                new TaggedSentence(List.of("they", "desert"), List.of("PRON", "VERB")));
        TaggerVocabulary vocabulary = TaggerVocabulary.of(tagged);
        for (boolean crf : new boolean[] {false, true}) {
            SequenceTagger.Spec spec = SequenceTagger.of(vocabulary, Context.layer(Lstm.of(6, 4).bidirectional()));
            SequenceTagger tagger = (crf ? spec.crf() : spec).build(Rng.seed(1));
            ask(tagger, "predict", () -> tagger.predict(List.of("the", "desert")));
            ask(tagger, "predictAll", () -> tagger.predictAll(List.of(List.of("the", "desert"))));
            ask(tagger, "tagDistribution", () -> tagger.tagDistribution(List.of("the", "desert")));
            ask(tagger, "evaluate", () -> tagger.evaluate(List.of(vocabulary.batch(tagged))));
        }

        Vocabulary target = Ends.addTo(LETTERS);
        Seq2Seq translator = Seq2Seq.of(LETTERS, target, Lstm.of(3, 4).bidirectional(), Lstm.of(3, 4))
                .attention(Attention.Kind.GENERAL)
                .build(Rng.seed(1));
        List<int[]> sources = List.of(new int[] {0, 1}, new int[] {2});
        ask(translator, "translate", () -> translator.translate("abc"));
        ask(translator, "a beam", () -> translator.translate(sources, BeamSearch.of(3, 5)));
        ask(translator, "samples", () -> translator.translate(sources, new Sampling(1, 5, Rng.seed(1))));
        ask(translator, "an ensemble",
                () -> Ensemble.of(List.of(translator, translator)).translate(sources, BeamSearch.greedy(4)));
        ask(translator, "attention", () -> translator.attention("abc", "cba"));
        ask(translator, "evaluate", () -> translator.evaluate(List.of(translator.batch(sources, sources))));

        Captioner captioner = Captioner
                .of(Ends.addTo(WORDS), ConvEncoder.of(1, 4, 4).conv(2).pool(), Decoder.of(Lstm.of(3, 4))
                        .attention(Attention.Kind.GENERAL))
                .build(Rng.seed(1));
        Tensor pictures = Rng.seed(1).normal(2, 1, 4, 4);
        List<List<String>> captions = List.of(List.of("good"), List.of("not", "bad"));
        ask(captioner, "caption", () -> captioner.caption(pictures.at(0)));
        ask(captioner, "a beam", () -> captioner.caption(pictures, BeamSearch.of(2, 4)));
        ask(captioner, "attention", () -> captioner.attention(pictures.at(0), captions.get(0)));
        ask(captioner, "logProbabilities", () -> captioner.logProbabilities(pictures, captions));
        ask(captioner, "evaluate", () -> captioner.evaluate(List.of(captioner.batch(pictures, captions))));
    }

    @TestFactory Stream<DynamicTest> everyQuestionIsAnsweredWhileTheWeightsAreNumbersAndRefusedAfterwards() {
        askAll();
        return questions.entrySet().stream().flatMap(e -> e.getValue().entrySet().stream()
                .map(q -> DynamicTest.dynamicTest(e.getKey().getClass().getSimpleName() + ": " + q.getKey(),
                        () -> check(e.getKey(), q.getValue()))));
    }

    private static void check(Module model, Executable question) throws Throwable {
        question.execute();
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Map<Parameter, Tensor> sound = new LinkedHashMap<>();
            for (Parameter p : model.parameters()) {
                sound.put(p, p.detach());
                p.update(w -> java.util.Arrays.fill(w, value));
            }
            try {
                String message = assertThrows(DivergedException.class, question).getMessage();
                assertTrue(message.contains("diverged") && message.contains("not finite"), message);
            } finally {
                sound.forEach(Parameter::set);
            }
        }
        question.execute();
    }

    /** The weights are sound: then the message does not blame them. */
    @Test void inputsThatAreNoNumbersAreTold() {
        SequenceClassifier model = new SequenceClassifier(Gru.of(3, 4), 3, Rng.seed(1));
        LabelledBatch batch = new LabelledBatch(Tensor.full(Float.NaN, 5, 2, 3), Lengths.of(5, 5),
                IntTensor.of(new int[] {0, 2}, 2));
        String message = assertThrows(DivergedException.class, () -> model.accuracy(batch)).getMessage();
        assertTrue(message.contains("although its weights are finite. Do its inputs hold NaN"), message);
    }

    @Test void wordVectorsFromTooHighARateAreRefused() {
        List<List<String>> sentences = List.of(List.of("a", "b", "c", "d"), List.of("b", "a", "d", "c"));
        Vocabulary words = Vocabulary.words(List.of("a", "b", "c", "d"), 1);
        String message = assertThrows(DivergedException.class,
                () -> SkipGram.of(4).epochs(20).rate(1e30).train(sentences, words, Rng.seed(1))).getMessage();
        assertTrue(message.contains("Try a lower rate"), message);
    }

    @Test void lengthsThatNobodyCanWaitForAreNamed() {
        LanguageModel model = new LanguageModel(LETTERS, Lstm.of(3, 4), Rng.seed(1));
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 2, 1 << 30})
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> model.generate("ab", length, 1, 0, Rng.seed(1)))
                            .getMessage()
                            .contains("generate: expected at most"));
        assertEquals(2, model.generate("ab", 0, 1, 0, Rng.seed(1)).length());
    }

    /** Many threads, no training: each gets what one alone gets. */
    @Test void severalThreadsMayAskOneModel() throws Exception {
        LanguageModel model = new LanguageModel(LETTERS, Lstm.of(3, 8).layers(2).dropout(.5), Rng.seed(1));
        int[] ids = new int[2_000];
        for (int i = 0; i < ids.length; i++) ids[i] = i * i % 7 % 4;
        double alone = model.evaluate(ids).natsPerSymbol();
        String text = model.generate("ab", 30, 1, 0, Rng.seed(1));
        List<Throwable> failed = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        List<Thread> threads = Stream.generate(() -> new Thread(() -> {
            for (int i = 0; i < 40; i++) {
                assertEquals(alone, model.evaluate(ids).natsPerSymbol());
                assertEquals(text, model.generate("ab", 30, 1, 0, Rng.seed(1)));
            }
        })).limit(4).toList();
        threads.forEach(t -> t.setUncaughtExceptionHandler((thread, e) -> failed.add(e)));
        threads.forEach(Thread::start);
        for (Thread t : threads) t.join();
        assertEquals(List.of(), failed);
        assertTrue(model.training(), "the mode of before");
    }
}
