package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import unroll.tensor.CheckpointException;
import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.text.LanguageModel;
import unroll.nn.Module;
import unroll.model.Context;
import unroll.model.TaggerVocabulary;
import unroll.model.SequenceTagger;
import unroll.model.Decoder;
import unroll.model.ConvEncoder;
import unroll.model.Captioner;
import unroll.model.Ends;
import unroll.model.Seq2Seq;
import unroll.model.TextClassifier;
import unroll.data.TaggedSentence;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.TrainingRun.Outcome;

/** What a run reads: data that end when they should, and the same ones when it goes on. */
class DataOfARunTest {
    private static final SmallRun KIND = SmallRun.ADAM_CARRIED;
    @TempDir Path folder;

    private static Batches<SequenceBatch> batches(String text, int batchSize, int steps) {
        return Batches.contiguous(SmallRun.VOCABULARY.encode(text), batchSize, steps);
    }

    /** The first batches of a text, in a shuffled order for each seed. */
    private static Batches<SequenceBatch> shuffled(long seed) {
        List<int[]> lines = IntStream.range(0, 36)
                .mapToObj(i -> SmallRun.VOCABULARY.encode(SmallRun.TEXT.substring(7 * i, 7 * i + 9))).toList();
        return Batches.padded(lines, 4, Rng.seed(seed));
    }

    private void interrupted(Batches<SequenceBatch> data, int step) {
        KIND.trainer(SmallRun.model()).checkpoint(folder)
                .listen(SmallRun.after(step, Thread.currentThread()::interrupt)).fit(data);
        assertTrue(Thread.interrupted());
    }

    private String refusal(Batches<SequenceBatch> data) {
        LanguageModel model = SmallRun.model();
        model.parameters().get(0).update(w -> w[0] = 7);
        float[] before = model.parameters().get(0).data();
        String message = assertThrows(CheckpointException.class,
                () -> KIND.trainer(model).checkpoint(folder).resume(data)).getMessage();
        assertArrayEquals(before, model.parameters().get(0).data(), "nothing was changed");
        return message;
    }

    /** In the middle of an epoch, at its end and at the beginning of the next. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9, 10, 18}) void otherDataAreNotGoneOnWith(int step) {
        interrupted(KIND.batches(), step);
        assertTrue(refusal(batches(SmallRun.TEXT, 5, 16)).contains("9 batches an epoch, this one has 7"));
        assertTrue(refusal(batches(SmallRun.TEXT, 4, 15)).contains("the first one differs already"),
                "though there are 9 too");
        assertTrue(refusal(batches(SmallRun.TEXT.replace('a', 'e'), 4, 16)).contains("the first one differs already"));
        assertTrue(refusal(batches(new StringBuilder(SmallRun.TEXT).reverse().toString(), 4, 16))
                .contains("Were the data, their order"));
        assertEquals(KIND.losses().subList(step, 27), SmallRun.losses(KIND.resumed(folder)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9, 13}) void norIsAnotherOrder(int step) {
        interrupted(shuffled(1), step);
        assertTrue(refusal(shuffled(2)).contains("its seed"));
        assertEquals(27 - step, KIND.trainer(SmallRun.model()).checkpoint(folder).resume(shuffled(1)).steps().size());
    }

    @Test void aLaterBatchOfTheEpochCounts() {
        interrupted(KIND.batches(), 5);
        int[] ids = SmallRun.VOCABULARY.encode(SmallRun.TEXT);
        ids[3 * 16 + 2] = (ids[3 * 16 + 2] + 1) % SmallRun.VOCABULARY.size();
        assertTrue(refusal(Batches.contiguous(ids, 4, 16)).contains("a later one is not"));
    }

    @Test void anAlphabetOfEqualSizeIsAnotherOne() {
        interrupted(KIND.batches(), 3);
        List<String> symbols = new ArrayList<>(SmallRun.VOCABULARY.symbols());
        symbols.add(symbols.remove(20));
        LanguageModel other = new LanguageModel(Vocabulary.of(symbols, Vocabulary.Kind.CHARACTERS),
                Lstm.of(6, 10).layers(2).dropout(0.3),
                Rng.seed(7));
        String message = assertThrows(CheckpointException.class,
                () -> KIND.trainer(other).checkpoint(folder).resume(KIND.batches())).getMessage();
        assertTrue(message.contains(SmallRun.VOCABULARY.fingerprint())
                && message.contains(other.vocabulary().fingerprint()), message);
        assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "last").into(other),
                "nor for its weights alone");
    }

    /** Models of vocabularies that differ in one symbol, or in its place. */
    private static Stream<Function<Vocabulary, Module>> models() {
        return Stream.of(v -> new LanguageModel(v, Lstm.of(3, 4), Rng.seed(1)),
                v -> TextClassifier.of(v, List.of("no", "yes"), Lstm.of(3, 4)).build(Rng.seed(1)),
                v -> Seq2Seq.of(v, Ends.addTo(Vocabulary.characters("ab")), Lstm.of(3, 4), Lstm.of(3, 4))
                        .build(Rng.seed(1)),
                v -> Seq2Seq.of(Vocabulary.characters("ab"), Ends.addTo(v), Lstm.of(3, 4), Lstm.of(3, 4))
                        .build(Rng.seed(1)),
                v -> Captioner.of(Ends.addTo(v), ConvEncoder.of(1, 4, 4).conv(2), Decoder.of(Lstm.of(3, 4)))
                        .build(Rng.seed(1)),
                v -> SequenceTagger
                        .of(TaggerVocabulary.of(List.of(new TaggedSentence(v.symbols(), List.of("N", "V", "N", "V")))),
                                Context.none(4))
                        .build(Rng.seed(1)));
    }

