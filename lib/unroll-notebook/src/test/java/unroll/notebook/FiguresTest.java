package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.analysis.Axis;
import unroll.analysis.Descent;
import unroll.analysis.DescentPath;
import unroll.analysis.GateMap;
import unroll.analysis.GradientFlow;
import unroll.analysis.Jacobian;
import unroll.analysis.JacobianProducts;
import unroll.analysis.LossSurface;
import unroll.analysis.MatrixPowers;
import unroll.analysis.OneUnitRnn;
import unroll.analysis.Perturbations;
import unroll.analysis.Spectrum;
import unroll.analysis.Trajectory;
import unroll.analysis.TruncationError;
import unroll.metrics.Calibration;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.LstmCell;
import unroll.recurrent.Nonlinearity;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Charts of what was measured: each result shows itself, and shows what is not finite as such. */
class FiguresTest {
    private static final OneUnitRnn RNN = new OneUnitRnn(50, 0.5, 0.7);
    private static final Axis W = new Axis("w", 3, 8, 41), B = new Axis("b", -4.5, -1, 31);
    private static final Calibration CALIBRATION = Calibration.of(new double[] {0.6, 0.95, 0.97},
            new boolean[] {true, true, false}, 10);
    private static final LossSurface CLIFF = LossSurface.batched(W, B, RNN::losses);

