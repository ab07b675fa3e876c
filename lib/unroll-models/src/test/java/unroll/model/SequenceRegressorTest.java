package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.data.AddingProblem;
import unroll.text.VectorBatch;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.MinGru;
import unroll.recurrent.Rnn;
import unroll.tensor.GradientCheck;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.Adam;

class SequenceRegressorTest {
    private static final AddingProblem TASK = new AddingProblem(6);

    static SequenceLayer.Spec[] layers() {
        return new SequenceLayer.Spec[] {Rnn.of(2, 4), Lstm.of(2, 4), Lstm.of(2, 4).peepholes(), Gru.of(2, 3).layers(2),
                Gru.of(2, 3).bidirectional(),
                MinGru.of(2, 5)};
    }

    @ParameterizedTest
    @MethodSource("layers") void gradientsAgreeWithDifferences(SequenceLayer.Spec layer) {
        SequenceRegressor model = new SequenceRegressor(layer, 1, Rng.seed(1));
        VectorBatch batch = TASK.batch(3, Rng.seed(2));
        GradientCheck check = GradientCheck.of(() -> model.loss(batch), model.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 1e-2, check.toString());
    }

    @Test void readsTheLastState() {
        SequenceRegressor model = new SequenceRegressor(Lstm.of(2, 4), 3, Rng.seed(1));
        Tensor x = TASK.batch(5, Rng.seed(2)).inputs();
        assertArrayEquals(new int[] {5, 3}, model.predict(x).shape());
        assertArrayEquals(model.output().apply(model.recurrent().apply(x).states().at(5)).data(),
                model.predict(x).data());
    }

    @Test void theLossIsTheMeanSquare() {
        SequenceRegressor model = new SequenceRegressor(Gru.of(2, 4), 1, Rng.seed(1));
        VectorBatch batch = TASK.batch(7, Rng.seed(2));
        double sum = 0;
        for (int b = 0; b < 7; b++)
            sum += Math.pow(model.predict(batch.inputs()).get(b, 0) - batch.targets().get(b, 0), 2) / 7;
        assertEquals(sum, model.loss(batch).item(), 1e-6);
        assertEquals(sum, model.evaluate(batch), 1e-6);
        assertTrue(model.training());
    }

    @Test void batchesOfDifferentSizesCountBySequence() {
        SequenceRegressor model = new SequenceRegressor(Gru.of(2, 4), 1, Rng.seed(1));
        VectorBatch one = TASK.batch(7, Rng.seed(2)), two = TASK.batch(3, Rng.seed(3));
        assertEquals((7 * model.evaluate(one) + 3 * model.evaluate(two)) / 10, model.evaluate(List.of(one, two)), 1e-6);
        assertThrows(IllegalArgumentException.class, () -> model.evaluate(List.of()));
    }

    @Test void evaluationDropsNothingAndKeepsTheMode() {
        SequenceRegressor model = new SequenceRegressor(Gru.of(2, 8).layers(2).dropout(0.5), 1, Rng.seed(1));
        VectorBatch batch = TASK.batch(7, Rng.seed(2));
        assertEquals(model.evaluate(batch), model.evaluate(batch));
        assertTrue(model.loss(batch).item() != model.loss(batch).item());
        model.eval();
        model.evaluate(batch);
        assertFalse(model.training());
    }

    @Test void learnsToAddOverAFewSteps() {
        SequenceRegressor model = new SequenceRegressor(Gru.of(2, 16), 1, Rng.seed(1));
        Adam adam = new Adam(model.parameters(), 0.01);
        for (VectorBatch batch : TASK.batches(32, 400, Rng.seed(3))) {
            adam.zeroGrad();
            model.loss(batch).backward();
            adam.step();
        }
        double error = model.evaluate(TASK.batch(500, Rng.seed(4)));
        assertTrue(error < AddingProblem.baseline() / 10, "mean squared error " + error);
    }

    @Test void saysWhatItIs() {
        assertEquals("SequenceRegressor(Lstm(input=2, hidden=4, forgetBias=1.0), outputs=1)",
                new SequenceRegressor(Lstm.of(2, 4).forgetBias(1), 1, Rng.seed(1)).toString());
    }
}
