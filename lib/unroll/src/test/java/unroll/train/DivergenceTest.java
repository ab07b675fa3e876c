package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.data.SequenceBatch;
import unroll.model.LanguageModel;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.train.TrainingRun.Outcome;

class DivergenceTest {
    private static final SmallRun KIND = SmallRun.ADAM_CARRIED;

    /** Its fifth loss is spoilt. */
    private static Trainer<SequenceBatch> spoilt(LanguageModel model, UnaryOperator<Tensor> how) {
        AtomicInteger batches = new AtomicInteger();
        return KIND.trainer(model, batch -> batches.incrementAndGet() == 5 ? how.apply(model.loss(batch)) : model.loss(batch));
    }

    /** The same value, but what goes back is not a number. */
    private static Tensor withSpoiltGradient(Tensor loss) {
        return Tape.record("spoilt", loss.data().clone(), loss.shape(), g -> loss.take(new float[] {Float.NaN}), loss);
    }

    private static void stopsBeforeTheFifthStep(UnaryOperator<Tensor> how, Path folder, String loss) {
        LanguageModel model = SmallRun.model();
        List<float[]> weights = new ArrayList<>();
        AtomicInteger finished = new AtomicInteger();
        Trainer<SequenceBatch> trainer = spoilt(model, how).checkpoint(folder, 2).listen(new TrainingListener() {
            @Override public void stepped(Step step) { weights.add(model.output().parameters().get(0).data()); }

            @Override public void finished(TrainingRun run) { finished.incrementAndGet(); }
        });
        DivergedRunException e = assertThrows(DivergedRunException.class, () -> trainer.fit(KIND.batches()));
        assertTrue(e.getMessage().startsWith("step 5 was not taken: loss " + loss), e.getMessage());
        assertEquals(Outcome.DIVERGED, e.run().outcome());
        assertEquals(5, e.run().steps().size());
        assertEquals(1, finished.get());
        assertArrayEquals(weights.get(3), model.output().parameters().get(0).data(), "the weights of step 4");
        List<Double> resumed = SmallRun.losses(KIND.resumed(folder));
        assertEquals(KIND.losses().subList(4, 27), resumed, "the last checkpoint, of step 4, is whole");
    }

    @Test void aLossThatIsNotANumber(@TempDir Path folder) { stopsBeforeTheFifthStep(l -> l.mul(Double.NaN), folder, "NaN"); }

    @Test void anInfiniteLoss(@TempDir Path folder) { stopsBeforeTheFifthStep(l -> l.mul(Double.POSITIVE_INFINITY), folder, "Infinity"); }

    @Test void aFiniteLossWhoseGradientIsNotANumber(@TempDir Path folder) {
        stopsBeforeTheFifthStep(DivergenceTest::withSpoiltGradient, folder, "3.");
    }

    /** So that the run can be tried again at a lower rate in the same cell. */
    @Test void theModelIsThatOfTheStepBefore() {
        LanguageModel model = SmallRun.model(), sound = SmallRun.model();
        assertThrows(DivergedRunException.class, () -> spoilt(model, l -> l.mul(Double.NaN)).fit(KIND.batches()));
        KIND.trainer(sound).listen(SmallRun.after(4, Thread.currentThread()::interrupt)).fit(KIND.batches());
        assertTrue(Thread.interrupted());
        assertEquals(sound.memory().keySet(), model.memory().keySet());
        sound.memory().forEach((name, t) -> assertArrayEquals(t.data(), model.memory().get(name).data(), name));
        sound.namedParameters().forEach((name, p) -> assertArrayEquals(p.data(), model.namedParameters().get(name).data(), name));
        sound.namedGenerators().forEach((name, rng) -> assertEquals(rng.state(), model.namedGenerators().get(name).state(), name));
    }

    /** A step can spoil the weights although loss and gradient are finite; then the checkpoint before it is the last good one. */
    @Test void weightsThatAreNotFiniteAreNotWritten(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        Trainer<SequenceBatch> leaping = Trainer.of(model, new Sgd(model.parameters(), 1e300), model::loss).checkpoint(folder, 1);
        DivergedRunException e = assertThrows(DivergedRunException.class, () -> leaping.fit(KIND.batches()));
        assertTrue(e.getMessage().startsWith("after step 1 the weights embedding."), e.getMessage());
        assertEquals(0, Checkpoint.read(folder, "last").batches());
        LanguageModel again = SmallRun.model();
        Checkpoint.read(folder, "last").into(again);
        assertTrue(again.parameters().stream().allMatch(Tensor::isFinite));
    }

    @Test void norAreTheyWhenTheRunIsInterrupted(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        Trainer<SequenceBatch> leaping = Trainer.of(model, new Sgd(model.parameters(), 1e300), model::loss).checkpoint(folder)
                .listen(SmallRun.after(1, Thread.currentThread()::interrupt));
        assertThrows(DivergedRunException.class, () -> leaping.fit(KIND.batches()));
        assertTrue(Thread.interrupted(), "the flag is still set");
        assertEquals(0, Checkpoint.read(folder, "last").batches());
    }
}
