package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unroll.text.SequenceBatch;
import unroll.text.LanguageModel;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.nn.Carried;
import unroll.nn.State;
import unroll.train.TrainingRun.Outcome;

class TrainerTest {
    @ParameterizedTest
    @EnumSource void givesTheLossesAndWeightsOfTheVisibleLoop(SmallRun kind) {
        LanguageModel visible = SmallRun.model(), trained = SmallRun.model();
        Optimizer optimizer = kind.optimizer(visible);
        double rate = optimizer.learningRate();
        List<Double> losses = new ArrayList<>();
        State state = visible.start(4);
        for (int epoch = 0; epoch < 3; epoch++)
            for (Iterator<SequenceBatch> batches = kind.batches().epoch(epoch); batches.hasNext();) {
                optimizer.learningRate(rate * kind.schedule().factor(losses.size() + 1, kind.stepsInAll()));
                Carried step = visible.loss(batches.next(), state);
                state = step.state().detach();
                optimizer.zeroGrad();
                step.loss().backward();
                Clip.byGlobalNorm(visible.parameters(), 0.5);
                optimizer.step();
                losses.add((double) step.loss().item());
            }
        TrainingRun run = kind.trainer(trained).fit(kind.batches());
        assertEquals(losses, SmallRun.losses(run));
        assertEquals(Outcome.COMPLETED, run.outcome());
        visible.namedParameters()
                .forEach((name, p) -> assertArrayEquals(p.data(), trained.namedParameters().get(name).data(), name));
    }

    @ParameterizedTest
    @EnumSource void theNumberOfThreadsChangesNoBit(SmallRun kind) {
        List<Double> one = Parallel.withThreads(1, kind::losses), two = Parallel.withThreads(2, kind::losses);
        assertEquals(one, two);
        assertEquals(one, kind.losses());
    }

    @Test void theLossFalls() {
        List<Double> losses = SmallRun.ADAM_CARRIED.losses();
        assertTrue(losses.get(losses.size() - 1) < losses.get(0) - 0.3, losses.toString());
    }

    @Test void tellsListenersWhatHappensInOrder() {
        List<String> heard = new ArrayList<>();
        LanguageModel model = SmallRun.model();
        SmallRun.ADAM_CARRIED.trainer(model).epochs(1).validate(() -> 1.5, 4).listen(new TrainingListener() {
            @Override public void started(String name, int firstStep, int stepsInAll) {
                heard.add("started " + firstStep + " of " + stepsInAll);
            }

            @Override public void stepped(Step step) {
                heard.add("step " + step.number() + " of " + step.stepsInAll() + " in epoch " + step.epoch());
            }

            @Override public void validated(Validation validation) {
                heard.add("validated " + validation.loss() + " at " + validation.step());
            }

            @Override public void finished(TrainingRun run) {
                heard.add("finished " + run.outcome() + " " + run.validations().size());
            }
        }).fit(SmallRun.ADAM_CARRIED.batches());
        List<String> expected = new ArrayList<>(List.of("started 1 of 9"));
        for (int i = 1; i <= 9; i++) {
            expected.add("step " + i + " of 9 in epoch 0");
            if (i % 4 == 0 || i == 9) expected.add("validated 1.5 at " + i);
        }
        expected.add("finished COMPLETED 3");
        assertEquals(expected, heard);
    }

    @Test void reportsTheNormBeforeClippingAndTheRateOfTheSchedule() {
        LanguageModel model = SmallRun.model();
        Optimizer sgd = new Sgd(model.parameters(), 0.5);
        TrainingRun run = Trainer.of(model, sgd, model::start, model::loss).clip(1e-3).schedule(Schedule.linear())
                .fit(SmallRun.ADAM_CARRIED.batches());
        for (Step step : run.steps()) {
            assertTrue(step.gradientNorm() > 0.01, "not the clipped one: " + step);
            assertEquals(0.5 * (1 - (step.number() - 1) / 9.0), step.learningRate(), 1e-12);
        }
        assertEquals(0.5, sgd.learningRate(), "the optimizer's own rate is back");
    }

    @Test void validatesInEvaluationModeAndTrainsInTrainingMode() {
        LanguageModel model = SmallRun.model();
        List<Boolean> training = new ArrayList<>();
        SmallRun.ADAM_CARRIED.trainer(model, (batch, state) -> {
            assertTrue(model.training());
            return model.loss(batch, state);
        }).validate(() -> {
            training.add(model.training());
            assertFalse(model.loss(SmallRun.ADAM_CARRIED.batches().epoch(0).next(), null).loss().requiresGradient(),
                    "nothing is recorded");
            return 1;
        }).fit(SmallRun.ADAM_CARRIED.batches());
        assertEquals(List.of(false, false, false), training);
        assertFalse(model.training(), "a trained model is ready for use");
    }