    static Stream<Object> results() {
        ElmanCell elman = new ElmanCell(2, 3, Nonlinearity.TANH, Rng.seed(1));
        LstmCell lstm = new LstmCell(2, 3, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(8, 2);
        return Stream.of(Jacobian.of(lstm, x.at(0), lstm.initialState(1)), JacobianProducts.along(elman, x),
                JacobianProducts.along(lstm, x),
                GradientFlow.of("LSTM", Rng.seed(3).normal(8, 4, 3)),
                GateMap.of("forget", Rng.seed(3).uniform(0, 1, 8, 4, 3), 1),
                Trajectory.of(Rng.seed(3).normal(8, 2, 3)), CLIFF, Descent.from(5, -3).steps(5).on("path", RNN::losses),
                Spectrum.of(Rng.seed(3).normal(4, 4)), MatrixPowers.of(Rng.seed(3).normal(4, 4), 10),
                TruncationError.chunks(lstm, x.reshape(8, 1, 2), h -> h.square().mean(), 1, 4, 8),
                Perturbations.of(lstm, x, 1e-2),
                CALIBRATION);
    }

    private static Map<String, Object> shown(Object result) {
        FakeKernel kernel = new FakeKernel(false);
        try {
            Front front = new KernelFront(kernel);
            for (Rendering.Renderer<?> renderer : Rendering.all()) front.register(renderer);
            front.show(result);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return kernel.sent.get(0).data().content;
    }

    @ParameterizedTest
    @MethodSource("results") void everyResultShowsItselfAsAPicture(Object result) {
        assertTrue(shown(result).containsKey("image/png"), result::toString);
        assertFalse(result.toString().contains("[D@"), result::toString);
    }

    @Test void aLossSurfaceInWordsHasItsPaths() {
        String words = Figures.of(CLIFF, Descent.from(5, -3).steps(5).on("plain", RNN::losses)).alt();
        assertTrue(
                words.matches(
                        "Loss surface: Loss over w and b\\. x: w, y: b\\. Losses from \\S+ to \\S+\\. Paths: plain "
                                + "\\(loss from \\S+ to \\S+\\)\\."),
                words);
    }

    @Test void aResultWithNothingToDrawShowsItsWords() {
        Map<String, Object> content = shown(GradientFlow.of("dead", Tensor.zeros(3, 1, 2)));
        assertFalse(content.containsKey("image/png"));
        assertEquals("GradientFlow dead: 3 steps, norm 0.00 at the first, 0.00 at the last", content.get("text/plain"));
    }

    @Test void measuredNormsLieBelowTheirBoundInTheChart() {
        XyChart chart = Figures.of(JacobianProducts.along(new ElmanCell(2, 3, Nonlinearity.LOGISTIC, Rng.seed(1)),
                Rng.seed(2).normal(8, 2)));
        assertEquals(9, chart.series().get(0).size());
        assertTrue(chart.series().get(0)
                .below(IntStream.range(0, 9).mapToDouble(d -> chart.series().get(1).y()[d] * (1 + 1e-5)).toArray()));
    }

    @Test void confidenceAndAccuracyOfABinAreAPointAndEmptyBinsAreNone() {
        XyChart chart = Figures.of(CALIBRATION);
        assertArrayEquals(new double[] {60, 96}, chart.series().get(0).x(), 1e-9);
        assertArrayEquals(new double[] {100, 50}, chart.series().get(0).y(), 1e-9);
        assertArrayEquals(new double[] {50, 100}, chart.series().get(1).y(), 1e-9);
    }

    @Test void severalNetworksShareAChart() {
        XyChart chart = Figures.of(GradientFlow.of("RNN", Tensor.ones(3, 1, 4)),
                GradientFlow.of("LSTM", Tensor.ones(3, 1, 1)));
        assertArrayEquals(new double[] {2, 2, 2}, chart.series("RNN").y());
        assertArrayEquals(new double[] {1, 2, 3}, chart.series("LSTM").x());
    }

    @Test void gatesLieBetweenZeroAndOne() {
        HeatMap map = Figures.of(GateMap.of("forget", Tensor.full(0.5, 2, 1, 3), 0, List.of("the", "cat")));
        assertFalse(has(map.image(), ChartStyle.NOT_FINITE));
        assertTrue(has(map.image(), new Color(128, 185, 217)), "half of the blue");
        assertEquals(3, map.series().size());
    }

    @Test void aGateThatIsNotANumberIsGrey() {
        Tensor gate = Tensor.of(new float[] {0.5f, Float.NaN, 1, Float.POSITIVE_INFINITY}, 2, 1, 2);
        assertTrue(has(Figures.of(GateMap.of("forget", gate, 0)).image(), ChartStyle.NOT_FINITE));
    }

    @Test void aPathThatLeavesThePictureIsCutAtItsBorder() {
        LossSurface surface = LossSurface.over(new Axis("a", -1, 1, 21), new Axis("b", -1, 1, 21), (a, b) -> 2 + a);
        DescentPath leaving = Descent.from(0.5, 0).rate(0.6).steps(4).on("slope", (a, b) -> a.add(b.mul(0)));
        SurfaceChart chart = Figures.of(surface, leaving,
                Descent.from(0, 0.5).rate(0.1).steps(2).on("short", (a, b) -> a.add(b.mul(0))));
        assertArrayEquals(leaving.losses(), chart.series("slope").y());
        BufferedImage image = chart.image();
        int left = IntStream.range(0, image.getWidth()).filter(x -> column(image, x, ChartStyle.VERMILION)).findFirst()
                .orElseThrow();
        assertTrue(left > 2 * 62 && left < 2 * 78,
                "the arrow reaches out of the plot, which begins at 156, by a little: " + left);
    }

    private static boolean column(BufferedImage image, int x, Color colour) {
        return IntStream.range(0, image.getHeight() * 4 / 5).anyMatch(y -> image.getRGB(x, y) == colour.getRGB());
    }

    @Test void aPathThatEndsNowhereIsDrawnAsFarAsItGoes() {
        LossSurface surface = LossSurface.over(new Axis("a", -30, 30, 21), new Axis("b", -30, 30, 21),
                (a, b) -> Math.log(a + b));
        DescentPath path = Descent.from(1, 0).rate(1e38).steps(4).on("no number below 0", (a, b) -> {
            Tensor x = a.add(b), above = x.relu();
            return x.mul(1e3).add(above.div(above));
        });
        BufferedImage image = Figures.of(surface, path).image();
        assertTrue(has(image, ChartStyle.VERMILION));
        assertTrue(has(image, ChartStyle.NOT_FINITE));
    }

    @Test void aSurfaceWithoutAFiniteLossCannotBeDrawn() {
        LossSurface surface = LossSurface.over(W, B, (a, b) -> Double.NaN);
        assertThrows(ChartException.class, () -> Figures.of(surface).image());
        assertEquals(surface.toString(), shown(surface).get("text/plain"));
    }

    @Test void flatAndZeroAndNegativeSurfacesAreDrawn() {
        for (double level : new double[] {0, 1, -3, 1e-300, 1e300})
            assertEquals(1360, Figures.of(LossSurface.over(W, B, (a, b) -> level)).image().getWidth());
        assertTrue(has(Figures.of(LossSurface.over(W, B, (a, b) -> a > 5 ? 0 : 1)).image(), ChartStyle.SKY));
    }

    @Test void theTwoSidesOfTheCliffHaveColoursThatDiffer() {
        BufferedImage image = Figures.of(CLIFF).image();
        Color below = new Color(image.getRGB(2 * 300, 2 * 400)), above = new Color(image.getRGB(2 * 450, 2 * 100));
        assertTrue(below.getGreen() < 100 && above.getGreen() > 120, below + " " + above);
    }

    @Test void aStateThatWandersOffLeavesAGap() {
        float[] v = Rng.seed(1).normal(5, 1, 3).data().clone();
        v[7] = Float.POSITIVE_INFINITY;
        assertTrue(has(Figures.of(Trajectory.of(Tensor.of(v, 5, 1, 3))).image(), ChartStyle.BLUE));
    }

    @Test void aLabelAtTheRightEdgeStaysInThePicture() {
        String label = "MMMMMMMMMMMMMMMMMMMM";
        BufferedImage with = Charts.scatter("Way", "x", "y")
                .addPath("a", new double[] {0, 1}, new double[] {0, 0}, List.of("", label)).image();
        assertTrue(IntStream.range(16, with.getHeight() - 16)
                .allMatch(y -> with.getRGB(with.getWidth() - 1, y) == Color.WHITE.getRGB()));
    }

    @Test void pathsNeedALabelForEachPoint() {
        XyChart chart = Charts.scatter("Way", "x", "y");
        assertEquals("Chart Way: series a has 1 labels for 2 points",
                assertThrows(ChartException.class,
                        () -> chart.addPath("a", new double[2], new double[2], List.of("start"))).getMessage());
    }

    /** Whether an area has the colour: more than the edges of letters, which have many. */
    private static boolean has(BufferedImage image, Color colour) {
        return IntStream.range(0, image.getHeight())
                .mapToLong(y -> IntStream.range(0, image.getWidth()).filter(x -> image.getRGB(x, y) == colour.getRGB())
                        .count())
                .sum() > 150;
    }
}
