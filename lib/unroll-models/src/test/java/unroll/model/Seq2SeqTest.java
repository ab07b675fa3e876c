package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Close.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.nn.Lengths;
import unroll.text.Vocabulary;
import unroll.metrics.Accuracy;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Rnn;
import unroll.sequence.Attention;
import unroll.sequence.BeamSearch;
import unroll.sequence.Hypothesis;
import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Parallel;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.train.Adam;
import unroll.train.Clip;

class Seq2SeqTest {
    private static final Vocabulary LETTERS = Vocabulary.characters("abcd"), TARGET = Ends.addTo(LETTERS);
    private static final List<int[]> SOURCES = List.of(new int[] {0, 1, 2, 3}, new int[] {2}, new int[] {3, 1}),
            TARGETS = List.of(new int[] {3, 2}, new int[] {}, new int[] {1, 3, 0});

    private static Seq2Seq.Spec[] specs() {
        Seq2Seq.Spec plain = Seq2Seq.of(LETTERS, TARGET, Lstm.of(3, 4), Lstm.of(3, 4));
        Seq2Seq.Spec fed = Seq2Seq.of(LETTERS, TARGET, Gru.of(3, 4).bidirectional(), Gru.of(8, 5));
        return new Seq2Seq.Spec[] {plain, plain.reversedSource(), plain.attention(Attention.Kind.DOT),
                Seq2Seq.of(LETTERS, TARGET, Lstm.of(3, 2).layers(2).bidirectional(), Gru.of(3, 4).layers(2))
                        .attention(Attention.Kind.GENERAL)
                        .reversedSource(),
                Seq2Seq.of(LETTERS, TARGET, Rnn.of(3, 4), Lstm.of(3, 4).peepholes()).attention(Attention.Kind.ADDITIVE),
                fed.attention(Attention.Kind.ADDITIVE).inputFeeding(),
                fed.attention(Attention.Kind.GENERAL).inputFeeding()};
    }

    private static Seq2Seq small() { return specs()[3].build(Rng.seed(3)); }

    private static TranslationBatch batch(Seq2Seq model) { return model.batch(SOURCES, TARGETS); }

    @ParameterizedTest
    @MethodSource("specs") void gradientsAgreeWithDifferences(Seq2Seq.Spec spec) {
        Seq2Seq model = spec.build(Rng.seed(3));
        TranslationBatch batch = batch(model);
        GradientCheck check = GradientCheck.of(() -> model.loss(batch).mul(10),
                model.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 1e-2, check.toString());
    }

