package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** The picture of a graph shows what the tape holds: each tensor once, each use of it as an arrow. */
class GraphFigureTest {
    private final Rng rng = Rng.seed(1);
    private final Parameter w = new Parameter("W", rng.normal(2, 3)), u = new Parameter("U", rng.normal(3, 3)),
            b = new Parameter("b", rng.normal(3)),
            v = new Parameter("V", rng.normal(3, 1));

    /** The sum of y_t = h_t V over the steps, h_t = tanh(x_t W + h_{t-1} U + b). */
    private Tensor unrolled(int steps) {
        Tensor h = Tensor.zeros(1, 3).named("h0"), loss = null;
        for (int t = 1; t <= steps; t++) {
            Tensor x = rng.normal(1, 2).named("x" + t);
            h = x.matmul(w).add(h.matmul(u)).add(b).tanh().named("h" + t);
            Tensor y = h.matmul(v).named("y" + t);
            loss = loss == null ? y : loss.add(y);
        }
        return loss.sum().named("loss");
    }

    @Test void aRepeatedWeightIsOneBoxWithAnArrowToEachUse() {
        GraphFigure figure = GraphFigure.of(unrolled(3));
        // weights; inputs; operations of the steps; additions; sum
        assertEquals(4 + 4 + 3 * 6 + 2 + 1, figure.size());
        for (Tensor weight : List.of(w, u, b, v)) assertEquals(3, figure.uses(weight));
        assertEquals("Graph \"Graph of a loss\": 29 boxes\n  b: 3 uses\n  U: 3 uses\n  W: 3 uses\n  V: 3 uses",
                sorted(figure));
    }

    /** The lines about weights have the order of the graph; here that of this test. */
    private static String sorted(GraphFigure figure) {
        List<String> lines = new ArrayList<>(List.of(figure.toString().split("\n")));
        List<String> order = List.of("G", "b", "U", "W", "V");
        lines.sort((a, c) -> order.indexOf(a.strip().substring(0, 1)) - order.indexOf(c.strip().substring(0, 1)));
        return String.join("\n", lines);
    }

    @Test void inWordsItHasItsWeightsAndNamesInOrder() {
        Tensor h = Tensor.zeros(1, 2).matmul(w).tanh().named("h1");
        assertEquals("Graph: One step. 5 boxes. Weights: W: 1 use. Computed, in this order: h1, loss.",
                GraphFigure.of(h.sum().named("loss")).title("One step").alt());
    }

    @Test void theOutlinePassesThroughWhatHasNoName() {
        GraphFigure figure = GraphFigure.outline(unrolled(3));
        List<String> arrows = new ArrayList<>();
        for (GraphFigure.Node node : figure.nodes())
            for (int input : node.inputs()) arrows.add(figure.nodes().get(input).label() + " " + node.label());
        assertEquals(
                Set.of("h0 h1", "x1 h1", "h1 h2", "x2 h2", "h2 h3", "x3 h3", "h1 y1", "h2 y2", "h3 y3", "y1 loss",
                        "y2 loss", "y3 loss"),
                new HashSet<>(arrows));
        assertEquals(12, arrows.size());
    }

    @Test void noTwoBoxesShareAPlace() {
        for (Tensor loss : List.of(unrolled(1), unrolled(3), unrolled(8)))
            for (GraphFigure figure : List.of(GraphFigure.of(loss), GraphFigure.outline(loss))) {
                GraphLayout layout = figure.layout();
                for (int i = 0; i < figure.size(); i++) {
                    for (int j = 0; j < i; j++)
                        assertTrue(
                                layout.lanes()[i] != layout.lanes()[j]
                                        || Math.abs(layout.columns()[i] - layout.columns()[j]) > 0.999,
                                figure.nodes().get(i).label() + " on " + figure.nodes().get(j).label());
                }
            }
    }

    @Test void arrowsBetweenOperationsGoToTheRightAndWeightsStandApart() {
        GraphFigure figure = GraphFigure.of(unrolled(8));
        GraphLayout layout = figure.layout();
        for (int i = 0; i < figure.size(); i++)
            for (int input : figure.nodes().get(i).inputs()) {
                double forward = layout.columns()[i] - layout.columns()[input];
                switch (figure.nodes().get(input).kind()) {
                    case OPERATION -> assertTrue(forward >= 1, figure.nodes().get(i).label());
                    case INPUT -> assertTrue(forward >= 0, figure.nodes().get(i).label());
                    case WEIGHT -> assertTrue(layout.lanes()[i] != layout.lanes()[input]);
                }
            }
    }

