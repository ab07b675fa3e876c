package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import unroll.data.AddingProblem;
import unroll.text.Batches;
import unroll.text.VectorBatch;
import unroll.model.SequenceRegressor;
import unroll.recurrent.Gru;
import unroll.recurrent.Rnn;
import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;
import unroll.train.ComparisonResult.Trial;
import unroll.train.TrainingRun.Outcome;

class ComparisonTest {
    private static final AddingProblem TASK = new AddingProblem(4);
    private static final VectorBatch HELD = TASK.batch(50, Rng.seed(99));
    private static final LongFunction<Batches<VectorBatch>> DATA = seed -> TASK.batches(8, 6, Rng.seed(seed));

    private static Trainer<VectorBatch> trainer(SequenceLayer.Spec layer, double rate, long seed) {
        SequenceRegressor model = new SequenceRegressor(layer, 1, Rng.seed(seed));
        return Trainer.of(model, new Adam(model.parameters(), rate), model::loss).validate(() -> model.evaluate(HELD),
                3);
    }

    private static Comparison<VectorBatch> comparison(long... seeds) { return Comparison.of("Adding", "MSE", seeds); }

    private static LongFunction<Trainer<VectorBatch>> gru() { return seed -> trainer(Gru.of(2, 4), 0.01, seed); }

    /** The second step fails: its weights are no numbers. */
    private static LongFunction<Trainer<VectorBatch>> exploding() {
        return seed -> {
            SequenceRegressor model = new SequenceRegressor(Rnn.of(2, 3), 1, Rng.seed(seed));
            int[] steps = {0};
            return Trainer
                    .of(model, new Adam(model.parameters(), 0.01),
                            (VectorBatch b) -> model.loss(b).mul(++steps[0] == 5 ? Double.NaN : 1))
                    .validate(() -> model.evaluate(HELD), 3);
        };
    }

    @AfterEach void noFlagStaysBehind() { Thread.interrupted(); }

    @Test void eachSettingIsTrainedWithEachSeedAsIfAlone() {
        ComparisonResult result = comparison(1, 2).add("GRU", gru())
                .add("RNN", seed -> trainer(Rnn.of(2, 4), 0.01, seed)).run(DATA);
        assertEquals(List.of("GRU", "RNN", "GRU", "RNN"), result.trials().stream().map(Trial::name).toList());
        assertEquals(List.of(1L, 2L), result.trials("GRU").stream().map(Trial::seed).toList());
        TrainingRun alone = gru().apply(2).fit(DATA.apply(2));
        Trial trial = result.trials("GRU").get(1);
        assertEquals(alone.validations(), trial.validations());
        assertEquals(Optional.of(Outcome.COMPLETED), trial.outcome());
        assertEquals(6, trial.steps());
        assertEquals(new SequenceRegressor(Gru.of(2, 4), 1, Rng.seed(1)).parameterCount(), trial.parameters());
        assertEquals(alone.validations().get(1).loss(), trial.last());
    }

    @Test void aTrainingThatDivergesIsAResult() {
        ComparisonResult result = comparison(1, 2).add("explodes", exploding()).add("GRU", gru()).run(DATA);
        assertEquals(2, result.diverged("explodes"));
        assertEquals(Double.POSITIVE_INFINITY, result.last("explodes").median());
        assertEquals(0, result.diverged("GRU"));
        assertTrue(Double.isFinite(result.last("GRU").high()));
        assertTrue(result.trials("explodes").get(0).message().contains("step 5"),
                result.trials("explodes").get(0).message());
        assertEquals(1, result.trials("explodes").get(0).validations().size());
        assertTrue(result.toString().contains("2 diverged"), result.toString());
    }

    @Test void mediansAndRangesOverTheSeedsAtEachStep() {
        ComparisonResult result = comparison(1, 2, 3).add("GRU", gru()).run(DATA);
        double[] first = result.trials().stream().mapToDouble(t -> t.validations().get(0).loss()).sorted().toArray();
        assertEquals(List.of(3, 6), result.curve("GRU").stream().map(ComparisonResult.Point::step).toList());
        assertEquals(new Spread(first[1], first[0], first[2], 3), result.curve("GRU").get(0).spread());
    }

    @Test void aListenerHearsEachValidationAndEachEnd() {
        List<String> heard = new ArrayList<>();
        comparison(1).add("GRU", gru()).listen(new Comparison.Listener() {
            @Override public void changed(ComparisonResult soFar) {
                Trial trial = soFar.trials().get(0);
                heard.add(trial.steps() + " " + trial.validations().size() + " "
                        + trial.outcome().map(Outcome::name).orElse("runs"));
            }

            @Override public void finished(ComparisonResult result) { heard.add("finished"); }
        }).run(DATA);
        assertEquals(List.of("3 1 runs", "6 2 runs", "6 2 COMPLETED", "finished"), heard);
    }

    @Test void anInterruptEndsItAndKeepsWhatWasMeasured() {
        List<ComparisonResult> last = new ArrayList<>();
        ComparisonResult result = comparison(1, 2).add("GRU", gru()).add("RNN", gru())
                .listen(new Comparison.Listener() {
                    @Override public void changed(ComparisonResult soFar) {
                        if (soFar.trials().size() == 2) Thread.currentThread().interrupt();
                    }

                    @Override public void finished(ComparisonResult r) { last.add(r); }
                }).run(DATA);
        assertEquals(List.of(Optional.of(Outcome.COMPLETED), Optional.of(Outcome.INTERRUPTED)),
                result.trials().stream().map(Trial::outcome).toList());
        assertEquals(List.of(result), last);
        assertTrue(Thread.currentThread().isInterrupted());
    }

    @Test void whatMakesNoSenseIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> comparison());
        assertThrows(IllegalArgumentException.class, () -> comparison(1, 1));
        assertThrows(IllegalArgumentException.class, () -> Comparison.of(" ", "MSE", 1));
        assertThrows(IllegalStateException.class, () -> comparison(1).run(DATA));
        assertThrows(IllegalArgumentException.class, () -> comparison(1).add("a", gru()).add("a", gru()));
        SequenceRegressor model = new SequenceRegressor(Gru.of(2, 3), 1, Rng.seed(1));
        Comparison<VectorBatch> blind = comparison(1).add("blind",
                s -> Trainer.of(model, new Adam(model.parameters(), 0.1), model::loss));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> blind.run(DATA)).getMessage()
                .contains("the trainer of blind"));
        ComparisonResult result = comparison(1).add("GRU", gru()).run(DATA);
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> result.last("LSTM")).getMessage().contains("[GRU]"));
    }

    @Test void spreadsLeaveOutWhatWasNotMeasuredAndKeepWhatDiverged() {
        assertEquals(new Spread(2.5, 1, 4, 4), Spread.of(4, 1, Double.NaN, 3, 2));
        double infinite = Double.POSITIVE_INFINITY;
        assertEquals(new Spread(3, 1, infinite, 3), Spread.of(infinite, 3, 1));
        assertEquals(new Spread(infinite, infinite, infinite, 2), Spread.of(infinite, infinite));
        assertEquals(0, Spread.of(Double.NaN).count());
        assertFalse(Spread.of().median() == 0);
    }
}
