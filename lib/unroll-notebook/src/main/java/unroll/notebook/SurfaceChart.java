package unroll.notebook;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.analysis.Axis;
import unroll.analysis.DescentPath;
import unroll.analysis.LossSurface;

/**
 * A loss over two parameters as colours with lines of equal loss, and ways of descent on it. Where no loss is below
 * zero the colours are logarithmic.
 *
 * <pre>{@code
 * Figures.of(surface, plain, clipped)
 * }</pre>
 *
 * A path that leaves the picture is cut at its border, with an arrow there and the step in the legend. Losses that are
 * not finite are grey.
 */
public final class SurfaceChart extends Chart {
    private final LossSurface surface;
    private final List<DescentPath> paths;

    SurfaceChart(String title, LossSurface surface, List<DescentPath> paths) {
        super(title, surface.a().name(), surface.b().name());
        this.surface = surface;
        this.paths = List.copyOf(paths);
        resize(680, 520);
    }

    /** The size on the page. */
    public SurfaceChart size(int width, int height) {
        resize(width, height);
        return this;
    }

    /** The losses over the first parameter, a row for each value of the second; then the losses along each path. */
    @Override public List<Series> series() {
        Axis a = surface.a(), b = surface.b();
        double[][] losses = surface.losses();
        double[] x = IntStream.range(0, a.points()).mapToDouble(a::value).toArray();
        List<Series> series = new ArrayList<>();
        for (int j = 0; j < b.points(); j++) {
            int row = j;
            series.add(
                    new Series(b.name() + " = " + Numbers.text(b.value(j)), x,
                            Arrays.stream(losses).mapToDouble(column -> column[row]).toArray()));
        }
        for (DescentPath path : paths)
            series.add(
                    new Series(path.name(), IntStream.range(0, path.size()).asDoubleStream().toArray(), path.losses()));
        return series;
    }

    @Override public String toString() {
        return "Chart \"" + title() + "\": " + surface
                + String.join("", paths.stream().map(path -> "\n  " + path).toList());
    }

    @Override String kind() { return "Loss surface"; }

    @Override String inWords() {
        List<Series> series = series();
        int rows = series.size() - paths.size();
        List<String> ways = series.subList(rows, series.size()).stream()
                .map(s -> s.name() + " (loss from " + Numbers.text(s.first()) + " to " + Numbers.text(s.last()) + ")")
                .toList();
        return "Losses " + AltText.range(series.subList(0, rows))
                + (ways.isEmpty() ? "" : ". Paths: " + AltText.list(ways));
    }

    @Override void paint(Graphics2D graphics, int width, int height) {
        new SurfacePainting(title(), surface, paths).paint(graphics, width, height);
    }
}
