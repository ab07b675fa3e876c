package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.data.AgreementProbe;
import unroll.data.CopyTask;
import unroll.nn.Lengths;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Rnn;
import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.train.Adam;

class SequenceClassifierTest {
    private static LabelledBatch unequal() {
        return new LabelledBatch(Rng.seed(5).uniform(-1, 1, 4, 3, 2), Lengths.of(4, 2, 3),
                IntTensor.of(new int[] {1, 0, 2}, 3));
    }

    static SequenceLayer.Spec[] layers() {
        return new SequenceLayer.Spec[] {Rnn.of(2, 4), Lstm.of(2, 4).coupledGates(), Gru.of(2, 3),
                Lstm.of(2, 3).bidirectional()};
    }

    @ParameterizedTest
    @MethodSource("layers") void gradientsAgreeWithDifferencesInBothForms(SequenceLayer.Spec layer) {
        SequenceClassifier model = new SequenceClassifier(layer, 3, Rng.seed(1));
        LabelledBatch last = unequal(), every = new LabelledBatch(last.inputs(), last.lengths(),
                IntTensor.of(new int[] {0, 1, 2, 0, 0, 1, 2, -1, 1, 1, -1, -1}, 4, 3));
        for (LabelledBatch batch : List.of(last, every)) {
            GradientCheck check = GradientCheck.of(() -> model.loss(batch),
                    model.parameters().toArray(Parameter[]::new));
            assertTrue(check.maximumError() < 1e-2, check.toString());
        }
    }

    @Test void eachSequenceIsReadAsIfAlone() {
        SequenceClassifier model = new SequenceClassifier(Gru.of(2, 4), 3, Rng.seed(1));
        LabelledBatch batch = unequal();
        Tensor logits = model.logits(batch);
        assertArrayEquals(new int[] {3, 3}, logits.shape());
        for (int b = 0; b < 3; b++) {
            int T = batch.lengths().get(b);
            Tensor alone = batch.inputs().slice(1, b, b + 1).slice(0, 0, T);
            float[] own = model.logits(new LabelledBatch(alone, Lengths.of(T), IntTensor.of(new int[1], 1))).data();
            for (int k = 0; k < 3; k++) assertEquals(own[k], logits.get(b, k), 1e-6);
        }
    }

    @Test void atFirstItIsAboutAsGoodAsGuessing() {
        LabelledBatch copy = new CopyTask(3).batch(8, Rng.seed(2));
        SequenceClassifier model = new SequenceClassifier(Lstm.of(10, 12), 10, Rng.seed(1));
        assertArrayEquals(new int[] {23, 8, 10}, model.logits(copy).shape());
        assertEquals(Math.log(10), model.loss(copy).item(), 0.2);
        assertEquals(model.loss(copy).item(), model.evaluate(copy), 1e-6);
    }

    @Test void accuracyCountsTheLargestAndIgnoresWhatIsToBeIgnored() {
        SequenceClassifier model = new SequenceClassifier(Gru.of(2, 4), 3, Rng.seed(1));
        LabelledBatch batch = unequal();
        int[] best = model.logits(batch).argmax(-1).data();
        assertEquals(3,
                model.accuracy(new LabelledBatch(batch.inputs(), batch.lengths(), IntTensor.of(best, 3))).correct());
        int[] other = {(best[0] + 1) % 3, best[1], SequenceBatch.IGNORE};
        var accuracy = model.accuracy(new LabelledBatch(batch.inputs(), batch.lengths(), IntTensor.of(other, 3)));
        assertEquals(1, accuracy.correct());
        assertEquals(2, accuracy.total());
        assertEquals(accuracy.add(accuracy),
                model.accuracy(List.of(new LabelledBatch(batch.inputs(), batch.lengths(), IntTensor.of(other, 3)),
                        new LabelledBatch(batch.inputs(), batch.lengths(), IntTensor.of(other, 3)))));
        assertTrue(model.training());
    }

    @Test void learnsAgreementOverShortDistances() {
        AgreementProbe probe = new AgreementProbe(3);
        List<AgreementProbe.Sentence> sentences = probe.sentences(AgreementProbe.Part.TRAIN, 400, Rng.seed(1));
        SequenceClassifier model = new SequenceClassifier(Gru.of(AgreementProbe.vocabulary().size(), 12), 2,
                Rng.seed(1));
        Adam adam = new Adam(model.parameters(), 0.02);
        for (int epoch = 0; epoch < 8; epoch++)
            probe.batches(sentences, 20, Rng.seed(2)).epoch(epoch).forEachRemaining(batch -> {
                adam.zeroGrad();
                model.loss(batch).backward();
                adam.step();
            });
        double rate = model.accuracy(probe.batch(probe.sentences(AgreementProbe.Part.TEST, 300, Rng.seed(3)))).rate();
        assertTrue(rate > 0.9, "accuracy " + rate);
    }

    @Test void whatDoesNotFitIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> new SequenceClassifier(Gru.of(2, 4), 1, Rng.seed(1)));
        SequenceClassifier model = new SequenceClassifier(Gru.of(3, 4), 3, Rng.seed(1));
        assertThrows(ShapeException.class, () -> model.loss(unequal()));
        assertEquals("SequenceClassifier(Gru(input=3, hidden=4), classes=3)", model.toString());
    }
}