    /** Even a validation that runs the training loss. */
    @ParameterizedTest
    @EnumSource void validationChangesNoLoss(SmallRun kind) {
        LanguageModel model = SmallRun.model();
        TrainingRun run = kind.trainer(model).validate(() -> {
            double sum = model.evaluate(SmallRun.VOCABULARY.encode("a recurrent network")).natsPerSymbol();
            for (SequenceBatch batch : kind.batches()) sum += model.loss(batch, null).loss().item();
            return sum;
        }, 5).fit(kind.batches());
        assertEquals(kind.losses(), SmallRun.losses(run));
    }

    private static Trainer<SequenceBatch> scripted(LanguageModel model, double... validations) {
        AtomicInteger next = new AtomicInteger();
        return SmallRun.ADAM_CARRIED.trainer(model).validate(() -> validations[next.getAndIncrement()], 2);
    }

    @Test void stopsEarlyWhenPatienceIsOver(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        TrainingRun run = scripted(model, 3, 2, 2.5, 1.9, 1.9, 5).patience(2).checkpoint(folder)
                .fit(SmallRun.ADAM_CARRIED.batches());
        assertEquals(Outcome.STOPPED_EARLY, run.outcome());
        assertEquals(12, run.steps().size());
        assertEquals(1.9, run.bestValidation());
        assertTrue(run.message().contains("step 12") && run.message().contains("1.9"), run.message());
        assertEquals(12, Checkpoint.read(folder, "last").batches());
    }

    @Test void aRunThatStoppedEarlyDoesNotGoOnWhenResumed(@TempDir Path folder) {
        scripted(SmallRun.model(), 3, 2, 2.5, 2).patience(2).checkpoint(folder).fit(SmallRun.ADAM_CARRIED.batches());
        TrainingRun again = scripted(SmallRun.model()).patience(2).checkpoint(folder)
                .resume(SmallRun.ADAM_CARRIED.batches());
        assertEquals(Outcome.STOPPED_EARLY, again.outcome());
        assertEquals(List.of(), again.steps());
    }

    @Test void aValidationThatIsNotANumberIsNoBestOne() {
        TrainingRun run = scripted(SmallRun.model(), Double.NaN, Double.NaN).patience(2)
                .fit(SmallRun.ADAM_CARRIED.batches());
        assertEquals(Outcome.STOPPED_EARLY, run.outcome());
    }

    @Test void keepsTheWeightsOfTheBestValidation(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        List<float[]> after = new ArrayList<>();
        scripted(model, 3, 2, 2.5, 2.4).epochs(1).checkpoint(folder).listen(new TrainingListener() {
            @Override public void validated(Validation validation) {
                after.add(model.output().parameters().get(0).data());
            }
        }).fit(new FirstBatches<>(SmallRun.ADAM_CARRIED.batches(), 8));
        LanguageModel best = SmallRun.model();
        Checkpoint.read(folder, "best").into(best);
        assertArrayEquals(after.get(1), best.output().parameters().get(0).data());
        assertEquals(4, Checkpoint.read(folder, "best").batches());
        assertEquals(2, Checkpoint.read(folder, "best").best());
        assertEquals(8, Checkpoint.read(folder, "last").batches());
    }

