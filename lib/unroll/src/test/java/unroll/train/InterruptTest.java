package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.CheckpointException;
import unroll.tensor.LoopInterruptedException;
import unroll.text.SequenceBatch;
import unroll.text.LanguageModel;
import unroll.train.TrainingRun.Outcome;

/**
 * What the stop button of a notebook does, which sets the flag of the thread and nothing else; and what the next cell
 * may do meanwhile.
 */
@Tag("slow")
class InterruptTest {
    private static final SmallRun KIND = SmallRun.ADAM_CARRIED;

    @AfterEach void forgetTheFlag() { Thread.interrupted(); }

    private static TrainingListener interruptAfter(int step) {
        return SmallRun.after(step, Thread.currentThread()::interrupt);
    }

    @Test void endsAfterTheBatchAndKeepsTheFlag() {
        AtomicReference<TrainingRun> heard = new AtomicReference<>();
        TrainingRun run = KIND.trainer(SmallRun.model()).listen(interruptAfter(6)).listen(new TrainingListener() {
            @Override public void finished(TrainingRun run) { heard.set(run); }
        }).fit(KIND.batches());
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(6, run.steps().size());
        assertEquals(Outcome.INTERRUPTED, run.outcome());
        assertTrue(run.message().startsWith("interrupted after step 6 of 27"), run.message());
        assertEquals(run, heard.get());
    }

    @Test void writesTheCheckpointThatIsDueAlthoughTheFlagIsSet(@TempDir Path folder) {
        KIND.trainer(SmallRun.model()).checkpoint(folder, 1).listen(interruptAfter(6)).fit(KIND.batches());
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(6, Checkpoint.read(folder, "last").batches());
    }

    @Test void aThreadThatIsInterruptedAlreadyTakesNoStepButResumesAndKeeps(@TempDir Path folder) {
        KIND.trainer(SmallRun.model()).checkpoint(folder).listen(interruptAfter(6)).fit(KIND.batches());
        TrainingRun run = KIND.resumed(folder);
        assertEquals(List.of(), run.steps());
        assertEquals(Outcome.INTERRUPTED, run.outcome());
        assertEquals(6, Checkpoint.read(folder, "last").batches());
        Thread.interrupted();
        assertEquals(21, KIND.resumed(folder).steps().size());
    }