    @ParameterizedTest
    @MethodSource("models") void aModelOfAnotherVocabularyIsAnotherOne(Function<Vocabulary, Module> build) {
        List<String> words = List.of("a", "b", "c", "d");
        Checkpoint.of(build.apply(Vocabulary.of(words, Vocabulary.Kind.WORDS))).write(folder, "final");
        Checkpoint.read(folder, "final").into(build.apply(Vocabulary.of(words, Vocabulary.Kind.WORDS)));
        for (List<String> other : List.of(List.of("a", "b", "d", "c"), List.of("a", "b", "c", "e"))) {
            Module model = build.apply(Vocabulary.of(other, Vocabulary.Kind.WORDS));
            // it puts its words in order
            if (model instanceof SequenceTagger && other.contains("d")) continue;
            assertThrows(CheckpointException.class, () -> Checkpoint.read(folder, "final").into(model),
                    other + " for " + words);
        }
    }

    @Test void otherSettingsOfTheOptimizerAreRefusedAndOthersAreSaid() {
        interrupted(KIND.batches(), 3);
        LanguageModel model = SmallRun.model();
        Optimizer other = new Adam(model.parameters(), 0.03).betas(0.8, 0.999);
        String message = assertThrows(CheckpointException.class,
                () -> Trainer.of(model, other, model::start, model::loss).epochs(3).checkpoint(folder)
                        .resume(KIND.batches()))
                .getMessage();
        assertTrue(message.contains("betas=0.9, 0.999") && message.contains("betas=0.8, 0.999"), message);
        TrainingRun run = Trainer.of(model, new Adam(model.parameters(), 0.01), model::start, model::loss).epochs(2)
                .checkpoint(folder).resume(KIND.batches());
        for (String said : List.of("learning rate 0.01 instead of 0.03", "epochs 2 instead of 3",
                "clip none instead of 0.5"))
            assertTrue(run.message().contains("resumed with " + said), run.message());
    }

    /** Gives fewer batches than it says, or more. */
    private record Miscounted(int perEpoch, int given) implements Batches<SequenceBatch> {
        @Override public Iterator<SequenceBatch> epoch(int epoch) {
            return Stream.generate(() -> KIND.batches().epoch(0).next()).limit(given).iterator();
        }
    }

    /** The same iterator for each epoch. */
    private record OneShot(Iterator<SequenceBatch> only) implements Batches<SequenceBatch> {
        @Override public int perEpoch() { return 9; }

