package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.notebook.FakeKernel.Sent;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** How things reach a notebook kernel. */
class KernelFrontTest {
    private final FakeKernel kernel = new FakeKernel(false);
    private final Front front = front(kernel);

    private static Front front(FakeKernel kernel) {
        try {
            Front front = new KernelFront(kernel);
            for (Rendering.Renderer<?> renderer : Rendering.all()) front.register(renderer);
            return front;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach void clearInterrupt() { Thread.interrupted(); }

    @Test void aChartGoesOutAsPngAndText() {
        front.show(Charts.lines("Loss", "step", "nats").add("training", 3, 2, 1));
        Map<String, Object> content = kernel.sent.get(0).data().content;
        assertEquals("Chart \"Loss\" (nats over step)\n  training: 3 values, last 1", content.get("text/plain"));
        byte[] png = Base64.getDecoder().decode((String) content.get("image/png"));
        assertEquals("PNG", new String(png, 1, 3, java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test void aChartIsShownAtHalfItsPixels() {
        Chart chart = Charts.lines("Loss", "step", "nats").add("training", 3, 2, 1).size(500, 300);
        front.show(chart);
        assertEquals(Map.of("image/png", Map.of("width", 500, "height", 300, "alt", chart.alt())),
                kernel.sent.get(0).data().metadata);
        assertEquals(1000, chart.image().getWidth());
    }

    /** The last expression of a cell is rendered by the kernel itself, so the table has to go out before. */
    @Test void aComparisonGoesOutAsItsTableAndThenItsChart() {
        front.show(ComparisonViewTest.three());
        assertEquals(List.of(Set.of("text/plain", "text/html"), Set.of("text/plain", "image/png")), kinds());
        assertTrue(kernel.sent.get(0).data().content.get("text/html").toString().startsWith("<table>"));
        assertTrue(kernel.sent.get(1).data().metadata.toString().contains("Line chart: Adding problem"),
                () -> "" + kernel.sent.get(1).data().metadata);
    }

    @Test void aLivePlaceHasAPlaceForEachPartOfAComparison() {
        Live live = front.live();
        live.update(ComparisonViewTest.result());                          // nothing to draw yet
        live.update(ComparisonViewTest.three());
        live.update(ComparisonViewTest.three());
        assertEquals(List.of("display", "update", "display", "update", "update"),
                kernel.sent.stream().map(Sent::kind).toList());
        List<String> ids = kernel.sent.stream().map(Sent::id).toList();
        assertEquals(List.of(ids.get(0), ids.get(0), ids.get(2), ids.get(0), ids.get(2)), ids);
        assertNotEquals(ids.get(0), ids.get(2));
        assertTrue(kernel.sent.get(4).data().content.containsKey("image/png"));
    }

    /**
     * Pages that may not embed pictures, such as GitHub's, would lose them; a picture is an output of its own, with its
     * words.
     */
    @ParameterizedTest
    @MethodSource("pictures") void noPageHidesAPictureAndEveryPictureHasItsWords(Object value) {
        front.show(value);
        boolean some = false;
        for (Sent sent : kernel.sent) {
            assertFalse(String.valueOf(sent.data().content.get("text/html")).contains("<img"));
            if (!sent.data().content.containsKey("image/png")) continue;
            some = true;
            String words = ((Map<?, ?>) sent.data().metadata.get("image/png")).get("alt").toString();
            assertTrue(words.matches("[A-Z][^\\n]{20,999}[.?!…]"), words);
        }
        assertTrue(some);
    }

    static Stream<Object> pictures() {
        Tensor w = new Parameter("W", Rng.seed(1).normal(2, 2)), x = Rng.seed(2).normal(1, 2).named("x1");
        return Stream.concat(FiguresTest.results(),
                Stream.of(ComparisonViewTest.three(), LossChartTest.run(LossChartTest.steps(3), List.of()),
                        GraphFigure.of(x.matmul(w).named("h1").sum()),
                        new PictureGrid("Pictures", 2).add(Tensor.zeros(1, 2, 2), "a black square"),
                        Charts.bars("Bars", "model", "nats").add("test", List.of("a", "b"), 1, 2),
                        Charts.histogram("Counts", "value", new double[] {1, 2, 3}, 2),
                        new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB),
                        Charts.lines("Many\nlines?", "step", "loss").add("x".repeat(5000), 1, 2)));
    }

    private List<Set<String>> kinds() {
        return kernel.sent.stream().map(sent -> sent.data().content.keySet()).toList();
    }

    @Test void aTableGoesOutAsHtml() {
        front.show(Tables.of("model").row("LSTM"));
        assertTrue(kernel.sent.get(0).data().content.get("text/html").toString().startsWith("<table>"));
    }

    @Test void aSubtypeIsShownAsItsSupertype() {
        front.register(new Rendering.Renderer<>(Number.class, Rendering.HTML,
                n -> Rendering.html(n.toString(), "<b>" + n + "</b>")));
        front.show(7);
        assertEquals("<b>7</b>", kernel.sent.get(0).data().content.get("text/html"));
    }

    @Test void nullIsShown() {
        front.show(null);
        assertEquals("null", kernel.sent.get(0).data().content.get("text/plain"));
    }

    @Test void aLivePlaceIsShownOnceAndThenUpdated() {
        Live live = front.live();
        for (String state : List.of("one", "two", "three")) live.update(state);
        assertEquals(List.of("display", "update", "update"), kernel.sent.stream().map(Sent::kind).toList());
        assertEquals(1, kernel.sent.stream().map(Sent::id).distinct().count());
        assertEquals("three", kernel.sent.get(2).data().content.get("text/plain"));
    }

    @Test void twoLivePlacesAreTold() {
        front.live().update("a");
        front.live().update("b");
        assertNotEquals(kernel.sent.get(0).id(), kernel.sent.get(1).id());
    }

    @Test void anInterruptedThreadSendsWithoutItsFlagAndKeepsIt() {
        Live live = front.live();
        Thread.currentThread().interrupt();
        live.update("one");
        live.update("two");
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(2, kernel.sent.size());
        assertTrue(kernel.sent.stream().noneMatch(Sent::interrupted));
    }

    @Test void whatAnInterruptedCellSaysLastStandsBelowIt() {
        Live live = front.live();
        live.update("12 %");
        kernel.end();
        live.update("interrupted at 12 %");
        kernel.begin("the next cell");
        live.update("and no more");
        assertEquals(List.of("display a cell", "update a cell", "update a cell"),
                kernel.sent.stream().map(s -> s.kind() + " " + s.cell()).toList());
    }

    @Test void whatAnInterruptedCellShowsForTheFirstTimeIsNotShownBelowTheNext() {
        Live live = front.live();
        kernel.begin("the next cell");
        live.update("one");
        assertEquals(List.of("a cell"), kernel.sent.stream().map(Sent::cell).toList());
    }

    @Test void anInterruptedThreadShowsNothingNew() {
        Thread.currentThread().interrupt();
        kernel.begin("the next cell");
        front.show("a picture");
        front.live().update("one");
        assertTrue(kernel.sent.isEmpty());
        assertTrue(Thread.interrupted());
        front.show("a picture");
        assertEquals(1, kernel.sent.size());
    }

    @Test void anUpdateAfterTheCellsEndIsLeftOut() {
        FakeKernel over = new FakeKernel(true);
        Live live = front(over).live();
        live.update("one");
        live.update("two");
        assertTrue(over.sent.isEmpty());
    }

    @Test void aChartThatCannotBeDrawnIsAnError() {
        Chart empty = Charts.lines("Loss", "step", "nats");
        assertThrows(ChartException.class, () -> front.show(empty));
        assertTrue(kernel.sent.isEmpty());
    }

    @Test void aStrangeKernelIsRefused() {
        assertThrows(NoSuchMethodException.class, () -> new KernelFront("not a kernel"));
    }

    @Test void noKernelRunsTheTests() {
        assertFalse(KernelFront.running().isPresent());
    }

    @Test void anInterruptDuringTheWorkIsKeptAndTheWorkIsFinished() {
        Thread caller = Thread.currentThread();
        boolean[] done = new boolean[1];
        KernelFront.aside(() -> {
            caller.interrupt();
            while (caller.isInterrupted()) Thread.onSpinWait();            // until the waiting caller has taken notice
            done[0] = true;
        });
        assertTrue(done[0]);
        assertTrue(caller.isInterrupted());
    }

    @Test void withoutAnInterruptThereIsNoFlag() {
        KernelFront.aside(() -> {
        });
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test void whatTheWorkThrowsIsThrown() {
        assertThrows(ChartException.class, () -> KernelFront.aside(() -> {
            throw new ChartException("no");
        }));
    }
}