    @Test void anOutlineHasAColumnForEachStepAndARowForEachLetter() {
        Map<String, String> places = new TreeMap<>();
        GraphFigure figure = GraphFigure.outline(unrolled(12));
        GraphLayout layout = figure.layout();
        for (int i = 0; i < figure.size(); i++)
            places.put(figure.nodes().get(i).label(), layout.columns()[i] + ", " + layout.lanes()[i]);
        assertEquals("0.0, 2", places.get("h0"));
        for (int t = 1; t <= 12; t++)
            assertEquals(List.of(t + ".0, 3", t + ".0, 2", t + ".0, 1"),
                    List.of(places.get("x" + t), places.get("h" + t), places.get("y" + t)));
        assertEquals("6.5, 0", places.get("loss"));
    }

    @Test void smallDigitsAreNumbersTooAndNamesWithoutNumbersFindAPlace() {
        Tensor a = w.sum().named("a₁₂"), b = w.square().sum().named("a10"), again = w.sum().named("a10");
        GraphLayout layout = GraphFigure.outline(a.add(b).named("x").add(again).named("loss")).layout();
        assertEquals(Set.of(0.0, 1.0, 2.0),
                Arrays.stream(layout.columns()).limit(3).boxed().collect(Collectors.toSet()));
        assertEquals(3, layout.height());
    }

    @Test void eachWeightHasItsColour() {
        BufferedImage image = GraphFigure.of(unrolled(3)).image();
        for (Color colour : List.of(ChartStyle.BLUE, ChartStyle.VERMILION, ChartStyle.GREEN, ChartStyle.ORANGE))
            assertTrue(pixels(image, colour) > 1000, colour::toString);
        assertEquals(0, pixels(GraphFigure.outline(unrolled(3)).image(), ChartStyle.BLUE));
    }

    private static long pixels(BufferedImage image, Color colour) {
        return IntStream.range(0, image.getHeight())
                .mapToLong(y -> IntStream.range(0, image.getWidth()).filter(x -> image.getRGB(x, y) == colour.getRGB())
                        .count())
                .sum();
    }

    @Test void itShowsItselfWithItsSize() {
        GraphFigure figure = GraphFigure.of(unrolled(2)).title("Two steps");
        Rendering shown = Rendering.of(figure);
        assertTrue(shown.data().containsKey(Rendering.PNG));
        assertTrue(shown.data().get(Rendering.TEXT).toString().startsWith("Graph \"Two steps\""));
        assertEquals(2 * figure.width(), figure.image().getWidth());
        assertEquals(2 * figure.height(), figure.image().getHeight());
        assertTrue(Rendering.all().stream()
                .anyMatch(r -> r.type().isInstance(figure) && r.mimeType().equals(Rendering.PNG)));
    }

    @Test void aGraphThatIsGoneCannotBeDrawn() {
        Tensor loss = unrolled(2);
        loss.backward();
        assertTrue(assertThrows(ChartException.class, () -> GraphFigure.of(loss)).getMessage()
                .contains("was backward() called"));
        assertThrows(ChartException.class, () -> GraphFigure.outline(w));
        assertThrows(ChartException.class, () -> GraphFigure.of(Tape.noGrad(() -> unrolled(2))));
    }

    @Test void tooManyBoxesAreAnErrorThatSaysWhatToDo() {
        Tensor loss = unrolled(50);
        String message = assertThrows(ChartException.class, () -> GraphFigure.of(loss)).getMessage();
        assertTrue(message.contains("shorter sequence") && message.contains("outline"), message);
        assertEquals(152, GraphFigure.outline(loss).size());
    }

    @Test void aTensorThatIsNotShownHasNoUses() {
        GraphFigure outline = GraphFigure.outline(unrolled(2));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> outline.uses(u)).getMessage()
                .contains("U is not in the picture"));
        assertFalse(outline.toString().contains("use"));
    }
}
