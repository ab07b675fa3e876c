package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unroll.tensor.CheckpointException;
import unroll.text.SequenceBatch;
import unroll.text.LanguageModel;
import unroll.nn.Module;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.train.TrainingRun.Outcome;

/** A run that was stopped, however that happened, goes on bit for bit as if it had not been. */
class ResumeTest {
    /** What a real death leaves: no step of the model, the optimizer or the loop is done after it. */
    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static TrainingRun interruptedAfter(SmallRun kind, int step, Path folder) {
        TrainingRun run = kind.trainer(SmallRun.model()).checkpoint(folder)
                .listen(SmallRun.after(step, Thread.currentThread()::interrupt))
                .fit(kind.batches());
        assertTrue(Thread.interrupted(), "the flag is still set");
        return run;
    }

    @ParameterizedTest
    @EnumSource void afterAnInterruptAtAnyStep(SmallRun kind, @TempDir Path folders) {
        List<Double> expected = kind.losses();
        for (int step = 1; step < kind.stepsInAll(); step++) {
            Path folder = folders.resolve("run" + step);
            TrainingRun first = interruptedAfter(kind, step, folder);
            assertEquals(Outcome.INTERRUPTED, first.outcome());
            List<Double> all = SmallRun.losses(first);
            assertEquals(step, all.size());
            all.addAll(SmallRun.losses(kind.resumed(folder)));
            assertEquals(expected, all, "interrupted after step " + step);
        }
    }

    /** The generators of dropout and the carried state have gone on by then, but no step was taken. */
    @ParameterizedTest
    @EnumSource void afterAnInterruptWithinABatch(SmallRun kind, @TempDir Path folder) {
        AtomicInteger batches = new AtomicInteger();
        LanguageModel model = SmallRun.model();
        TrainingRun first = kind.trainer(model, (batch, state) -> {
            if (batches.incrementAndGet() == 5) Thread.currentThread().interrupt();
            return model.loss(batch, state);
        }).checkpoint(folder).fit(kind.batches());
        assertTrue(Thread.interrupted());
        List<Double> all = SmallRun.losses(first);
        assertEquals(4, all.size(), "the fifth step was not taken");
        assertEquals(4, Checkpoint.read(folder, "last").batches());
        all.addAll(SmallRun.losses(kind.resumed(folder)));
        assertEquals(kind.losses(), all);
    }

    @ParameterizedTest
    @EnumSource void afterADeath(SmallRun kind, @TempDir Path folders) {
        List<Double> expected = kind.losses();
        for (int step : new int[] {1, 3, 4, 5, kind.batches().perEpoch(), kind.stepsInAll()}) {
            Path folder = folders.resolve("run" + step);
            Trainer<SequenceBatch> dying = kind.trainer(SmallRun.model()).checkpoint(folder, 4)
                    .listen(SmallRun.after(step, () -> {
                        throw new Death();
                    }));
            assertThrows(Death.class, () -> dying.fit(kind.batches()));
            List<Double> resumed = SmallRun.losses(kind.resumed(folder));
            assertEquals(expected.subList((step - 1) / 4 * 4, expected.size()), resumed, "died in step " + step);
        }
    }

    @ParameterizedTest
    @EnumSource void againAndAgain(SmallRun kind, @TempDir Path folder) {
        List<Double> all = SmallRun.losses(interruptedAfter(kind, 2, folder));
        LanguageModel last = null;
        for (int step = 5; step <= kind.stepsInAll() + 3; step += 3) {
            last = SmallRun.model();
            all.addAll(SmallRun.losses(kind.trainer(last).checkpoint(folder)
                    .listen(SmallRun.after(step, Thread.currentThread()::interrupt))
                    .resume(kind.batches())));
            Thread.interrupted();
        }
        assertEquals(kind.losses(), all);
        LanguageModel uninterrupted = SmallRun.model();
        kind.trainer(uninterrupted).fit(kind.batches());
        assertArrayEquals(weights(uninterrupted), weights(last));
    }

    private static float[] weights(Module model) {
        List<Float> all = new ArrayList<>();
        model.parameters().forEach(p -> {
            for (float v : p.data()) all.add(v);
        });
        float[] weights = new float[all.size()];
        for (int i = 0; i < weights.length; i++) weights[i] = all.get(i);
        return weights;
    }

