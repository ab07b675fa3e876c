package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unroll.nn.Lengths;
import unroll.text.Batches;
import unroll.data.LabelledText;
import unroll.nn.IdentityLayer;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;
import unroll.text.Vocabulary;
import unroll.train.Adam;

class TextClassifierTest {
    private static final List<String> LABELS = List.of("negative", "positive");
    private static final Vocabulary WORDS = Vocabulary.of(
            List.of("<unk>", "good", "bad", "not", "but", "slow", "film", "the", "was"),
            Vocabulary.Kind.WORDS);

    private static LabelledText text(String label, String words) {
        return new LabelledText(List.of(words.split(" ")), label);
    }

    private static TextBatch unequal() {
        return TextBatch.of(
                List.of(text("negative", "the film was slow"), text("positive", "good"),
                        text("positive", "slow but good")),
                WORDS,
                LABELS);
    }

    private static TextClassifier.Spec small(Pooling pooling) {
        return TextClassifier.of(WORDS, LABELS, Lstm.of(3, 2).bidirectional()).pooling(pooling);
    }

    @ParameterizedTest
    @EnumSource void gradientsAgreeWithDifferences(Pooling pooling) {
        TextClassifier model = small(pooling).build(Rng.seed(1));
        TextBatch batch = unequal();
        GradientCheck check = GradientCheck.of(() -> model.loss(batch), model.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 1e-2, check.toString());
    }

    @ParameterizedTest
    @EnumSource void eachTextIsReadAsIfAlone(Pooling pooling) {
        for (SequenceLayer.Spec layer : List.of(Lstm.of(3, 2).bidirectional(), Gru.of(3, 4), IdentityLayer.of(3))) {
            TextClassifier model = TextClassifier.of(WORDS, LABELS, layer).pooling(pooling).build(Rng.seed(1));
            TextBatch batch = unequal();
            Tensor all = model.probabilities(batch);
            List<String> words = List.of("slow", "but", "good");
            assertArrayEquals(model.probabilities(words), new float[] {all.get(2, 0), all.get(2, 1)}, 1e-6f);
            int[] other = batch.ids().data().clone();
            for (int t = 0; t < 4; t++)
                for (int b = 0; b < 3; b++) if (t >= batch.lengths().get(b)) other[t * 3 + b] = 7;
            assertArrayEquals(all.data(), model
                    .probabilities(new TextBatch(IntTensor.of(other, 4, 3), batch.lengths(), batch.labels())).data());
        }
    }

