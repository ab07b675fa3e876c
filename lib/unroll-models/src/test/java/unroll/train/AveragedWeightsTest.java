package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.tensor.Tensor;
import unroll.tensor.Rng;
import unroll.nn.Module;
import unroll.picture.BatchNorm2d;
import unroll.text.Batches;
import unroll.text.LanguageModel;
import unroll.train.TrainingRun.Outcome;

class AveragedWeightsTest {
    private static final double DECAY = 0.8;

    private static float[] weights(LanguageModel model) { return model.parameters().get(1).data(); }

    /** The weights after each step of a run that nothing averages. */
    private static List<float[]> alone() {
        LanguageModel model = SmallRun.model();
        List<float[]> all = new ArrayList<>();
        SmallRun.ADAM_CARRIED.trainer(model).listen(new TrainingListener() {
            @Override public void stepped(Step step) { all.add(weights(model)); }
        }).fit(SmallRun.ADAM_CARRIED.batches());
        return all;
    }

    /** The definition, in doubles. */
    private static float[] average(List<float[]> steps, int n) {
        double[] a = new double[steps.get(0).length];
        for (int i = 0; i < a.length; i++) a[i] = steps.get(0)[i];
        for (int s = 1; s < n; s++) {
            double d = Math.min(DECAY, (1.0 + s) / (10 + s));
            for (int i = 0; i < a.length; i++) a[i] = d * a[i] + (1 - d) * steps.get(s)[i];
        }
        float[] rounded = new float[a.length];
        for (int i = 0; i < a.length; i++) rounded[i] = (float) a[i];
        return rounded;
    }

    @Test void aRunEndsWithTheAverageOfItsSteps() {
        LanguageModel model = SmallRun.model();
        SmallRun.ADAM_CARRIED.trainer(model).listen(AveragedWeights.of(model, DECAY))
                .fit(SmallRun.ADAM_CARRIED.batches());
        List<float[]> steps = alone();
        assertArrayEquals(average(steps, steps.size()), weights(model), 1e-6f);
    }

    @Test void orWithThatOfItsBestValidationAndTrainingItselfIsAsWithout() {
        LanguageModel model = SmallRun.model();
        AveragedWeights average = AveragedWeights.of(model, DECAY);
        List<float[]> seen = new ArrayList<>(), steps = new ArrayList<>();
        Iterator<Double> losses = List.of(2.0, 1.0, 1.5).iterator();
        TrainingRun run = SmallRun.ADAM_CARRIED.trainer(model).validate(() -> average.during(() -> {
            seen.add(weights(model));
            return losses.next();
        })).listen(average).listen(new TrainingListener() {
            @Override public void stepped(Step step) { steps.add(weights(model)); }
        }).fit(SmallRun.ADAM_CARRIED.batches());
        List<float[]> alone = alone();
        assertEquals(alone.size(), run.steps().size());
        for (int s = 0; s < alone.size(); s++) assertArrayEquals(alone.get(s), steps.get(s));
        int perEpoch = SmallRun.ADAM_CARRIED.batches().perEpoch();
        assertArrayEquals(average(alone, perEpoch), seen.get(0), 1e-6f);
        assertArrayEquals(average(alone, 2 * perEpoch), weights(model), 1e-6f);
        assertArrayEquals(seen.get(1), weights(model));
    }

    @Test void withoutDecayARunEndsWithTheWeightsOfItsFirstLowestValidation() {
        LanguageModel model = SmallRun.model();
        List<float[]> then = new ArrayList<>();
        Iterator<Double> losses = List.of(2.0, 1.0, 1.0).iterator();
        SmallRun.ADAM_CARRIED.trainer(model).validate(() -> {
            then.add(weights(model));
            return losses.next();
        }).listen(AveragedWeights.of(model, 0)).fit(SmallRun.ADAM_CARRIED.batches());
        assertArrayEquals(then.get(1), weights(model));
    }

    @Test void anInterruptedRunKeepsItsOwnWeights() {
        LanguageModel model = SmallRun.model();
        List<float[]> last = new ArrayList<>();
        TrainingRun run = SmallRun.ADAM_CARRIED.trainer(model).listen(AveragedWeights.of(model, DECAY))
                .listen(SmallRun.after(3, () -> {
                    last.add(weights(model));
                    Thread.currentThread().interrupt();
                })).fit(SmallRun.ADAM_CARRIED.batches());
        Thread.interrupted();
        assertEquals(Outcome.INTERRUPTED, run.outcome());
        assertArrayEquals(last.get(0), weights(model));
    }

    /** Batch normalization: its running statistics belong to the weights. */
    private static final class Normed extends Module {
        private final BatchNorm2d norm = child("norm", new BatchNorm2d(1));

        Tensor loss(Tensor x) { return norm.apply(x).sub(1).square().mean(); }

        float[] all() {
            return new float[] {norm.gain().get(0), norm.bias().get(0), norm.runningMean().get(0),
                    norm.runningVariance().get(0)};
        }
    }

    /** The mean of what it reads rises with each batch. */
    private static Batches<Tensor> rising() {
        AtomicInteger n = new AtomicInteger();
        return Batches.generated(3, Rng.seed(1), rng -> rng.normal(2, 1, 3, 3).add(10 * n.getAndIncrement()));
    }

    @Test void buffersGoWithTheBestWeights() {
        Normed model = new Normed();
        List<float[]> then = new ArrayList<>();
        Iterator<Double> losses = List.of(2.0, 1.0, 1.5).iterator();
        Trainer.of(model, new Sgd(model.parameters(), .1), model::loss).epochs(3).validate(() -> {
            then.add(model.all());
            return losses.next();
        }).listen(AveragedWeights.of(model, 0)).fit(rising());
        assertArrayEquals(then.get(1), model.all());
    }

    @Test void buffersAreAveragedWithTheWeightsAndPutBack() {
        Normed model = new Normed();
        AveragedWeights average = AveragedWeights.of(model, DECAY);
        List<float[]> steps = new ArrayList<>(), during = new ArrayList<>();
        Trainer.of(model, new Sgd(model.parameters(), .1), model::loss).epochs(3).validate(() -> {
            float[] own = model.all();
            average.during(() -> during.add(model.all()));
            assertArrayEquals(own, model.all());
            return 1;
        }).listen(new TrainingListener() {
            @Override public void stepped(Step step) { steps.add(model.all()); }
        }).listen(average).fit(rising());
        for (int epoch = 0; epoch < 3; epoch++)
            assertArrayEquals(average(steps, 3 * epoch + 3), during.get(epoch), 1e-4f);
        assertArrayEquals(during.get(0), model.all(), "that of the first of equal validations");
    }

    @Test void thatOfAnotherModelIsNamed() {
        LanguageModel model = SmallRun.model(), old = SmallRun.model();
        Trainer<?> trainer = SmallRun.ADAM_CARRIED.trainer(model).listen(AveragedWeights.of(old, 0));
        String said = assertThrows(IllegalStateException.class, () -> fit(trainer)).getMessage();
        assertTrue(said.contains("another one is trained"), said);
    }

    @SuppressWarnings("unchecked") private static void fit(Trainer<?> trainer) {
        ((Trainer<unroll.text.SequenceBatch>) trainer).fit(SmallRun.ADAM_CARRIED.batches());
    }

    @Test void aDecayOfOneWouldNeverMove() {
        String said = assertThrows(IllegalArgumentException.class, () -> AveragedWeights.of(SmallRun.model(), 1))
                .getMessage();
        assertTrue(said.contains("0 <= d < 1 but got 1.0"), said);
    }
}
