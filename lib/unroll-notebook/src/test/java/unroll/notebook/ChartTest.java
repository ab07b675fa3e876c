package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import unroll.tensor.Tensor;

class ChartTest {
    private static XyChart lines() { return Charts.lines("Loss", "step", "nats"); }

    private static String message(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(ChartException.class, action).getMessage();
    }

    private static boolean has(BufferedImage image, Color colour) {
        return IntStream.range(0, image.getHeight())
                .anyMatch(
                        y -> IntStream.range(0, image.getWidth()).anyMatch(x -> image.getRGB(x, y) == colour.getRGB()));
    }

    /** The mean height of the pixels of a colour in one column; NaN without one. */
    private static double height(BufferedImage image, int x, Color colour) {
        return IntStream.range(0, image.getHeight()).filter(y -> image.getRGB(x, y) == colour.getRGB()).average()
                .orElse(Double.NaN);
    }

    /** Where a colour begins and ends from left to right. */
    private static int[] extent(BufferedImage image, Color colour) {
        int[] columns = IntStream.range(0, image.getWidth()).filter(x -> !Double.isNaN(height(image, x, colour)))
                .toArray();
        return new int[] {columns[0], columns[columns.length - 1]};
    }

    @Test void aLineIsDrawnInTheFirstColour() { assertTrue(has(lines().add("a", 1, 2, 3).image(), ChartStyle.BLUE)); }

    @Test void theSecondSeriesHasTheSecondColour() {
        assertTrue(has(lines().add("a", 1, 2).add("b", 2, 1).image(), ChartStyle.VERMILION));
    }

    @Test void eightSeriesHaveEightColours() {
        XyChart chart = lines();
        for (int i = 0; i < 8; i++) chart.add("series " + i, i, i);
        BufferedImage image = chart.image();
        assertEquals(8, IntStream.range(0, 8).mapToObj(ChartStyle::colour).distinct()
                .filter(colour -> has(image, colour)).count());
    }

