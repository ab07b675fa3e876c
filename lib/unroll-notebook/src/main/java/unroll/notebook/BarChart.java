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

    /** Where whiskers begin and end; nowhere for a series without. */
    private record Whiskers(double[] low, double[] high) {
    }

    private final List<Series> series = new ArrayList<>();
    private final List<Whiskers> whiskers = new ArrayList<>();
    private List<String> categories = List.of();
    private double[] yRange;
    private boolean ratios, lying;

    BarChart(String title, String xLabel, String yLabel) { super(title, xLabel, yLabel); }

    /** Adds a series; all series of a chart have the same categories. */
    public BarChart add(String name, List<String> categories, double... values) {
        return add(name, categories, values, new double[0], new double[0]);
    }

    /** The same with a whisker at each bar from low to high: an interval, or the range over seeds. */
    public BarChart add(String name, List<String> categories, double[] values, double[] low, double[] high) {
        if (low.length != high.length || low.length > 0 && low.length != values.length)
            throw wrong("series " + name + " has " + values.length + " values but whiskers from " + low.length + " to "
                    + high.length + " numbers");
        if (categories.size() != values.length)
            throw wrong("series " + name + " has " + values.length + " values for " + categories.size()
                    + " categories");
        if (!series.isEmpty() && !categories.equals(this.categories))
            throw wrong("series " + name + " has the categories " + categories + ", the ones before it "
                    + this.categories + "; all series need the same");
        if (series.stream().anyMatch(s -> s.name().equals(name)))
            throw wrong("there is a series " + name + " already; give each its own name");
        series.add(Series.of(name, values));
        whiskers.add(new Whiskers(low.clone(), high.clone()));
        this.categories = List.copyOf(categories);
        return this;
    }

    public BarChart yRange(double low, double high) {
        yRange = range("yRange", low, high);
        return this;
    }

    /** Bars from left to right, one category below the other: room for long names. */
    public BarChart lying() {
        lying = true;
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

    @Override String xTitle() { return lying ? yLabel() : xLabel(); }

    @Override String yTitle() { return lying ? xLabel() : yLabel(); }

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
        // room for the figure beyond the longest bar
        double room = yRange != null ? 1 : !labelled ? 1.02 : lying ? 1.12 : 1.08;
        Scale numbers = new Scale(false, room * values.low(), room * values.high(), 0, null),
                names = Scale.of(categories);
        Plot plot = lying
                ? new Plot(graphics, this, numbers, names.turned(), legend, 0)
                : new Plot(graphics, this, names, numbers, legend, 0);
        plot.within(0, () -> bars(graphics, plot));
        if (!labelled) return;
        graphics.setColor(ChartStyle.INK);
        for (int s = 0; s < series.size(); s++) for (int c = 0; c < categories.size(); c++) label(graphics, plot, s, c);
    }

    private void bars(Graphics2D graphics, Plot plot) {
        double zero = along(plot, yRange == null ? 0 : Math.max(yRange[0], Math.min(yRange[1], 0))),
                thickness = Math.abs(across(plot, FILL / series.size()) - across(plot, 0));
        for (int s = 0; s < series.size(); s++) for (int c = 0; c < categories.size(); c++) {
            double end = along(plot, series.get(s).y()[c]), middle = middle(plot, s, c), first = middle - thickness / 2;
            if (Double.isNaN(end)) continue;
            double from = Math.min(zero, end), length = Math.abs(end - zero);
            graphics.setColor(ChartStyle.colour(s));
            graphics.fill(lying
                    ? new Rectangle2D.Double(from, first, length, thickness)
                    : new Rectangle2D.Double(first, from, thickness, length));
            if (whiskers.get(s).low.length == 0) continue;
            graphics.setColor(ChartStyle.INK);
            whisker(graphics, along(plot, whiskers.get(s).low[c]), along(plot, whiskers.get(s).high[c]), middle);
        }
    }

    private void whisker(Graphics2D graphics, double low, double high, double middle) {
        if (Double.isNaN(low) || Double.isNaN(high)) return;
        line(graphics, low, middle, high, middle);
        for (double end : new double[] {low, high}) line(graphics, end, middle - 4, end, middle + 4);
    }

    private void line(Graphics2D graphics, double from, double beside, double to, double besideTo) {
        graphics.draw(lying
                ? new Line2D.Double(from, beside, to, besideTo)
                : new Line2D.Double(beside, from, besideTo, to));
    }

    /** The value of a bar, beyond its end and its whisker. */
    private void label(Graphics2D graphics, Plot plot, int s, int c) {
        double value = series.get(s).y()[c];
        if (!Double.isFinite(value) || yRange != null && (value < yRange[0] || value > yRange[1])) return;
        Whiskers own = whiskers.get(s);
        double beyond = own.low.length == 0 ? value : value < 0 ? own.low[c] : own.high[c],
                end = along(plot, Double.isFinite(beyond) ? beyond : value), middle = middle(plot, s, c);
        String text = Numbers.text(value);
        if (lying)
            ChartStyle.write(graphics, ChartStyle.SMALL, text, value < 0 ? end - 5 : end + 5, middle + 4,
                    value < 0 ? 1 : 0);
        else
            ChartStyle.write(graphics, ChartStyle.SMALL, text, middle, value < 0 ? end + 14 : end - 4, 0.5);
    }

    /** Where a value is, from where bars begin to where they end. */
    private double along(Plot plot, double value) {
        return lying ? plot.x(value) : plot.y(value);
    }

    private double across(Plot plot, double place) { return lying ? plot.y(place) : plot.x(place); }

    private double middle(Plot plot, int s, int c) {
        return across(plot, c + FILL * ((s + 0.5) / series.size() - 0.5));
    }

    /** All values, and the one where bars begin. */
    private Stream<double[]> values(double first) {
        return Stream.of(Stream.of(new double[] {first}), series.stream().map(Series::y),
                whiskers.stream().flatMap(w -> Stream.of(w.low, w.high))).flatMap(all -> all);
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