        @Override public Iterator<SequenceBatch> epoch(int epoch) { return only; }
    }

    private static String ends(Batches<SequenceBatch> data) {
        LanguageModel model = SmallRun.model();
        String message = assertThrows(IllegalStateException.class, () -> KIND.trainer(model).fit(data)).getMessage();
        assertTrue(model.lock().tryLock(), "the model is free again");
        return message;
    }

    @Test void dataThatEndEarlyOrLateEndTheRun() {
        assertTrue(ends(new Miscounted(9, 8))
                .contains("epoch 0 (counted from 0) ended after 8 batches, but perEpoch() says 9"));
        assertTrue(ends(new Miscounted(9, 0)).contains("ended after 0 batches"));
        assertTrue(ends(new Miscounted(9, 10)).contains("has more batches"));
        assertTrue(ends(new Miscounted(9, Integer.MAX_VALUE)).contains("has more batches"));
        assertTrue(
                ends(new OneShot(KIND.batches().epoch(0))).contains("epoch 1 (counted from 0) ended after 0 batches"));
    }

    /** What a batch of one's own may hold; two that know each other end too. */
    private static final class OwnBatch {
        private final List<Object> values;
        private final OwnBatch[] other = {null};
        private int looked;

        OwnBatch(Object... values) { this.values = Arrays.asList(values); }

        OwnBatch with(OwnBatch friend) {
            other[0] = friend;
            looked++;
            return this;
        }
    }

    private record Pair(Object first, Object second) {
    }

    @Test void theFingerprintSeesWhatABatchHolds() {
        List<Supplier<Object>> different = List.of(() -> new int[] {1, 2}, () -> new int[] {2, 1},
                () -> new int[][] {{1}, {2}}, () -> List.of(1, 2),
                () -> List.of(2, 1), () -> new float[] {1, 2}, () -> Tensor.ones(2, 3), () -> Tensor.ones(3, 2),
                () -> "ab", () -> "ba",
                () -> Set.of("a", "b"),
                () -> Map.of("a", 1), () -> Map.of("a", 2), () -> new Pair(1, "x"), () -> new Pair(2, "x"),
                () -> new Pair(1, new Pair(3, null)),
                () -> new OwnBatch(1, "a"), () -> new OwnBatch(1, "b"), () -> new OwnBatch(new long[] {7}),
                () -> new OwnBatch(new long[] {8}),
                () -> true,
                () -> Optional.of(3), () -> Outcome.DIVERGED, () -> Outcome.COMPLETED, () -> new double[] {1.5},
                () -> 1.5);
        for (Supplier<Object> one : different)
            for (Supplier<Object> other : different)
                assertEquals(one == other, Fingerprint.of(0, one.get()) == Fingerprint.of(0, other.get()),
                        one.get() + " and " + other.get());
        OwnBatch a = new OwnBatch(1), b = new OwnBatch(2).with(a);
        assertEquals(Fingerprint.of(5, a.with(b)), Fingerprint.of(5, a.with(b)));
        assertTrue(a.looked > 0);
    }

    @Test void aResumeIntoDataThatEndEarlyIsNamed() {
        interrupted(new Miscounted(9, 9), 5);
        LanguageModel model = SmallRun.model();
        String message = assertThrows(IllegalStateException.class,
                () -> KIND.trainer(model).checkpoint(folder).resume(new Miscounted(9, 3)))
                .getMessage();
        assertTrue(message.contains("ended after 3 batches"), message);
    }

    @Test void countsThatCannotBeAreNamed() {
        for (int perEpoch : new int[] {0, -1, Integer.MAX_VALUE}) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> KIND.trainer(SmallRun.model()).fit(new Miscounted(perEpoch, 3)))
                    .getMessage();
            assertTrue(message.startsWith("Trainer: ") && message.contains("" + perEpoch), message);
        }
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> KIND.trainer(SmallRun.model()).epochs(Integer.MAX_VALUE).fit(KIND.batches())).getMessage()
                .contains("choose fewer epochs"));
    }
}
