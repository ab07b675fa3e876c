package unroll.notebook;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.knowm.xchart.CategoryChart;

/**
 * One bar for each category and series.
 *
 * <pre>{@code
 * Charts.bars("Nats per character", "model", "nats").add("validation", List.of("unigram", "bigram", "LSTM"), new double[] {3.3, 2.5, 1.6})
 * }</pre>
 */
public final class BarChart extends Chart {
    private static final double FILL = 0.7;                                // of a category's width

    private final List<Series> series = new ArrayList<>();
    private List<String> categories = List.of();
    private double[] yRange;

    BarChart(String title, String xLabel, String yLabel) { super(title, xLabel, yLabel); }

    /** Adds a series; all series of a chart have the same categories. */
    public BarChart add(String name, List<String> categories, double... values) {
        if (categories.size() != values.length)
            throw new ChartException(
                    "Chart " + title() + ": series " + name + " has " + values.length + " values for "
                            + categories.size() + " categories");
        if (!series.isEmpty() && !categories.equals(this.categories))
            throw new ChartException("Chart " + title() + ": series " + name + " has the categories " + categories
                    + ", the ones before it "
                    + this.categories + "; all series need the same");
        if (series.stream().anyMatch(s -> s.name().equals(name)))
            throw new ChartException(
                    "Chart " + title() + ": there is a series " + name + " already; give each its own name");
        series.add(new Series(name, IntStream.range(0, values.length).asDoubleStream().toArray(), values));
        this.categories = List.copyOf(categories);
        return this;
    }

    public BarChart add(String name, List<String> categories, float[] values) {
        return add(name, categories, XyChart.doubles(values));
    }

    public BarChart yRange(double low, double high) {
        if (!(low < high))
            throw new ChartException("Chart " + title() + ": yRange needs low < high but got " + low + " and " + high);
        yRange = new double[] {low, high};
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
            bars.add(s.name() + ": " + AltText.list(each));
        }
        return String.join("; ", bars);
    }

    @Override void paint(Graphics2D graphics, int width, int height) {
        CategoryChart chart = new CategoryChart(width, height);
        var style = chart.getStyler();
        ChartStyle.apply(style);
        style.setPlotGridVerticalLinesVisible(false);
        style.setAvailableSpaceFill(FILL);
        int longest = categories.stream().mapToInt(String::length).max().orElse(0);
        if (longest * 7.5 * categories.size() > width - 90) style.setXAxisLabelRotation(40);
        if (yRange != null) style.setYAxisMin(yRange[0]).setYAxisMax(yRange[1]);
        boolean labelled = series.size() * categories.size() <= 12;
        double top = series.stream().mapToDouble(Series::max).filter(Double::isFinite).max().orElse(0);
        // room for the figure above the highest bar
        if (yRange == null && labelled && top > 0) style.setYAxisMax(1.08 * top);
        for (Series s : series) {
            List<Double> values = new ArrayList<>();
            for (double v : s.y()) values.add(Double.isFinite(v) ? v : null);
            chart.addSeries(s.name(), categories, values);
        }
        chart.setTitle(ChartStyle.title(style, title(), width));
        chart.setXAxisTitle(xLabel());
        chart.setYAxisTitle(yLabel());
        Legend legend = new Legend(width);
        for (int i = 0; i < series.size(); i++) legend.add(series.get(i).name(), ChartStyle.colour(i), null);
        int plot = height - legend.height();
        chart.paint(graphics, width, plot);
        legend.paint(graphics, plot);
        if (labelled) label(graphics, chart);
    }

    /** Writes each value above its bar. */
    private void label(Graphics2D graphics, CategoryChart chart) {
        Font font = ChartStyle.font(Font.PLAIN, 12);
        graphics.setFont(font);
        graphics.setColor(ChartStyle.INK);
        // XChart has no positions on an axis that is shorter than this
        chart.getStyler().setXAxisTickMarkSpacingHint(1);
        double slot = chart.getScreenXFromChart(1) - chart.getScreenXFromChart(0);
        for (int s = 0; s < series.size(); s++)
            for (int c = 0; c < categories.size(); c++) {
                double value = series.get(s).y()[c];
                if (!Double.isFinite(value) || yRange != null && (value < yRange[0] || value > yRange[1])) continue;
                String text = Numbers.text(value);
                double centre = chart.getScreenXFromChart(c) + slot * (0.5 + FILL * ((s + 0.5) / series.size() - 0.5));
                double top = chart.getScreenYFromChart(value);
                graphics.drawString(text, (float) (centre - ChartStyle.length(text, font) / 2),
                        (float) (value < 0 ? top + 14 : top - 4));
            }
    }
}
