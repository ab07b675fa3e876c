package unroll.notebook;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One bar for each category and series.
 *
 * <pre>{@code
 * Charts.bars("Nats per character", "model", "nats")
 *       .add("validation", List.of("unigram", "bigram", "LSTM"), 3.3, 2.5, 1.6)
 * }</pre>
 */
public final class BarChart extends Chart {
    private static final double FILL = 0.7;                                // of a category's width
    private static final int LABELLED = 12;                                // bars at most, each with its value above it

    private final List<Series> series = new ArrayList<>();
    private List<String> categories = List.of();
    private double[] yRange;
    private boolean ratios;

    BarChart(String title, String xLabel, String yLabel) { super(title, xLabel, yLabel); }

    /** Adds a series; all series of a chart have the same categories. */
    public BarChart add(String name, List<String> categories, double... values) {
        if (categories.size() != values.length)
            throw wrong("series " + name + " has " + values.length + " values for " + categories.size()
                    + " categories");
        if (!series.isEmpty() && !categories.equals(this.categories))
            throw wrong("series " + name + " has the categories " + categories + ", the ones before it "
                    + this.categories + "; all series need the same");
        if (series.stream().anyMatch(s -> s.name().equals(name)))
            throw wrong("there is a series " + name + " already; give each its own name");
        series.add(Series.of(name, values));
        this.categories = List.copyOf(categories);
        return this;
    }

    public BarChart yRange(double low, double high) {
        yRange = range("yRange", low, high);
        return this;
    }

    /**
     * Lying bars from 1 on a logarithmic x axis, in another colour below 1: how many times as much. Of further series
     * each value is a ring in the same row.
     */
    public BarChart ratios() {
        ratios = true;
        return this;
    }

    /** The size on the page. */
    public BarChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    public List<String> categories() { return categories; }

    @Override public List<Series> series() { return List.copyOf(series); }

    @Override String kind() { return "Bar chart"; }

    @Override String inWords() {
        List<String> bars = new ArrayList<>();
        for (Series s : series) {
            double[] values = s.y();
            List<String> each = IntStream.range(0, values.length)
                    .mapToObj(i -> categories.get(i) + " " + Numbers.text(values[i])).toList();
            bars.add(s.name() + ": " + list(each));
        }
        return String.join("; ", bars);
    }

    @Override void paint(Graphics2D graphics) {
        if (ratios) paintRatios(graphics);
        else
            paintBars(graphics);
    }

    private void paintBars(Graphics2D graphics) {
        Legend legend = new Legend(width());
        for (int s = 0; s < series.size(); s++) legend.add(series.get(s).name(), ChartStyle.colour(s), null);
        boolean labelled = series.size() * categories.size() <= LABELLED;
        Scale values = Scale.of(false, yRange, values(0));
        // room for the figure above the highest bar
        double room = yRange != null ? 1 : labelled ? 1.08 : 1.02;
        Plot plot = new Plot(graphics, this, Scale.of(categories),
                new Scale(false, room * values.low(), room * values.high(), 0, null), legend, 0);
        double zero = Math.max(plot.area.getMinY(), Math.min(plot.area.getMaxY(), plot.y(0)));
        for (int s = 0; s < series.size(); s++)
            for (int c = 0; c < categories.size(); c++) {
                double value = series.get(s).y()[c], end = plot.y(value);
                if (!Double.isFinite(value)) continue;
                double left = plot.x(c + FILL * ((double) s / series.size() - 0.5)),
                        width = plot.x(FILL / series.size()) - plot.x(0);
                graphics.setColor(ChartStyle.colour(s));
                plot.within(0, () -> graphics
                        .fill(new Rectangle2D.Double(left, Math.min(zero, end), width, Math.abs(end - zero))));
                if (!labelled || yRange != null && (value < yRange[0] || value > yRange[1])) continue;
                graphics.setColor(ChartStyle.INK);
                ChartStyle.write(graphics, ChartStyle.SMALL, Numbers.text(value), left + width / 2,
                        value < 0 ? end + 14 : end - 4, 0.5);
            }
    }

    /** All values, and the one where bars begin. */
    private Stream<double[]> values(double first) {
        return Stream.concat(Stream.of(new double[] {first}), series.stream().map(Series::y));
    }

    private void paintRatios(Graphics2D graphics) {
        Legend legend = new Legend(width());
        Color above = ChartStyle.colour(0), below = ChartStyle.colour(1);
        legend.add(series.get(0).name() + ", above 1", above, null);
        legend.add(series.get(0).name() + ", below 1", below, null);
        for (Series ring : series.subList(1, series.size())) legend.add(ring.name(), ChartStyle.INK, ChartStyle.POINT);
        Plot plot = new Plot(graphics, this, Scale.of(true, null, values(1)).free(false),
                Scale.of(categories).turned(), legend, 40);
        double one = plot.x(1);
        for (Series s : series)
            for (int c = 0; c < categories.size(); c++) {
                double end = plot.x(s.y()[c]), y = plot.y(c);
                if (Double.isNaN(end)) continue;
                if (s != series.get(0)) {
                    plot.disc(end, y, 5, Color.WHITE, ChartStyle.INK);
                    continue;
                }
                graphics.setColor(end < one ? below : above);
                graphics.fill(new Rectangle2D.Double(Math.min(one, end), y - 6, Math.abs(end - one), 12));
                graphics.setColor(ChartStyle.INK);
                ChartStyle.write(graphics, ChartStyle.SMALL, Numbers.text(s.y()[c], s.y()[c] < 9.95 ? 2 : 1),
                        Math.max(one, end) + 5, y + 4, 0);           // left of 1 the names begin
            }
        graphics.draw(new Line2D.Double(one, plot.area.getMinY(), one, plot.area.getMaxY()));
    }
}