    /** The validation that was due after the step is made up for, so early stopping decides as it would have. */
    @Test void validationsAreThoseOfTheUninterruptedRun(@TempDir Path folder) {
        SmallRun kind = SmallRun.ADAM_CARRIED;
        List<Validation> expected = validated(SmallRun.model(), kind, folder, 0, false).validations();
        List<Validation> all = new ArrayList<>(validated(SmallRun.model(), kind, folder, 10, false).validations());
        assertTrue(Thread.interrupted());
        assertEquals(1, all.size(), "the interrupt came before the second validation");
        all.addAll(validated(SmallRun.model(), kind, folder, 0, true).validations());
        assertEquals(expected, all);
    }

    private static TrainingRun validated(LanguageModel model, SmallRun kind, Path folder, int interruptAfter,
            boolean resume) {
        Trainer<SequenceBatch> trainer = kind.trainer(model)
                .validate(() -> model.evaluate(SmallRun.VOCABULARY.encode("as long as it is wanted")).natsPerSymbol(),
                        5)
                .checkpoint(folder)
                .listen(SmallRun.after(interruptAfter, Thread.currentThread()::interrupt));
        return resume ? trainer.resume(kind.batches()) : trainer.fit(kind.batches());
    }

    @Test void startsAtTheBeginningWhereThereIsNoCheckpoint(@TempDir Path folder) {
        assertEquals(SmallRun.ADAM_CARRIED.losses(),
                SmallRun.losses(SmallRun.ADAM_CARRIED.resumed(folder.resolve("new"))));
    }

    @Test void aFinishedRunHasNothingLeftToDo(@TempDir Path folder) {
        SmallRun.ADAM_CARRIED.resumed(folder);
        TrainingRun again = SmallRun.ADAM_CARRIED.resumed(folder);
        assertEquals(List.of(), again.steps());
        assertEquals(Outcome.COMPLETED, again.outcome());
    }

    @Test void listenersHearWhichStepIsNext(@TempDir Path folder) {
        interruptedAfter(SmallRun.ADAM_CARRIED, 3, folder);
        AtomicInteger first = new AtomicInteger();
        SmallRun.ADAM_CARRIED.trainer(SmallRun.model()).checkpoint(folder).listen(new TrainingListener() {
            @Override public void started(String model, int firstStep, int stepsInAll) { first.set(firstStep); }
        }).resume(SmallRun.ADAM_CARRIED.batches());
        assertEquals(4, first.get());
    }

    @Test void fewerEpochsThanTheCheckpointHasAreNamed(@TempDir Path folder) {
        SmallRun kind = SmallRun.ADAM_CARRIED;
        kind.resumed(folder);
        assertMessage("batch 27 but this run has only 9",
                () -> kind.trainer(SmallRun.model()).epochs(1).checkpoint(folder).resume(kind.batches()));
    }

    @Test void anotherOptimizerIsRefused(@TempDir Path folder) {
        SmallRun kind = SmallRun.ADAM_CARRIED;
        interruptedAfter(kind, 3, folder);
        LanguageModel model = SmallRun.model();
        float[] before = weights(model);
        assertMessage("Adam(", () -> Trainer.of(model, new RmsProp(model.parameters(), 1), model::start, model::loss)
                .checkpoint(folder).resume(kind.batches()));
        assertArrayEquals(before, weights(model));
    }

    @Test void aModelFromAnotherSeedIsRefused(@TempDir Path folder) {
        SmallRun kind = SmallRun.ADAM_CARRIED;
        interruptedAfter(kind, 3, folder);
        LanguageModel other = new LanguageModel(SmallRun.VOCABULARY, Lstm.of(6, 10).layers(2).dropout(0.3),
                Rng.seed(8));
        assertMessage("another seed", () -> kind.trainer(other).checkpoint(folder).resume(kind.batches()));
        assertMessage("weights alone", () -> {
            Checkpoint.of(SmallRun.model()).write(folder, "last");
            kind.resumed(folder);
        });
    }

    private static void assertMessage(String part, Executable resume) {
        String message = assertThrows(CheckpointException.class, resume).getMessage();
        assertTrue(message.startsWith("Checkpoint") && message.contains(part), message);
    }
}