    @Test void theFlagStaysSetWhenTheCheckpointCannotBeWritten(@TempDir Path parent) {
        Path folder = parent.resolve("run");
        Trainer<SequenceBatch> trainer = KIND.trainer(SmallRun.model()).checkpoint(folder)
                .listen(SmallRun.after(3, () -> {
                    try {
                        try (var files = Files.list(folder)) {
                            for (Path p : files.toList()) Files.delete(p);
                        }
                        Files.delete(folder);
                        Files.createFile(folder);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    Thread.currentThread().interrupt();
                }));
        assertThrows(CheckpointException.class, () -> trainer.fit(KIND.batches()));
        assertTrue(Thread.currentThread().isInterrupted());
    }

    @Test void theSecondOfTwoLoopsInOneModelWaitsForTheFirst() throws InterruptedException {
        LanguageModel model = SmallRun.model();
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<TrainingRun> secondRun = new AtomicReference<>();
        CountDownLatch firstIsTraining = new CountDownLatch(1);
        Thread second = new Thread(() -> {
            try {
                firstIsTraining.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            secondRun.set(KIND.trainer(model).listen(noting("second", events)).fit(KIND.batches()));
        }, "second cell");
        second.start();
        KIND.trainer(model).listen(noting("first", events)).listen(SmallRun.after(3, () -> {
            firstIsTraining.countDown();
            while (second.isAlive() && !model.lock().hasQueuedThread(second)) Thread.yield();
            Thread.currentThread().interrupt();
        })).fit(KIND.batches());
        Thread.interrupted();
        second.join();
        assertNotNull(secondRun.get());
        assertEquals(Outcome.COMPLETED, secondRun.get().outcome());
        assertEquals(List.of("first started", "first finished", "second started", "second finished"), events);
    }

    /**
     * Another cell asks the model while it is trained: it waits for a loop that ends, and is told of one that does not.
     */
    @Test void anEvaluationWaitsForALoopThatEnds() throws InterruptedException {
        LanguageModel model = SmallRun.model(), alone = SmallRun.model();
        int[] ids = SmallRun.VOCABULARY.encode(SmallRun.TEXT);
        AtomicReference<Object> answer = new AtomicReference<>();
        Thread second = new Thread(() -> answer.set(model.evaluate(ids).natsPerSymbol()), "second cell");
        second.setUncaughtExceptionHandler((thread, e) -> answer.set(e));
        KIND.trainer(model).listen(SmallRun.after(3, () -> {
            second.start();
            while (second.isAlive() && !model.lock().hasQueuedThread(second)) Thread.yield();
        })).fit(KIND.batches());
        second.join();
        KIND.trainer(alone).fit(KIND.batches());
        assertEquals(alone.evaluate(ids).natsPerSymbol(), answer.get());
    }

    @Test void anEvaluationIsRefusedWhileALoopGoesOn() {
        LanguageModel model = SmallRun.model();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread second = new Thread(() -> model.generate("a", 3, 1, 0, unroll.tensor.Rng.seed(1)), "second cell");
        second.setUncaughtExceptionHandler((thread, e) -> end.set(e));
        TrainingRun run = KIND.trainer(model).listen(SmallRun.after(3, () -> {
            second.start();
            try {
                second.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })).fit(KIND.batches());
        assertTrue(
                end.get() instanceof IllegalStateException
                        && end.get().getMessage().contains("is being trained in another thread"),
                "" + end.get());
        assertEquals(KIND.losses(), SmallRun.losses(run), "the loop was not disturbed");
    }

    @Test void aLoopWaitsForEvaluations() throws InterruptedException {
        LanguageModel model = SmallRun.model();
        CountDownLatch evaluating = new CountDownLatch(1), go = new CountDownLatch(1);
        AtomicReference<TrainingRun> run = new AtomicReference<>();
        Thread first = new Thread(() -> model.quietly(() -> {
            evaluating.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertFalse(model.training());
            return null;
        }));
        first.start();
        evaluating.await();
        Thread second = new Thread(() -> run.set(KIND.trainer(model).fit(KIND.batches())));
        second.start();
        while (second.getState() != Thread.State.WAITING) Thread.yield();
        go.countDown();
        first.join();
        second.join();
        assertEquals(KIND.losses(), SmallRun.losses(run.get()));
        assertThrows(IllegalStateException.class, () -> model.quietly(() -> KIND.trainer(model).fit(KIND.batches())),
                "nor within its own");
    }

    @Test void aLoopThatWaitsCanBeInterrupted() {
        LanguageModel model = SmallRun.model();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread second = new Thread(() -> KIND.trainer(model).fit(KIND.batches()), "second cell");
        second.setUncaughtExceptionHandler((thread, e) -> end.set(e));
        TrainingRun first = KIND.trainer(model).listen(SmallRun.after(3, () -> {
            second.start();
            while (second.isAlive() && !model.lock().hasQueuedThread(second)) Thread.yield();
            second.interrupt();
            try {
                second.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })).fit(KIND.batches());
        assertInstanceOf(LoopInterruptedException.class, end.get());
        assertEquals(KIND.losses(), SmallRun.losses(first), "the first one was not disturbed");
    }

    private static TrainingListener noting(String who, List<String> events) {
        return new TrainingListener() {
            @Override public void started(String model, int firstStep, int stepsInAll) { events.add(who + " started"); }

            @Override public void finished(TrainingRun run) { events.add(who + " finished"); }
        };
    }

    @Test void aLoopWithinALoopOfTheSameModelIsRefused() {
        LanguageModel model = SmallRun.model();
        Trainer<SequenceBatch> outer = KIND.trainer(model)
                .listen(SmallRun.after(2, () -> KIND.trainer(model).fit(KIND.batches())));
        assertTrue(assertThrows(IllegalStateException.class, () -> outer.fit(KIND.batches())).getMessage()
                .contains("being trained already"));
        assertEquals(27, KIND.trainer(model).fit(KIND.batches()).steps().size(), "the lock is free again");
    }
}
