package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import unroll.train.ComparisonResult;
import unroll.train.TrainingRun.Outcome;
import unroll.train.ComparisonResult.Trial;
import unroll.train.Validation;

class ComparisonViewTest {
    private static Trial trial(String name, long seed, Outcome outcome, double... losses) {
        List<Validation> validations = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) validations.add(new Validation(10 * (i + 1), losses[i]));
        return new Trial(name, seed, 700, Optional.ofNullable(outcome), "", 10 * losses.length, validations);
    }

    static ComparisonResult result(Trial... trials) {
        return new ComparisonResult("Adding problem", "MSE", List.of("LSTM", "RNN"), 3, List.of(trials));
    }

    static ComparisonResult three() {
        return result(trial("LSTM", 1, Outcome.COMPLETED, 0.2, 0.1), trial("LSTM", 2, Outcome.COMPLETED, 0.2, 0.3),
                trial("LSTM", 3, Outcome.COMPLETED, 0.1, 0.2), trial("RNN", 1, Outcome.DIVERGED, 0.3),
                trial("RNN", 2, null, 0.2));
    }

    @Test void theTableHasMediansRangesAndWhatDiverged() {
        ResultTable table = ComparisonView.table(three());
        assertEquals(0.2, table.value(0, "MSE, median"));
        assertEquals(0.1, table.value(0, "lowest"));
        assertEquals(0.3, table.value(0, "highest"));
        assertEquals("3", table.value(0, "trainings"));
        assertEquals("1 of 3, 1 diverged", table.value(1, "trainings"));
        assertEquals(Double.POSITIVE_INFINITY, table.value(1, "highest"));
        assertEquals(700L, table.value(1, "parameters"));
    }

    @Test void whatHasNotBegunShowsAsDashes() {
        ResultTable table = ComparisonView.table(result(trial("LSTM", 1, null)));
        assertEquals(null, table.value(0, "MSE, median"));
        assertEquals(null, table.value(1, "parameters"));
        assertEquals("0 of 3", table.value(1, "trainings"));
    }

    @Test void theChartHasMediansSingleTrainingsAndWhereOneDiverged() {
        XyChart chart = ComparisonView.chart(three());
        assertEquals(0.2, chart.series("LSTM").last());
        assertEquals(9, chart.series("LSTM, single").size());
        assertEquals(0.3, chart.series("RNN, diverged after this").last());
        assertEquals(1360, chart.image().getWidth());
    }

    @Test void aSingleTrainingIsItsOwnMedian() {
        assertEquals(List.of("LSTM", "RNN"), ComparisonView.chart(result(trial("LSTM", 1, null, 3, 2))).series()
                .stream().map(Series::name).toList());
    }

    @Test void theViewIsDrawnEveryTwoSecondsAndAtTheEnd() {
        FakeLive live = new FakeLive(0);
        ComparisonView view = new ComparisonView(() -> live, live.nanos::get);
        for (int i = 0; i < 100; i++) {
            view.changed(three());
            live.pass(0.1);
        }
        assertEquals(5, live.shown.size());
        view.finished(three());
        assertEquals(three(), live.shown.get(5));
        assertEquals(1, live.finished);
    }

    @Test void aSlowViewIsDrawnMoreSeldom() {
        FakeLive live = new FakeLive(0.5);
        ComparisonView view = new ComparisonView(() -> live, live.nanos::get);
        while (live.nanos.get() < 100e9) {
            view.changed(three());
            live.pass(0.1);
        }
        assertTrue(live.shown.size() * 0.5 <= 5.5, live.shown.size() + " drawings of half a second");
    }

    @Test void aResultIsItsTableAndItsChartWhereThereIsSomethingToDraw() {
        assertEquals(List.of(ResultTable.class, XyChart.class),
                Rendering.parts(three()).stream().map(Object::getClass).toList());
        ComparisonResult nothing = result(trial("LSTM", 1, Outcome.DIVERGED));
        assertEquals(List.of(ResultTable.class), Rendering.parts(nothing).stream().map(Object::getClass).toList());
        assertTrue(rendered(three()).data().containsKey(Rendering.PNG));
        assertTrue(rendered(nothing).data().get(Rendering.HTML).toString().contains("<table>"));
    }

    private static Rendering rendered(ComparisonResult result) {
        return Rendering.all().stream().filter(r -> r.type() == ComparisonResult.class).findFirst().orElseThrow()
                .render(result);
    }
}
