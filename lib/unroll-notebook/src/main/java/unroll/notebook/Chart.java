package unroll.notebook;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

import unroll.tensor.Message;

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
public abstract sealed class Chart permits XyChart, BarChart, HeatMap, SurfaceChart {
    private final String title;
    private final String xLabel;
    private final String yLabel;
    private int width = 680;
    private int height = 400;

    Chart(String title, String xLabel, String yLabel) {
        this.title = named("title", title, title);
        this.xLabel = named("label of the x axis", xLabel, title);
        this.yLabel = named("label of the y axis", yLabel, title);
    }

    private static String named(String what, String text, String title) {
        if (text == null || text.isBlank())
            throw new ChartException(
                    "Chart " + title + ": the " + what + " is missing; say what a reader sees there, with its unit");
        return text;
    }

    public String title() { return title; }

    public String xLabel() { return xLabel; }

    public String yLabel() { return yLabel; }

    /** The width on the page; the image has twice as many pixels. */
    public int width() { return width; }

    /** The height on the page; the image has twice as many pixels. */
    public int height() { return height; }

    void resize(int width, int height) {
        if (width < 200 || height < 120 || width > 4000 || height > 4000)
            throw new ChartException("Chart " + title + ": a size of " + width + " × " + height
                    + " is not between 200 × 120 and 4000 × 4000");
        this.width = width;
        this.height = height;
    }

    /** The series in the order in which they were added. */
    public abstract List<Series> series();

    /** The series of that name. */
    public Series series(String name) {
        return series().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow(() -> new ChartException(
                "Chart " + title + ": no series " + name + "; there are "
                        + series().stream().map(Series::name).toList()));
    }

    abstract void paint(Graphics2D graphics, int width, int height);

    /**
     * The picture, {@code 2 width × 2 height} pixels.
     *
     * @throws ChartException if there is nothing to draw, or this machine has no fonts
     */
    public BufferedImage image() {
        if (series().stream().noneMatch(Series::drawable))
            throw new ChartException(
                    "Chart " + title + ": nothing to draw, "
                            + (series().isEmpty() ? "no series was added" : "no value is a finite number"));
        return Canvas.paint("Chart " + title, width, height, graphics -> paint(graphics, width, height));
    }

    /** {@link #image()} as a PNG file's bytes. */
    byte[] png() { return Canvas.png(image()); }

    /** Writes the picture as a PNG file, aside and then renamed; gives the path. */
    public Path save(Path path) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "chart", ".part");
            try {
                Files.write(part, png());
                Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    Message.of("Chart " + title + ": cannot write " + path + " (" + e.getMessage() + ")"), e);
        }
    }

    /** The picture in words. */
    String alt() {
        return AltText.of(kind() + ": " + title, "x: " + xLabel + ", y: " + yLabel, inWords());
    }

    abstract String kind();

    /** What is drawn. */
    abstract String inWords();

    @Override public String toString() {
        return "Chart \"" + title + "\" (" + yLabel + " over " + xLabel + ")"
                + series().stream().map(s -> "\n  " + s).collect(Collectors.joining());
    }
}
