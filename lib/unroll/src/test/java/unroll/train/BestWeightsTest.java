package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.data.SequenceBatch;
import unroll.model.LanguageModel;
import unroll.train.TrainingRun.Outcome;

class BestWeightsTest {
    private static final int PER_EPOCH = SmallRun.ADAM_CARRIED.batches().perEpoch();

    /** Trains with validations that give these numbers, one an epoch; what the weights were at each of them goes into a list. */
    private static Trainer<SequenceBatch> trainer(LanguageModel model, List<float[]> weights, double... losses) {
        Iterator<Double> next = Arrays.stream(losses).iterator();
        return SmallRun.ADAM_CARRIED.trainer(model).validate(() -> {
            weights.add(weights(model));
            return next.next();
        }).listen(BestWeights.of(model));
    }

    private static float[] weights(LanguageModel model) { return model.parameters().get(1).data().clone(); }

    @Test void aRunEndsWithTheWeightsOfItsFirstLowestValidation() {
        LanguageModel model = SmallRun.model();
        List<float[]> then = new ArrayList<>();
        trainer(model, then, 2, 1, 1).fit(SmallRun.ADAM_CARRIED.batches());
        assertEquals(3, then.size());
        assertArrayEquals(then.get(1), weights(model));
        assertFalse(Arrays.equals(then.get(2), weights(model)));
    }

    @Test void soDoesOneThatStopsEarly() {
        LanguageModel model = SmallRun.model();
        List<float[]> then = new ArrayList<>();
        TrainingRun run = trainer(model, then, 1, 2).patience(1).fit(SmallRun.ADAM_CARRIED.batches());
        assertEquals(Outcome.STOPPED_EARLY, run.outcome());
        assertArrayEquals(then.get(0), weights(model));
    }

    @Test void anInterruptedRunKeepsItsLastWeights() {
        LanguageModel model = SmallRun.model();
        List<float[]> then = new ArrayList<>(), last = new ArrayList<>();
        TrainingRun run = trainer(model, then, 1, 2).listen(SmallRun.after(PER_EPOCH + 2, () -> {
            last.add(weights(model));
            Thread.currentThread().interrupt();
        })).fit(SmallRun.ADAM_CARRIED.batches());
        Thread.interrupted();
        assertEquals(Outcome.INTERRUPTED, run.outcome());
        assertArrayEquals(last.get(0), weights(model));
    }

    @Test void aSecondRunForgetsTheFirst() {
        LanguageModel model = SmallRun.model();
        List<float[]> then = new ArrayList<>();
        Trainer<SequenceBatch> trainer = trainer(model, then, 1, 2, 3, 6, 5, 4);
        trainer.fit(SmallRun.ADAM_CARRIED.batches());
        trainer.fit(SmallRun.ADAM_CARRIED.batches());
        assertArrayEquals(then.get(5), weights(model));
    }
}