    @ParameterizedTest
    @EnumSource void theReadingIsWhatItWouldSayOfEachPrefix(Pooling pooling) {
        TextClassifier model = small(pooling).dropout(.5, .5).build(Rng.seed(1));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 70; i++) words.add(WORDS.symbol(i % WORDS.size()));
        Tensor reading = model.reading(words);
        assertArrayEquals(new int[] {70, 2}, reading.shape());
        for (int t : new int[] {0, 1, 63, 64, 69})
            assertArrayEquals(model.probabilities(words.subList(0, t + 1)),
                    new float[] {reading.get(t, 0), reading.get(t, 1)}, 1e-6f);
        assertTrue(model.training());
    }

    @Test void theBagOfWordsDoesNotSeeTheirOrder() {
        TextClassifier bag = TextClassifier.of(WORDS, LABELS, IdentityLayer.of(3)).pooling(Pooling.MEAN)
                .build(Rng.seed(1));
        assertArrayEquals(bag.probabilities(List.of("not", "good", "but", "slow")),
                bag.probabilities(List.of("not", "slow", "but", "good")), 1e-6f);
        TextClassifier ordered = small(Pooling.LAST).build(Rng.seed(1));
        float[] a = ordered.probabilities(List.of("not", "good", "but", "slow")),
                b = ordered.probabilities(List.of("not", "slow", "but", "good"));
        assertTrue(Math.abs(a[0] - b[0]) > 1e-4, a[0] + " and " + b[0]);
    }

    @Test void attentionIsSharedOutAmongTheWords() {
        TextClassifier model = small(Pooling.ATTENTION).dropout(.5, .5).build(Rng.seed(1));
        float[] weights = model.attention(List.of("the", "film", "was", "not", "good"));
        assertEquals(5, weights.length);
        double sum = 0;
        for (float w : weights) {
            assertTrue(w > 0);
            sum += w;
        }
        assertEquals(1, sum, 1e-6);
        String message = assertThrows(IllegalStateException.class,
                () -> small(Pooling.MAX).build(Rng.seed(1)).attention(List.of("good")))
                .getMessage();
        assertTrue(message.contains("choose Pooling.ATTENTION"), message);
    }

    /**
     * "not" turns the next word round, and what follows "but" decides: neither the bag of words nor the last word alone
     * says which class it is.
     */
    private static List<LabelledText> reviews(int n, Rng rng) {
        List<LabelledText> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<String> words = new ArrayList<>();
            boolean good = false;
            int clauses = 1 + rng.nextInt(2);
            for (int c = 0; c < clauses; c++) {
                if (c > 0) words.add("but");
                words.addAll(List.of("the", "film", "was"));
                boolean not = rng.nextInt(2) == 0, word = rng.nextInt(2) == 0;
                if (not) words.add("not");
                words.add(word ? "good" : "bad");
                good = word != not;
            }
            if (rng.nextInt(2) == 0) words.addAll(List.of("the", "film"));
            all.add(new LabelledText(words, good ? "positive" : "negative"));
        }
        return all;
    }

    private static double learned(TextClassifier.Spec spec, int epochs) {
        TextClassifier model = spec.build(Rng.seed(1));
        List<LabelledText> train = reviews(400, Rng.seed(2));
        Adam adam = new Adam(model.parameters(), 0.02);
        Batches<TextBatch> batches = Batches.shuffled(train.size(), 20, Rng.seed(3),
                numbers -> TextBatch.of(train, numbers, WORDS, LABELS));
        for (int epoch = 0; epoch < epochs; epoch++)
            batches.epoch(epoch).forEachRemaining(batch -> {
                adam.zeroGrad();
                model.loss(batch).backward();
                adam.step();
            });
        List<TextBatch> test = List.of(TextBatch.of(reviews(300, Rng.seed(4)), WORDS, LABELS));
        assertEquals(model.accuracy(test).rate() > 0.9, model.evaluate(test) < 0.35);
        return model.accuracy(test).rate();
    }

    @ParameterizedTest
    @EnumSource void learnsNegationAndContrast(Pooling pooling) {
        double rate = learned(TextClassifier.of(WORDS, LABELS, Gru.of(8, 12).bidirectional()).pooling(pooling), 8);
        assertTrue(rate > 0.95, "accuracy " + rate);
    }

    @Test void theBagOfWordsCannot() {
        double rate = learned(TextClassifier.of(WORDS, LABELS, IdentityLayer.of(8)).pooling(Pooling.MEAN), 8);
        assertTrue(rate < 0.85, "accuracy " + rate);
    }

    @Test void predictsTheMostProbableClass() {
        TextClassifier model = small(Pooling.MEAN).build(Rng.seed(1));
        List<String> words = List.of("slow", "but", "good");
        TextClassifier.Prediction prediction = model.predict(words);
        float[] p = model.probabilities(words);
        assertEquals(LABELS.get(p[0] > p[1] ? 0 : 1), prediction.label());
        assertEquals(Math.max(p[0], p[1]), prediction.probability());
        assertEquals(LABELS, List.copyOf(prediction.probabilities().keySet()));
        assertEquals(1, prediction.probabilities().values().stream().mapToDouble(q -> q).sum(), 1e-6);
    }

    @Test void evaluatesTextsNotBatches() {
        TextClassifier model = small(Pooling.MAX).dropout(.5, .5).build(Rng.seed(1));
        List<LabelledText> texts = reviews(7, Rng.seed(5));
        TextBatch first = TextBatch.of(texts.subList(0, 5), WORDS, LABELS),
                second = TextBatch.of(texts.subList(5, 7), WORDS, LABELS);
        double whole = model.evaluate(List.of(TextBatch.of(texts, WORDS, LABELS)));
        assertEquals(whole, model.evaluate(List.of(first, second)), 1e-6);
        assertEquals(7, model.accuracy(List.of(first, second)).total());
        assertThrows(IllegalArgumentException.class, () -> model.evaluate(List.of()));
    }

    @Test void givenVectorsAreWhereItStarts() {
        Tensor start = Rng.seed(7).normal(WORDS.size(), 3);
        TextClassifier trained = small(Pooling.MAX).vectors(start).build(Rng.seed(1)),
                frozen = small(Pooling.MAX).vectors(start).frozenVectors().build(Rng.seed(1));
        for (TextClassifier model : List.of(trained, frozen)) {
            assertArrayEquals(start.data(), model.embedding().w().data());
            Adam adam = new Adam(model.parameters(), 0.1);
            model.loss(unequal()).backward();
            adam.step();
            assertEquals(model == frozen, Arrays.equals(start.data(), model.embedding().w().data()));
        }
        assertNull(frozen.embedding().w().gradientData());
    }

    @Test void droppedWordsAreReadAsUnknownInTrainingOnly() {
        TextClassifier model = TextClassifier.of(WORDS, LABELS, IdentityLayer.of(3)).pooling(Pooling.MEAN)
                .wordDropout(0.5).build(Rng.seed(1));
        TextBatch batch = unequal();
        double before = model.evaluate(List.of(batch));
        assertEquals(before, model.evaluate(List.of(batch)));
        model.loss(batch).backward();
        float[] gradient = model.embedding().w().gradientData();
        assertTrue(gradient[0] != 0, "the unknown symbol learns although no text has it");
    }

    @Test void equalSeedsGiveEqualModels() {
        TextClassifier.Spec spec = small(Pooling.ATTENTION).dropout(.3, .3).wordDropout(.2);
        float a = spec.build(Rng.seed(1)).loss(unequal()).item(), b = spec.build(Rng.seed(1)).loss(unequal()).item();
        assertEquals(a, b);
    }

    @Test void whatDoesNotFitIsNamed() {
        TextClassifier model = small(Pooling.MEAN).build(Rng.seed(1));
        assertThrows(IllegalArgumentException.class, () -> model.predict(List.of()));
        assertThrows(IllegalArgumentException.class, () -> model.reading(List.of()));
        assertThrows(ShapeException.class, () -> TextBatch.of(List.of(), WORDS, LABELS));
        String label = assertThrows(IllegalArgumentException.class,
                () -> TextBatch.of(List.of(text("neutral", "good")), WORDS, LABELS)).getMessage();
        assertTrue(label.contains("\"neutral\"") && label.contains("[negative, positive]"), label);
        IntTensor ids = IntTensor.of(new int[4], 2, 2), labels = IntTensor.of(new int[2], 2);
        String padding = assertThrows(ShapeException.class, () -> new TextBatch(ids, Lengths.of(2, 0), labels))
                .getMessage();
        assertTrue(padding.contains("sequence 1 has 0"), padding);
        assertThrows(ShapeException.class,
                () -> new TextBatch(IntTensor.of(new int[0], 0, 0), Lengths.of(), IntTensor.of(new int[0], 0)));
        assertThrows(IllegalArgumentException.class, () -> TextClassifier.of(WORDS, List.of("one"), Gru.of(2, 3)));
        assertThrows(IllegalArgumentException.class,
                () -> TextClassifier.of(WORDS, List.of("one", "one"), Gru.of(2, 3)));
        assertThrows(ShapeException.class, () -> small(Pooling.MAX).vectors(Tensor.zeros(9, 4)));
        assertThrows(IllegalArgumentException.class, () -> small(Pooling.MAX).dropout(1, 0));
        Vocabulary closed = Vocabulary.of(List.of("good", "bad"), Vocabulary.Kind.WORDS);
        assertThrows(IllegalArgumentException.class,
                () -> TextClassifier.of(closed, LABELS, Gru.of(2, 3)).wordDropout(.1));
        Refused.by(Reason.UNKNOWN_SYMBOL,
                () -> TextClassifier.of(closed, LABELS, Gru.of(2, 3)).build(Rng.seed(1)).predict(List.of("film")));
        assertEquals(
                "TextClassifier(9 words, Lstm(input=3, hidden=2, bidirectional), pooling=MAX, dropout=0.5 and 0.3, "
                        + "labels=[negative, positive])",
                small(Pooling.MAX).dropout(.5, .3).build(Rng.seed(1)).toString());
    }
}
