package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import unroll.train.Step;
import unroll.train.TrainingRun;
import unroll.train.TrainingRun.Outcome;
import unroll.train.Validation;

class ProgressTest {
    private final FakeLive live = new FakeLive(0);
    private final Progress progress = new Progress(() -> live, live.nanos::get);

    private static Step step(int number) { return new Step(number, 400, (number - 1) / 100, 2, 1, 1e-3); }

    private void train(int from, int to, double secondsPerStep) {
        progress.started("Model", from, 400);
        for (int i = from; i <= to; i++) {
            live.pass(secondsPerStep);
            progress.stepped(step(i));
        }
    }

    @Test void itIsDrawnAtMostFiveTimesASecond() {
        train(1, 400, 0.01);                                               // four seconds
        assertTrue(live.shown.size() <= 20, () -> live.shown.size() + " pictures in four seconds");
        assertTrue(live.shown.size() >= 15, () -> live.shown.size() + " pictures in four seconds");
    }

    @Test void itSaysHowFarHowFastAndHowLong() {
        train(1, 200, 0.5);
        assertEquals("epoch 2 ▕██████████░░░░░░░░░░▏ 50 %, 200 of 400 steps, 2 steps/s, 1:40 min left, loss 2",
                live.shown.get(live.shown.size() - 1));
    }

    @Test void aResumedRunIsTimedFromItsFirstStep() {
        train(301, 320, 0.5);
        assertTrue(live.shown.get(live.shown.size() - 1).toString().contains("2 steps/s, 40 s left"));
    }

    @ParameterizedTest
    @CsvSource({"COMPLETED, completed", "STOPPED_EARLY, stopped early",
            "DIVERGED, diverged"}) void theLastLineSaysHowItEnded(Outcome outcome,
                    String words) {
        train(1, 2, 0.5);
        progress.finished(
                new TrainingRun("Model", outcome, "", List.of(step(1), step(2)), List.of(new Validation(2, 2.25))));
        assertEquals("2 steps, loss 2, best validation 2.25, " + words + " after 1 s",
                live.shown.get(live.shown.size() - 1));
        assertEquals(1, live.finished);
    }

    @Test void theLastLineSaysWhereItWasInterrupted() {
        train(1, 50, 0.5);
        progress.finished(new TrainingRun("Model", Outcome.INTERRUPTED, "", List.of(step(49), step(50)),
                List.of(new Validation(2, 2.25))));
        assertEquals("interrupted at 12 %, 50 of 400 steps, loss 2, best validation 2.25 after 25 s",
                live.shown.get(live.shown.size() - 1));
    }

    @Test void aRunThatIsInterruptedAtOnceSaysSo() {
        train(1, 2, 0.5);
        progress.started("Model", 1, 400);
        progress.finished(new TrainingRun("Model", Outcome.INTERRUPTED, "", List.of(), List.of()));
        assertEquals("interrupted before the first step after 0 s", live.shown.get(live.shown.size() - 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"7|7 s", "65|1:05 min", "7210|2:00:10 h"}) void durationsAreReadable(
            long seconds, String text) {
        assertEquals(text, Progress.duration(seconds * 1_000_000_000));
    }
}