    @Test void aBoundHasTheColourOfItsSeries() {
        assertFalse(has(lines().add("a", 1, 2).addDashed("bound", 2, 3).image(), ChartStyle.VERMILION));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 12}) void exponentialGrowthIsAStraightLineOnALogarithmicAxis(int decades) {
        double[] y = IntStream.rangeClosed(0, 20).mapToDouble(i -> Math.pow(10, decades * i / 20.0)).toArray();
        BufferedImage image = lines().add("a", y).logY().image();
        int[] ends = extent(image, ChartStyle.BLUE);
        int left = ends[0] + 20, right = ends[1] - 20, middle = (left + right) / 2;
        double straight = (height(image, left, ChartStyle.BLUE) + height(image, right, ChartStyle.BLUE)) / 2;
        assertEquals(straight, height(image, middle, ChartStyle.BLUE), 3);
    }

    /** The rows of the lines across the plot. */
    private static int[] lines(BufferedImage image) {
        int[] rows = IntStream.range(0, image.getHeight()).filter(y -> IntStream.range(0, image.getWidth())
                .filter(x -> image.getRGB(x, y) != Color.WHITE.getRGB()).count() > image.getWidth() / 2).toArray();
        return IntStream.range(0, rows.length).filter(i -> i == 0 || rows[i] > rows[i - 1] + 2).map(i -> rows[i])
                .toArray();
    }

    @Test void aLogarithmicAxisHasItsTicksAtTheirLogarithms() {
        // 1 2 5 10 20 50 100, from the bottom
        int[] rows = lines(lines().add("a", 1, 10, 100).logY().image());
        assertEquals(7, rows.length, () -> Arrays.toString(rows));
        double decade = (rows[6] - rows[0]) / 2.0;
        for (int i = 0; i < 7; i++)
            assertEquals(rows[6] - decade * Math.log10(new double[] {100, 50, 20, 10, 5, 2, 1}[i]), rows[i], 2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.3, 0.8, 1, 2, 3, 12, 100, 600}) void aLogarithmicAxisOfAnyLengthHasAFewTicks(
            double decades) {
        Scale scale = Scale.of(true, null,
                java.util.stream.Stream.of(new double[] {Math.pow(10, -decades / 2), Math.pow(10, decades / 2)}));
        int ticks = scale.ticks(8).size();
        assertTrue(ticks >= 2 && ticks <= 12, () -> ticks + " ticks");
    }

    @Test void aNarrowRangeIsDrawn() {
        assertTrue(has(lines().add("a", 4225, 4225.001, 4225.0003, 4225.00077).image(), ChartStyle.BLUE));
    }

    @Test void valuesThatAreNotFiniteLeaveAGap() {
        XyChart chart = lines().add("a", 1, 1, Double.NaN, Double.POSITIVE_INFINITY, 1, 1);
        BufferedImage image = chart.image();
        int[] ends = extent(image, ChartStyle.BLUE);
        assertTrue(Double.isNaN(height(image, (ends[0] + ends[1]) / 2, ChartStyle.BLUE)));
        assertTrue(Double.isNaN(chart.series("a").y()[2]));
    }

    @Test void aLogarithmicAxisLeavesOutWhatIsNotAboveZero() {
        assertTrue(has(lines().add("a", 0, -1, 1, 10).logY().image(), ChartStyle.BLUE));
    }

    @Test void aPositionThatIsNotANumberIsLeftOut() {
        assertTrue(has(lines().add("a", new double[] {0, Double.NaN, 1, 2}, new double[] {1, 1, 1, 1}).image(),
                ChartStyle.BLUE));
    }

    @Test void aSingleValueIsAPoint() { assertTrue(has(lines().add("a", 5).image(), ChartStyle.BLUE)); }

    @Test void aSeriesWithoutValuesIsRefused() {
        assertTrue(message(() -> lines().add("a")).startsWith("Series a is empty"));
    }

    @Test void aChartWithoutSeriesIsRefused() {
        assertEquals("Chart Loss: nothing to draw, no series was added", message(() -> lines().image()));
    }

    @Test void aChartOfNothingFiniteIsRefused() {
        assertEquals("Chart Loss: nothing to draw, no value is a finite number",
                message(() -> lines().add("a", Double.NaN).image()));
    }

    @Test void aLogarithmicChartOfNothingPositiveIsRefused() {
        assertTrue(message(() -> lines().add("a", -1, 0).logY().image()).contains("above zero"));
    }

    @Test void axesNeedLabels() {
        assertTrue(message(() -> Charts.lines("Loss", "step", " ")).contains("the label of the y axis is missing"));
    }

    @Test void positionsAndValuesNeedOneLength() {
        assertTrue(message(() -> lines().add("a", new double[2], new double[3])).contains("2 positions for 3 values"));
    }

    @Test void aRangeNeedsItsEndsInOrder() {
        assertTrue(message(() -> lines().yRange(2, 1)).contains("low < high but got 2.0 and 1.0"));
    }

    @Test void aSizeIsBounded() { assertTrue(message(() -> lines().size(100_000, 400)).contains("100000 × 400")); }

    @Test void theImageHasTwicePixelsOfItsSize() {
        BufferedImage image = lines().add("a", 1, 2).size(300, 200).image();
        assertAll(() -> assertEquals(600, image.getWidth()), () -> assertEquals(400, image.getHeight()));
    }

    @Test void seriesCanBeAskedFor() {
        XyChart chart = lines().add("a", new float[] {3, 2, 1}).addDashed("bound", 4, 4, 4);
        assertAll(() -> assertArrayEquals(new double[] {3, 2, 1}, chart.series("a").y()),
                () -> assertEquals(1, chart.series("a").last()),
                () -> assertTrue(chart.series("a").below(chart.series("bound").y())),
                () -> assertFalse(chart.series("bound").below(3, 5, 5)),
                () -> assertEquals(List.of("a", "bound"), chart.series().stream().map(Series::name).toList()));
    }

    @Test void anUnknownSeriesIsAnErrorThatNamesTheKnownOnes() {
        assertEquals("Chart Loss: no series b; there are [a]", message(() -> lines().add("a", 1).series("b")));
    }

    @Test void aPictureIsSaved(@TempDir Path folder) throws Exception {
        Path file = lines().add("a", 1, 2).save(folder.resolve("new/loss.png"));
        assertEquals(1360, ImageIO.read(file.toFile()).getWidth());
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(1, files.count());
        }
    }

    @Test void barsAreDrawn() {
        BarChart chart = Charts.bars("Nats", "model", "nats").add("training", List.of("a", "b"), 2, 1).add("validation",
                List.of("a", "b"), 3,
                Double.NaN);
        assertTrue(has(chart.image(), ChartStyle.VERMILION));
    }

    @Test void lyingBarsGrowToTheRight() {
        BufferedImage image = Charts.bars("Nats", "model", "nats").lying()
                .add("test", List.of("a recurrent network of long name", "counts"), 1, 4).image();
        int[] upper = extent(image.getSubimage(0, 80, 1360, 260), ChartStyle.BLUE),
                lower = extent(image.getSubimage(0, 400, 1360, 240), ChartStyle.BLUE);
        assertEquals(upper[0], lower[0]);
        assertEquals(4, (double) (lower[1] - lower[0]) / (upper[1] - upper[0]), 0.1);
    }

    @Test void whiskersReachBeyondTheirBar() {
        BarChart chart = Charts.bars("Nats", "model", "nats").add("test", List.of("a"), new double[] {1},
                new double[] {0.5}, new double[] {2});
        BufferedImage image = chart.image();
        int[] bar = extent(image, ChartStyle.BLUE);
        int middle = (bar[0] + bar[1]) / 2, inked = 0, top = image.getHeight();
        for (int y = 0; y < image.getHeight(); y++)
            if (image.getRGB(middle, y) == ChartStyle.BLUE.getRGB())
                top = Math.min(top, y);
        for (int y = 60; y < top; y++) if (new Color(image.getRGB(middle, y)).getRed() < 128) inked++;
        assertTrue(inked > 50, inked + " pixels of the whisker above the bar");
        assertTrue(message(() -> chart.add("train", List.of("a"), new double[] {1}, new double[] {1, 2},
                new double[] {2, 3})).contains("whiskers"));
    }

    @Test void aBandHasTheColourOfItsLineAndIsNoSeries() {
        double[] x = {0, 1, 2};
        XyChart chart = lines().add("median", x, new double[] {1, 2, 3}).addBand("range", x, new double[] {0, 1, 2},
                new double[] {2, 3, 4});
        assertEquals(1, chart.series().size());
        assertTrue(has(chart.image(), ChartStyle.faint(ChartStyle.BLUE, 0.25)));
        assertTrue(chart.alt().contains("range (from 0 to 4, shaded)"), chart.alt());
        assertTrue(message(() -> lines().addBand("range", x, new double[2], new double[3])).contains("positions"));
    }

    @Test void positionsMayHaveNames() {
        assertTrue(has(lines().add("a", 1, 2).xNames(List.of("2", "16")).image(), ChartStyle.BLUE));
        assertTrue(message(() -> lines().add("a", 1, 2, 3).xNames(List.of("2", "16")).image()).contains("2 names"));
    }

    @Test void barsOfOtherCategoriesAreRefused() {
        BarChart chart = Charts.bars("Nats", "model", "nats").add("training", List.of("a", "b"), 2, 1);
        assertTrue(message(() -> chart.add("validation", List.of("a", "c"), 2, 1)).contains("[a, c]"));
    }

    @Test void barsNeedAValueForEachCategory() {
        assertTrue(message(() -> Charts.bars("Nats", "model", "nats").add("a", List.of("x", "y"), 1))
                .contains("1 values for 2 categories"));
    }

    /** What is beyond 1 lies on one side in one colour, what is below on the other side in another one. */
    @Test void ratiosLieOnBothSidesOfOne() {
        List<String> rows = List.of("group", "faster", "slower");
        BufferedImage image = Charts.bars("Times", "ratio", "work").ratios().add("A", rows, Double.NaN, 4, 0.5)
                .add("B", rows, Double.NaN, 8, Double.NaN).image();
        BufferedImage plot = image.getSubimage(200, 100, image.getWidth() - 200, 520);
        int[] above = extent(plot, ChartStyle.BLUE), below = extent(plot, ChartStyle.VERMILION);
        assertTrue(below[1] <= above[0] + 2, below[1] + " and " + above[0]);
        assertEquals(2, (above[1] - above[0]) / (double) (below[1] - below[0]), 0.05);
        assertTrue(height(plot, above[0] + 20, ChartStyle.BLUE) < height(plot, below[0] + 20, ChartStyle.VERMILION));
    }

    @Test void theFirstRowOfAHeatMapIsAtTheTop() {
        BufferedImage image = Charts.heatMap("A", "x", "y", new double[][] {{1, 1}, {0, 0}}).image();
        assertTrue(height(image, 400, ChartStyle.BLUE) < 400);
    }

    @Test void theGreatestValueOfAHeatMapHasTheStrongestColour() {
        assertTrue(has(Charts.heatMap("Attention", "source", "target", new double[][] {{0, 1}, {0.5, 0}}).image(),
                ChartStyle.BLUE));
    }

    @Test void aHeatMapOfATensorHasItsRows() {
        HeatMap chart = Charts.heatMap("States", "time", "unit", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        assertArrayEquals(new double[] {4, 5, 6}, chart.series("1").y());
    }

    @Test void equalLabelsKeepTheirOwnColumns() {
        HeatMap chart = Charts.heatMap("Attention", "source", "target", new double[][] {{0, 0, 1}}).labels(
                List.of("the", "the", "the"),
                List.of("le"));
        int[] blue = extent(chart.image(), ChartStyle.BLUE);
        assertTrue(blue[0] > 400, () -> "the last of three columns begins at " + blue[0]);
    }

    /** Most of the columns then have no label. */
    @Test void aHeatMapOfManyColumnsIsDrawn() {
        assertTrue(has(
                Charts.heatMap("States", "time", "unit",
                        new double[][] {new double[150], IntStream.range(0, 150).asDoubleStream().toArray()})
                        .image(),
                Color.WHITE));
    }

    @Test void anEmptyLabelIsDrawn() {
        assertTrue(
                has(Charts.heatMap("A", "x", "y", new double[][] {{0, 1}}).labels(List.of("", ""), List.of("")).image(),
                        ChartStyle.BLUE));
    }

    @Test void aRaggedMatrixIsRefused() {
        assertTrue(message(() -> Charts.heatMap("A", "x", "y", new double[][] {{1, 2}, {3}}))
                .contains("rows of 2 and of 1 values"));
    }

    @Test void aHistogramCountsEveryFiniteValue() {
        XyChart chart = Charts.histogram("Weights", "weight", new double[] {0, 1, 1, 2, 10, Double.NaN}, 5);
        double[] counts = Arrays.copyOf(chart.series("count").y(), 5);
        assertArrayEquals(new double[] {3, 1, 0, 0, 1}, counts);
    }

    @Test void theTextNamesSeriesAndLastValues() {
        assertEquals("Chart \"Loss\" (nats over step)\n  a: 2 values, last 0.3333\n  b: 1 value, last NaN",
                lines().add("a", 1, 1 / 3.0).add("b", Double.NaN).toString());
    }

    @Test void aValueBetweenTwoGapsIsAPoint() {
        double[] y = {Double.NaN, 1, Double.NaN, 2, Double.NaN};
        assertTrue(has(lines().add("a", y).image(), ChartStyle.BLUE));
        assertTrue(has(lines().add("a", y).logY().image(), ChartStyle.BLUE));
        BufferedImage image = lines().add("a", 1, 1, 1, Double.NaN, 1, Double.NaN, 1, 1, 1).image();
        int[] ends = extent(image, ChartStyle.BLUE);
        assertEquals(height(image, ends[0] + 40, ChartStyle.BLUE),
                height(image, (ends[0] + ends[1]) / 2, ChartStyle.BLUE), 3);
    }

    /** On a dark page a chart stands on a card of its own. */
    @Test void aPictureIsAWhiteCardWithClearCorners() {
        BufferedImage image = Charts.lines("A", "x", "y").add("a", 1, 2).image();
        int right = image.getWidth() - 1, bottom = image.getHeight() - 1;
        for (int[] corner : new int[][] {{0, 0}, {right, 0}, {0, bottom}, {right, bottom}})
            assertEquals(0, image.getRGB(corner[0], corner[1]) >>> 24);
        for (int[] edge : new int[][] {{0, bottom / 2}, {right, bottom / 2}, {right / 2, 0}, {right / 2, bottom}})
            assertEquals(Color.WHITE.getRGB(), image.getRGB(edge[0], edge[1]));
    }

    @Test void aChartInWordsSaysKindTitleAxesAndSeries() {
        assertEquals(
                "Line chart: Loss. x: step, y: nats. The y axis is logarithmic. Series: LSTM (from 3 to 1.58), bound "
                        + "(from 2 to 1, dashed).",
                Charts.lines("Loss", "step", "nats").add("LSTM", 3, 2, 1.58).addDashed("bound", 2, 1).logY().alt());
        assertEquals("Scatter chart: Where? x: a, y: b. Series: points (3 values from 0 to 2).",
                Charts.scatter("Where?", "a", "b").add("points", 0, 2, Double.NaN).alt());
        assertEquals("Bar chart: Nats. x: model, y: nats. test: bigram 2.5, LSTM 1.6; train: bigram 2.4, LSTM 1.",
                Charts.bars("Nats", "model", "nats").add("test", List.of("bigram", "LSTM"), 2.5, 1.6)
                        .add("train", List.of("bigram", "LSTM"), 2.4, 1)
                        .alt());
        assertEquals(
                "Heat map: Attention. x: source, y: target. 1 × 2 values from 0 to 1. Columns: a, b. Rows from the "
                        + "top: c.",
                Charts.heatMap("Attention", "source", "target", new double[][] {{0, 1}})
                        .labels(List.of("a", "b"), List.of("c")).alt());
        assertEquals("Heat map: Attention. x: source, y: target. 1 × 2 values from 0 to 1.",
                Charts.heatMap("Attention", "source", "target", new double[][] {{0, 1}}).alt());
        assertEquals("Histogram: Sizes. x: size, y: count. Series: count (3 values from 1 to 2).",
                Charts.histogram("Sizes", "size", new double[] {1, 2, 3}, 2).alt());
    }

    @Test void aChartOfManySeriesIsStillToldInAMinute() {
        XyChart chart = Charts.lines("Many", "x", "y");
        for (int i = 0; i < 40; i++) chart.add("series " + i, i);
        assertTrue(chart.alt().endsWith("series 11 (11) and 28 more."), chart::alt);
        assertEquals(1000, Charts.lines("𝄞".repeat(3000), "x", "y").alt().codePoints().count());
    }
}
