package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import unroll.train.Step;
import unroll.train.TrainingRun;
import unroll.train.TrainingRun.Outcome;
import unroll.train.Validation;

class LossChartTest {
    private static Step step(int number, double loss) { return new Step(number, 1000, 0, loss, 1.0 / number, 1e-3); }

    static List<Step> steps(int n) { return IntStream.rangeClosed(1, n).mapToObj(i -> step(i, i)).toList(); }

    static TrainingRun run(List<Step> steps, List<Validation> validations) {
        return new TrainingRun("Model", Outcome.COMPLETED, "", steps, validations);
    }

    /** Trains for 100 seconds; gives how often the chart was drawn. */
    private static int drawings(double cost) {
        FakeLive live = new FakeLive(cost);
        LossChart chart = new LossChart(() -> live, live.nanos::get);
        chart.started("Model", 1, 10_000);
        for (int i = 1; live.nanos.get() < 100e9; i++) {
            live.pass(0.01);
            chart.stepped(step(i, 2));
        }
        return live.shown.size();
    }

    @Test void itIsDrawnEveryTwoSeconds() { assertEquals(50, drawings(0), 1); }

    @Test void drawingTakesLessThanATwentiethOfTheTime() {
        assertTrue(drawings(0.5) * 0.5 <= 5, () -> drawings(0.5) + " drawings of half a second");
    }

    @Test void theLastPictureHasEveryStep() {
        FakeLive live = new FakeLive(0);
        LossChart chart = new LossChart(() -> live, live.nanos::get);
        chart.started("Model", 1, 3);
        steps(3).forEach(chart::stepped);
        chart.validated(new Validation(3, 2.5));
        chart.finished(run(steps(3), List.of()));
        XyChart last = (XyChart) live.shown.get(0);
        assertAll(() -> assertEquals(1, live.shown.size()), () -> assertEquals(3, last.series("training").last()),
                () -> assertEquals(2.5, last.series("validation").last()), () -> assertEquals(1, live.finished));
    }

    @Test void aSecondRunBeginsAnew() {
        FakeLive live = new FakeLive(0);
        LossChart chart = new LossChart(() -> live, live.nanos::get);
        for (int i = 0; i < 2; i++) {
            chart.started("Model", 1, 3);
            steps(3).forEach(chart::stepped);
            chart.finished(run(steps(3), List.of()));
        }
        assertEquals(3, ((XyChart) live.shown.get(1)).series("training").size());
    }

    @Test void lossesThatAreNoNumbersDrawNothing() {
        FakeLive live = new FakeLive(0);
        LossChart chart = new LossChart(() -> live, live.nanos::get);
        chart.started("Model", 1, 3);
        live.pass(10);
        chart.stepped(step(1, Double.NaN));
        chart.finished(run(List.of(step(1, Double.NaN)), List.of()));
        assertTrue(live.shown.isEmpty());
    }

    @Test void manyStepsAreThinned() {
        Series training = LossChart.of(run(steps(5000), List.of())).series("training");
        assertAll(() -> assertEquals(400, training.size()), () -> assertEquals(1, training.x()[0]),
                () -> assertEquals(5000, training.x()[399]));
    }

    @Test void theStrongLineIsTheMeanOfTheLastEightieth() {
        Series training = LossChart.of(run(steps(800), List.of())).series("training");
        assertEquals(795.5, training.last());                              // 791 … 800
    }

    @Test void aRunShowsItsTableAndItsCurve() {
        List<Object> parts = Rendering.parts(run(steps(4), List.of(new Validation(4, 3.25))));
        assertEquals(3.25, ((ResultTable) parts.get(0)).value(0, "best validation"));
        assertEquals(List.of("batches", "training", "validation"),
                ((XyChart) parts.get(1)).series().stream().map(Series::name).toList());
        assertEquals(2, parts.size());
    }

    @Test void aRunWithoutStepsShowsItsTableAlone() {
        TrainingRun run = run(List.of(), List.of());
        assertEquals(List.of(ResultTable.class), Rendering.parts(run).stream().map(Object::getClass).toList());
        Rendering.Renderer<?> renderer = Rendering.all().stream().filter(r -> r.type() == TrainingRun.class).findFirst()
                .orElseThrow();
        assertTrue(renderer.render(run).data().get("text/html").toString().contains("<table>"));
    }
}