    /**
     * Also where a process died after the new run's first {@code last}: the run that resumes it has no best one yet.
     */
    @Test void theBestOfAnEarlierRunGoesWithIt(@TempDir Path folder) throws IOException {
        Trainer<SequenceBatch> plain = SmallRun.ADAM_CARRIED.trainer(SmallRun.model()).epochs(1).checkpoint(folder);
        for (boolean resumed : new boolean[] {false, true}) {
            scripted(SmallRun.model(), 3, 2, 2.5, 2.4, 2).epochs(1).checkpoint(folder)
                    .fit(SmallRun.ADAM_CARRIED.batches());
            assertTrue(Checkpoint.exists(folder, "best"));
            if (resumed) {
                LanguageModel model = SmallRun.model();
                CheckpointTest.at(model, SmallRun.ADAM_CARRIED.optimizer(model), 0, Double.POSITIVE_INFINITY, 0, 0)
                        .write(folder, "last");
                plain.resume(SmallRun.ADAM_CARRIED.batches());
            } else {
                plain.fit(SmallRun.ADAM_CARRIED.batches());
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(),
                        files.map(p -> p.getFileName().toString()).filter(name -> name.startsWith("best")).toList());
            }
            assertEquals(9, Checkpoint.read(folder, "last").batches());
        }
    }

    /** A run that goes on keeps the best one that it has. */
    @Test void aResumedRunKeepsItsBest(@TempDir Path folder) {
        scripted(SmallRun.model(), 3, 2, 2.5, 2.4, 2.2).epochs(1).checkpoint(folder)
                .fit(SmallRun.ADAM_CARRIED.batches());
        scripted(SmallRun.model(), 4, 4, 4, 4, 4).epochs(2).checkpoint(folder).resume(SmallRun.ADAM_CARRIED.batches());
        assertEquals(2, Checkpoint.read(folder, "best").best());
    }

    @Test void settingsThatCannotBeAreNamed() {
        Trainer<SequenceBatch> trainer = SmallRun.ADAM_CARRIED.trainer(SmallRun.model());
        assertMessage("at least one epoch but got 0", () -> trainer.epochs(0));
        assertMessage("a norm above 0 but got -1.0", () -> trainer.clip(-1));
        assertMessage("a norm above 0 but got NaN", () -> trainer.clip(Double.NaN));
        assertMessage("a patience of at least 1 but got 0", () -> trainer.patience(0));
        assertMessage("a number of steps of at least 0 but got -1", () -> trainer.validate(() -> 1, -1));
        assertMessage("a number of steps of at least 0 but got -2", () -> trainer.checkpoint(Path.of("x"), -2));
        assertMessage("call checkpoint(folder)", () -> trainer.resume(SmallRun.ADAM_CARRIED.batches()));
        assertMessage("a schedule but got null", () -> trainer.schedule(null));
        assertMessage("a listener but got null", () -> trainer.listen(null));
        assertMessage("a validation but got null", () -> trainer.validate(null));
        assertMessage("a folder but got null", () -> trainer.checkpoint(null));
        assertMessage("a loss but got null", () -> SmallRun.ADAM_CARRIED.trainer(SmallRun.model(), null));
        assertMessage("a state to start from but got null",
                () -> Trainer.<SequenceBatch>of(SmallRun.model(), SmallRun.ADAM_CARRIED.optimizer(SmallRun.model()),
                        null,
                        SmallRun.model()::loss));
        assertMessage("call validate(", () -> trainer.patience(2).fit(SmallRun.ADAM_CARRIED.batches()));
    }

    private static void assertMessage(String part, Runnable settings) {
        String message = assertThrows(IllegalArgumentException.class, settings::run).getMessage();
        assertTrue(message.startsWith("Trainer: expected") && message.contains(part), message);
    }

    @Test void aTrainerIsUnchangedByItsSettings() {
        Trainer<SequenceBatch> trainer = SmallRun.ADAM_CARRIED.trainer(SmallRun.model());
        String before = trainer.toString();
        trainer.epochs(9).clip(3).patience(2).checkpoint(Path.of("x"));
        assertEquals(before, trainer.toString());
    }

    @Test void anOptimizerOfAnotherModelIsRefused() {
        LanguageModel model = SmallRun.model(), old = SmallRun.model();
        String message = assertThrows(IllegalArgumentException.class,
                () -> Trainer.of(model, new Adam(old.parameters(), .01), model::start, model::loss))
                .getMessage();
        assertTrue(message.contains("none of the") && message.contains("Make both in one cell"), message);
        assertThrows(IllegalStateException.class,
                () -> Trainer.of(model, new Adam(model.parameters(), .01), old::start, old::loss)
                        .fit(SmallRun.ADAM_CARRIED.batches()),
                "nor a loss of another one");
    }

    @Test void whatTheOptimizerDoesNotHoldIsSaid(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        TrainingRun run = Trainer.of(model, new Adam(model.output().parameters(), .01), model::start, model::loss)
                .fit(SmallRun.ADAM_CARRIED.batches());
        assertTrue(run.message().contains(
                "7 of the 9 parameters were not in the optimizer and stayed as they were: embedding.w, recurrent."),
                run.message());
        assertEquals("all 27 steps done",
                SmallRun.ADAM_CARRIED.trainer(SmallRun.model()).fit(SmallRun.ADAM_CARRIED.batches()).message());
        List<Parameter> more = new ArrayList<>(model.parameters());
        more.add(new Parameter("temperature", unroll.tensor.Tensor.ones(1)));
        Trainer<SequenceBatch> kept = Trainer.of(model, new Adam(more, .01), model::start, model::loss)
                .checkpoint(folder);
        assertMessage2("temperature is one), so that its checkpoints would not hold them",
                () -> kept.fit(SmallRun.ADAM_CARRIED.batches()));
    }

    private static void assertMessage2(String part, Runnable run) {
        String message = assertThrows(IllegalArgumentException.class, run::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void parametersThatTheOptimizerDoesNotHaveStay() {
        LanguageModel model = SmallRun.model();
        float[] frozen = model.embedding().parameters().get(0).data();
        List<Parameter> others = model.parameters().stream().filter(p -> !model.embedding().parameters().contains(p))
                .toList();
        Trainer.of(model, new Adam(others, 0.01), model::start, model::loss).fit(SmallRun.ADAM_CARRIED.batches());
        assertArrayEquals(frozen, model.embedding().parameters().get(0).data());
    }
}
