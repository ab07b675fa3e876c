package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import unroll.nn.Dropout;
import unroll.recurrent.Lstm;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.Adam;

class LanguageModelSpecTest {
    private static final String TEXT = "to be or not to be, that is the question. ".repeat(6);
    private static final Vocabulary LETTERS = Vocabulary.characters(TEXT);
    private static final int[] IDS = LETTERS.encode(TEXT);
    private static final SequenceBatch BATCH = Batches.contiguous(IDS, 2, 30).epoch(0).next();

    private static LanguageModel.Spec spec() { return LanguageModel.of(Lstm.of(5, 7)); }

    /** One matrix for both has the gradient of both together. */
    @Test void tiedIsTwoEqualMatrices() {
        LanguageModel tied = spec().tied().build(LETTERS, Rng.seed(1)),
                twin = spec().projection(5).build(LETTERS, Rng.seed(2));
        Map<String, Parameter> given = tied.namedParameters(), own = twin.namedParameters();
        Parameter w = given.get("output.w");
        own.forEach((name, p) -> p.set(name.equals("embedding.w") ? w.transpose() : given.get(name)));
        Tensor loss = tied.loss(BATCH, null).loss(), other = twin.loss(BATCH, null).loss();
        assertEquals(other.item(), loss.item(), 1e-6);
        loss.backward();
        other.backward();
        assertArrayEquals(own.get("output.w").gradient().add(own.get("embedding.w").gradient().transpose()).data(),
                w.gradient().data(), 1e-6f);
        assertArrayEquals(twin.logProbabilities(IDS), tied.logProbabilities(IDS), 1e-5);
        assertArrayEquals(twin.logits(IDS).data(), tied.logits(IDS).data(), 1e-5f);
        assertEquals(twin.generate("to", 20, 0.5, 0, Rng.seed(1)), tied.generate("to", 20, 0.5, 0, Rng.seed(1)));
    }

    @Test void hasTheParametersThatItSays() {
        assertEquals(Set.of("embedding.w", "recurrent.w", "recurrent.u", "recurrent.b", "output.w", "output.b"),
                spec().build(LETTERS, Rng.seed(1)).namedParameters().keySet());
        assertEquals(
                Set.of("recurrent.w", "recurrent.u", "recurrent.b", "projection.w", "projection.b", "output.w",
                        "output.b"),
                spec().tied().build(LETTERS, Rng.seed(1)).namedParameters().keySet());
        assertEquals(
                "LanguageModel(" + LETTERS.size() + " symbols, " + Lstm.of(5, 7)
                        + ", projection=4, dropout=0.5 steady)",
                spec().projection(4).dropout(0.5).steady().build(LETTERS, Rng.seed(1)).toString());
        assertEquals("Embedding(symbols=" + LETTERS.size() + ", size=5, tied)",
                spec().tied().build(LETTERS, Rng.seed(1)).embedding().toString());
    }

    @Test void withoutSettingsItIsTheModelOfItsLayer() {
        assertEquals(new LanguageModel(LETTERS, Lstm.of(5, 7), Rng.seed(3)).loss(BATCH, null).loss().item(),
                spec().build(LETTERS, Rng.seed(3)).loss(BATCH, null).loss().item());
    }

    @Test void dropoutIsForTrainingOnlyAndLearns() {
        LanguageModel model = spec().dropout(0.2).tied().build(LETTERS, Rng.seed(1));
        assertNotEquals(model.loss(BATCH, null).loss().item(), model.loss(BATCH, null).loss().item());
        assertEquals(model.read(IDS), model.read(IDS));
        double before = quietLoss(model);
        Adam adam = new Adam(model.parameters(), 0.02);
        for (int step = 0; step < 150; step++) {
            adam.zeroGrad();
            model.loss(BATCH, null).loss().backward();
            adam.step();
        }
        assertTrue(quietLoss(model) < before - 0.5, quietLoss(model) + " after " + before);
    }

    private static double quietLoss(LanguageModel model) {
        return model.quietly(() -> model.loss(BATCH, null).loss().item());
    }

    @Test void steadyDropoutLeavesOutTheSameAtEachStep() {
        Tensor y = Dropout.steady(0.5, Rng.seed(1)).apply(Tensor.full(1, 6, 4, 10));
        Tensor first = y.slice(0, 0, 1);
        int gone = 0;
        for (float v : first.data()) {
            assertTrue(v == 0 || v == 2);
            if (v == 0) gone++;
        }
        assertTrue(gone > 8 && gone < 32, gone + " of 40");
        for (int t = 1; t < 6; t++) assertArrayEquals(first.data(), y.slice(0, t, t + 1).data());
    }

    @Test void whatDoesNotFitIsNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> spec().tied().projection(6).build(LETTERS, Rng.seed(1)))
                .getMessage().contains("tied vectors have 5 numbers, so the projection must have as many"));
        assertThrows(IllegalArgumentException.class, () -> spec().projection(0));
        assertThrows(IllegalArgumentException.class, () -> spec().dropout(1));
    }

    @Test void columnsAreRowsOfTheTransposed() {
        Tensor matrix = Rng.seed(1).normal(3, 4).tracked();
        IntTensor ids = IntTensor.of(new int[] {3, 0, 3, 1}, 2, 2);
        Tensor y = matrix.columns(ids), weights = Rng.seed(2).normal(2, 2, 3);
        assertArrayEquals(matrix.detach().transpose().rows(ids).data(), y.data());
        y.mul(weights).sum().backward();
        Tensor twin = matrix.detach().transpose().tracked();
        twin.rows(ids).mul(weights).sum().backward();
        assertArrayEquals(twin.gradient().transpose().data(), matrix.gradient().data());
    }
}