    @ParameterizedTest
    @MethodSource("specs") void eachPairIsReadAsIfAlone(Seq2Seq.Spec spec) {
        Seq2Seq model = spec.dropout(0.5).build(Rng.seed(3));
        model.eval();
        TranslationBatch all = batch(model);
        double nats = 0;
        for (int b = 0; b < SOURCES.size(); b++) nats += lossOf(model, b) * (TARGETS.get(b).length + 1);
        assertEquals(nats / all.symbols(), model.loss(all).item(), 1e-5);
        int[] other = all.source().data().clone();
        for (int s = 0; s < 4; s++) for (int b = 0; b < 3; b++) if (s >= all.lengths().get(b)) other[s * 3 + b] = 3;
        TranslationBatch dirty = new TranslationBatch(IntTensor.of(other, 4, 3), all.lengths(), all.inputs(),
                all.targets());
        assertEquals(model.loss(all).item(), model.loss(dirty).item(), 0);
        List<List<Hypothesis>> together = model.translate(SOURCES, BeamSearch.of(3, 5));
        for (int b = 0; b < SOURCES.size(); b++) {
            List<Hypothesis> alone = model.translate(SOURCES.subList(b, b + 1), BeamSearch.of(3, 5)).get(0);
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i).symbols(), together.get(b).get(i).symbols());
                assertEquals(alone.get(i).score(), together.get(b).get(i).score(), 1e-4);
            }
        }
    }

    private static double lossOf(Seq2Seq model, int b) {
        return model.loss(model.batch(SOURCES.subList(b, b + 1), TARGETS.subList(b, b + 1))).item();
    }

    @ParameterizedTest
    @MethodSource("specs") void teacherForcingIsTheSameAsStepByStep(Seq2Seq.Spec spec) {
        Seq2Seq model = spec.build(Rng.seed(3));
        TranslationBatch batch = batch(model);
        Encoded source = model.encoder().apply(batch.source(), batch.lengths());
        Tensor atOnce = model.decoder().logProbabilities(source, batch.inputs());
        Decoder.Memory memory = model.decoder().start(source);
        for (int t = 0; t < batch.inputs().size(0); t++) {
            var next = model.decoder().step(memory, Arrays.copyOfRange(batch.inputs().data(), t * 3, (t + 1) * 3));
            assertClose("step " + t, atOnce.at(t), next.logProbabilities(), 1e-5);
            memory = model.decoder().select(next.states(), new int[] {0, 1, 2});
        }
    }

    @ParameterizedTest
    @MethodSource("specs") void whatIsWrittenHasTheProbabilityThatTheLossGivesIt(Seq2Seq.Spec spec) {
        Seq2Seq model = spec.build(Rng.seed(3));
        for (Hypothesis h : model.translate(SOURCES.subList(0, 1), BeamSearch.of(20, 3)).get(0))
            if (h.finished()) {
                List<int[]> written = new ArrayList<>();
                written.add(h.symbols());
                double nats = model.loss(model.batch(SOURCES.subList(0, 1), written)).item() * (h.symbols().length + 1);
                assertEquals(-nats, h.logProbability(), 1e-4);
            }
    }

    @Test void whatIsFedBackIsWhatTheOutputSaw() {
        Seq2Seq model = specs()[5].build(Rng.seed(3));
        TranslationBatch batch = batch(model);
        Decoder decoder = model.decoder();
        var first = decoder.step(decoder.start(model.encoder().apply(batch.source(), batch.lengths())),
                new int[] {4, 4, 4});
        Decoder.Memory memory = first.states();
        assertClose("fed back", first.logProbabilities(), decoder.output().apply(memory.found()).logSoftmax(), 1e-6);
        Decoder.Memory without = new Decoder.Memory(memory.state(), Tensor.zeros(memory.found().shape()), null,
                memory.keys());
        float read = decoder.step(memory, new int[] {1, 1, 1}).logProbabilities().get(0, 0);
        assertTrue(Math.abs(read - decoder.step(without, new int[] {1, 1, 1}).logProbabilities().get(0, 0)) > 1e-3);
    }

    @Test void copiesAndReversesShortStrings() {
        double reversed = learned(
                Seq2Seq.of(LETTERS, TARGET, Gru.of(12, 24).bidirectional(), Gru.of(12, 32))
                        .attention(Attention.Kind.GENERAL),
                true);
        assertTrue(reversed > 0.95, "reversed " + reversed);
        double copied = learned(Seq2Seq.of(LETTERS, TARGET, Gru.of(12, 48), Gru.of(12, 48)), false);
        assertTrue(copied > 0.9, "copied " + copied);
    }

    /**
     * The share of strings of 1 to 5 letters that it writes right after some steps; those of the test are never trained
     * on.
     */
    private static double learned(Seq2Seq.Spec spec, boolean reverse) {
        Seq2Seq model = spec.build(Rng.seed(1));
        Adam adam = new Adam(model.parameters(), 1e-2);
        Rng rng = Rng.seed(2);
        for (int step = 0; step < 600; step++) {
            List<int[]> sources = strings(rng, 32, false);
            Tensor loss = model.loss(model.batch(sources, targets(sources, reverse)));
            adam.zeroGrad();
            loss.backward();
            Clip.byGlobalNorm(model.parameters(), 5);
            adam.learningRate(1e-2 * (1 - step / 600.0));
            adam.step();
        }
        List<int[]> held = strings(rng, 200, true), wanted = targets(held, reverse);
        List<List<Hypothesis>> written = model.translate(held, BeamSearch.greedy(8));
        Accuracy match = Accuracy.none();
        for (int i = 0; i < held.size(); i++)
            match = match.add(list(wanted.get(i)), list(written.get(i).get(0).symbols()));
        return match.rate();
    }

    private static List<Integer> list(int[] ids) { return Arrays.stream(ids).boxed().toList(); }

    private static List<int[]> targets(List<int[]> sources, boolean reverse) {
        return sources.stream().map(s -> {
            int[] t = s.clone();
            if (reverse) for (int i = 0; i < t.length; i++) t[i] = s[s.length - 1 - i];
            return t;
        }).toList();
    }

    /**
     * Strings of 1 to 5 letters; a fifth of all that there are, chosen by their hash, is for the test and never trained
     * on.
     */
    private static List<int[]> strings(Rng rng, int n, boolean test) {
        List<int[]> all = new ArrayList<>();
        while (all.size() < n) {
            int[] s = new int[1 + rng.nextInt(5)];
            for (int i = 0; i < s.length; i++) s[i] = rng.nextInt(4);
            if (Math.floorMod(Arrays.hashCode(s), 5) == 0 == test) all.add(s);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("specs") void anEnsembleTakesTheMeanOfProbabilities(Seq2Seq.Spec spec) {
        Seq2Seq first = spec.build(Rng.seed(1)), second = specs()[0].build(Rng.seed(2));
        List<Hypothesis> one = first.translate(SOURCES, BeamSearch.greedy(1)).get(0);
        assertEquals(one.get(0).logProbability(),
                Ensemble.of(List.of(first, first)).translate(SOURCES, BeamSearch.greedy(1)).get(0).get(0)
                        .logProbability(),
                1e-5);
        List<Hypothesis> both = Ensemble.of(List.of(first, second)).translate(SOURCES, BeamSearch.of(6, 1)).get(0);
        List<Hypothesis> a = first.translate(SOURCES, BeamSearch.of(6, 1)).get(0),
                b = second.translate(SOURCES, BeamSearch.of(6, 1)).get(0);
        for (Hypothesis h : both) {
            double mean = (Math.exp(of(a, h)) + Math.exp(of(b, h))) / 2;
            assertEquals(Math.log(mean), h.logProbability(), 1e-5);
        }
        assertTrue(first.training() && second.training());
    }

    @Test void translationsDoNotDependOnTheNumberOfThreads() {
        Vocabulary words = Ends
                .addTo(Vocabulary.of(IntStream.range(0, 700).mapToObj(i -> "w" + i).toList(), Vocabulary.Kind.WORDS));
        Seq2Seq model = Seq2Seq.of(words, words, Gru.of(20, 24), Gru.of(20, 24)).attention(Attention.Kind.GENERAL)
                .build(Rng.seed(4));
        Rng rng = Rng.seed(5);
        List<int[]> sources = IntStream.range(0, 40)
                .mapToObj(b -> IntStream.range(0, 3 + b % 4).map(t -> rng.nextInt(700)).toArray()).toList();
        BeamSearch search = BeamSearch.of(6, 7);
        List<List<Hypothesis>> one = Parallel.withThreads(1, () -> model.translate(sources, search));
        for (int threads : new int[] {2, 3, 4, 8})
            assertEquals(one, Parallel.withThreads(threads, () -> model.translate(sources, search)));
    }

    private static double of(List<Hypothesis> all, Hypothesis like) {
        return all.stream().filter(h -> Arrays.equals(h.symbols(), like.symbols())).findFirst().orElseThrow()
                .logProbability();
    }

    @Test void scheduledSamplingReadsOwnSymbolsAndIsTeacherForcingAt0() {
        Seq2Seq model = small();
        TranslationBatch batch = batch(model);
        float forced = model.loss(batch).item();
        assertEquals(forced, model.loss(batch, 0).item(), 0);
        assertNotEquals(forced, model.loss(batch, 1).item());
        model.loss(batch, 0.5).backward();
        assertTrue(model.parameters().stream().allMatch(p -> p.gradientData() != null));
        assertThrows(IllegalArgumentException.class, () -> model.loss(batch, 1.1));
    }

    @Test void weightsOfAttentionFollowTheSourceEvenReversed() {
        Seq2Seq model = small();
        Tensor weights = model.attention("abc", "cb");
        assertArrayEquals(new int[] {3, 3}, weights.shape());
        for (int t = 0; t < 3; t++) assertEquals(1, weights.at(t).sum().item(), 1e-5);
        TranslationBatch pair = TranslationBatch.of(List.of(new int[] {0, 1, 2}), List.of(new int[] {2, 1}),
                model.ends());
        Tensor read = model.decoder().weights(model.encoder().apply(pair.source(), pair.lengths()), pair.inputs());
        for (int t = 0; t < 3; t++)
            for (int s = 0; s < 3; s++) assertEquals(read.get(t, 0, s), weights.get(t, 2 - s), 1e-6);
        assertThrows(IllegalStateException.class, () -> specs()[0].build(Rng.seed(1)).attention("abc", "cb"));
    }

    @Test void samplesAndTextsComeOutOfIt() {
        Seq2Seq model = small();
        assertTrue(model.translate("abc").length() <= 400);
        assertTrue(model.evaluate(List.of(batch(model))).natsPerSymbol() > 0);
        assertTrue(model.training());
        assertEquals(
                "Seq2Seq(4 symbols to 6, encoder Lstm(input=3, hidden=2, layers=2, bidirectional) reversed, decoder "
                        + "Gru(input=3, hidden=4, layers=2), "
                        + "general attention)",
                model.toString());
    }

    @Test void symbolsMayStartWithVectors() {
        Tensor source = Rng.seed(5).normal(LETTERS.size(), 3), target = Rng.seed(6).normal(TARGET.size(), 3);
        Seq2Seq model = specs()[0].sourceVectors(source).targetVectors(target).build(Rng.seed(1));
        assertArrayEquals(source.data(), model.encoder().embedding().w().data());
        assertArrayEquals(target.data(), model.decoder().embedding().w().data());
        assertTrue(assertThrows(ShapeException.class, () -> specs()[0].sourceVectors(target).build(Rng.seed(1)))
                .getMessage().contains("expected values of shape [4, 3]"));
    }

    @Test void mistakesAreNamed() {
        Seq2Seq model = specs()[0].sourceLimit(3).build(Rng.seed(1));
        assertTrue(message(() -> model.translate("abcd"))
                .contains("expected sources of at most 3 symbols but source 0 has 4"));
        assertTrue(message(() -> model.translate("")).contains("source 0 is empty"));
        assertTrue(
                message(() -> model.translate(List.<int[]>of(), BeamSearch.greedy(3))).contains("the list is empty"));
        assertTrue(message(() -> Seq2Seq.of(LETTERS, LETTERS, Gru.of(3, 4), Gru.of(3, 4))).contains("has no BOS"));
        assertTrue(message(() -> Ends.of(Vocabulary.of(List.of("a", "<bos>"), Vocabulary.Kind.WORDS)))
                .contains("has no EOS"));
        assertTrue(
                message(() -> Seq2Seq.of(LETTERS, TARGET, Gru.of(3, 4), Gru.of(3, 4).bidirectional())
                        .build(Rng.seed(1))).contains("one direction"));
        assertTrue(message(() -> specs()[0].inputFeeding()).contains("choose attention(..) first"));
        assertTrue(message(() -> specs()[2].inputFeeding().build(Rng.seed(1))).contains("make it more than 4"));
        assertTrue(message(() -> Ensemble.of(List.of())).contains("the list is empty"));
        Seq2Seq other = Seq2Seq.of(Vocabulary.characters("abc"), TARGET, Gru.of(3, 4), Gru.of(3, 4)).build(Rng.seed(1));
        assertTrue(message(() -> Ensemble.of(List.of(model, other))).contains("other vocabularies"));
        assertTrue(message(() -> model.batch(SOURCES, TARGETS.subList(0, 1))).contains("3 sources but 1 targets"));
    }

    /** A text may hold the word that stands for an end, such as one about HTML or about language models. */
    @Test void anEndWithinATextIsNoEnd() {
        assertTrue(message(() -> TranslationBatch.of(SOURCES, List.of(new int[] {3}, new int[] {}, new int[] {1, 5}),
                Ends.of(TARGET)))
                .contains("sequence 2 to be written has EOS, symbol 5, at place 1"));
    }

    /** One long sequence among many short ones: padded, they are more than an array holds. */
    @Test void batchesThatCannotBePaddedAreNamed() {
        List<int[]> sequences = new ArrayList<>(Collections.nCopies(50_000, new int[] {1}));
        sequences.set(7, new int[50_000]);
        for (Runnable batch : List.<Runnable>of(() -> TranslationBatch.of(sequences, sequences, Ends.of(TARGET)),
                () -> TextBatch.of(sequences, new int[50_000]), () -> Ends.of(TARGET).written(sequences)))
            assertTrue(assertThrows(ShapeException.class, batch::run).getMessage()
                    .matches(".*\\[5000[01], 50000\\].* 2,500,0\\d0,000 elements.*"));
    }

    private static String message(Runnable bad) {
        return assertThrows(IllegalArgumentException.class, bad::run).getMessage();
    }

    @Test void endsAreAddedOnce() {
        assertEquals(new Ends(4, 5), Ends.of(TARGET));
        assertEquals(TARGET, Ends.addTo(TARGET));
        assertEquals(List.of("a", "b", "<bos>", "<eos>"),
                Ends.addTo(Vocabulary.of(List.of("a", "b"), Vocabulary.Kind.WORDS)).symbols());
        TranslationBatch batch = TranslationBatch.of(SOURCES, TARGETS, Ends.of(TARGET));
        assertArrayEquals(new int[] {4, 4, 4, 3, 4, 1, 2, 4, 3, 4, 4, 0}, batch.inputs().data());
        assertArrayEquals(new int[] {3, 5, 1, 2, -1, 3, 5, -1, 0, -1, -1, 5}, batch.targets().data());
        assertEquals(8, batch.symbols());
        int pairs = 0;
        for (TranslationBatch some : TranslationBatch.batches(SOURCES, TARGETS, Ends.of(TARGET), 2, Rng.seed(1)))
            for (int b = 0; b < some.batchSize(); b++, pairs++) {
                int same = List.of(0, 2, 3).indexOf(some.source().get(0, b));
                assertEquals(SOURCES.get(same).length, some.lengths().get(b));
                assertEquals(TARGETS.get(same).length == 0 ? 5 : TARGETS.get(same)[0], some.targets().get(0, b));
            }
        assertEquals(3, pairs);
    }
}
