package unroll.notebook;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A picture of numbers: title, axes, named series. Made by {@link Charts}; as the last expression of a cell it shows
 * itself.
 *
 * <pre>{@code
 * var chart = Charts.lines("Training", "step", "loss, nats").add("LSTM", losses);
 * chart.save(Path.of("loss.png"));
 * chart.series("LSTM").last();
 * }</pre>
 */
public abstract sealed class Chart extends Figure permits XyChart, BarChart, HeatMap, SurfaceChart {
    private final String xLabel;
    private final String yLabel;
    private int width = 680;
    private int height = 400;

    Chart(String title, String xLabel, String yLabel) {
        super("Chart", title);
        this.xLabel = xLabel;
        this.yLabel = yLabel;
        requireText("title", title);
        requireText("label of the x axis", xLabel);
        requireText("label of the y axis", yLabel);
    }

    private void requireText(String what, String text) {
        if (text == null || text.isBlank())
            throw wrong("the " + what + " is missing; say what a reader sees there, with its unit");
    }

    public String xLabel() { return xLabel; }

    public String yLabel() { return yLabel; }

    /** What is written at the x axis. */
    String xTitle() { return xLabel; }

    /** What is written at the y axis. */
    String yTitle() { return yLabel; }

    @Override public int width() { return width; }

    @Override public int height() { return height; }

    void resize(int width, int height) {
        if (width < 200 || height < 120 || width > 4000 || height > 4000)
            throw wrong("a size of " + width + " × " + height + " is not between 200 × 120 and 4000 × 4000");
        this.width = width;
        this.height = height;
    }

    double[] range(String what, double low, double high) {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high))
            throw wrong(what + " needs low < high but got " + low + " and " + high);
        return new double[] {low, high};
    }

    /** The series in the order in which they were added. */
    public abstract List<Series> series();

    /** The series of that name. */
    public Series series(String name) {
        return series().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow(
                () -> wrong("no series " + name + "; there are " + series().stream().map(Series::name).toList()));
    }

    boolean drawable() { return series().stream().anyMatch(Series::drawable); }

    @Override public BufferedImage image() {
        if (!drawable())
            throw wrong("nothing to draw, "
                    + (series().isEmpty() ? "no series was added" : "no value is a finite number"));
        return super.image();
    }

    @Override String alt() { return sentences(kind() + ": " + title(), "x: " + xLabel + ", y: " + yLabel, inWords()); }

    abstract String kind();

    /** What is drawn. */
    abstract String inWords();

    @Override public String toString() {
        return "Chart \"" + title() + "\" (" + yLabel + " over " + xLabel + ")"
                + series().stream().map(s -> "\n  " + s).collect(Collectors.joining());
    }
}
