package unroll.notebook;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.knowm.xchart.BitmapEncoder;
import tech.tablesaw.api.Table;
import unroll.analysis.DescentPath;
import unroll.analysis.GateMap;
import unroll.analysis.GradientFlow;
import unroll.analysis.Jacobian;
import unroll.analysis.JacobianProducts;
import unroll.analysis.LossSurface;
import unroll.analysis.MatrixPowers;
import unroll.analysis.Perturbations;
import unroll.analysis.Spectrum;
import unroll.analysis.Trajectory;
import unroll.analysis.TruncationError;
import unroll.metrics.Calibration;
import unroll.nn.Module;
import unroll.train.ComparisonResult;
import unroll.train.TrainingRun;

/**
 * One value as a front end takes it: the same thing in several kinds of data, of which the front end shows the richest
 * that it knows.
 *
 * @param data     by MIME type; always with {@code text/plain}
 * @param metadata by MIME type: the size in which an image is shown, and its alternative text
 */
record Rendering(Map<String, Object> data, Map<String, Object> metadata) {
    static final String TEXT = "text/plain", HTML = "text/html", PNG = "image/png";

    /**
     * How values of one type look in a notebook.
     *
     * @param mimeType the kind of data that it gives, as kernels want to know it beforehand
     */
    record Renderer<T>(Class<T> type, String mimeType, Function<? super T, Rendering> rendering) {
        Rendering render(Object value) { return rendering.apply(type.cast(value)); }
    }

    /**
     * How the library's types look. What is not listed, such as tensors, shows as its {@code toString}, which every
     * kernel does by itself.
     */
    static List<Renderer<?>> all() {
        return List.of(
                new Renderer<>(Figure.class, PNG, Rendering::of),
                new Renderer<>(BufferedImage.class, PNG, Rendering::image),
                new Renderer<>(org.knowm.xchart.internal.chartpart.Chart.class, PNG, Rendering::image),
                new Renderer<>(ResultTable.class, HTML, Rendering::of),
                new Renderer<>(Table.class, HTML, t -> html(Tables.text(t).toString(), Tables.text(t).html())),
                new Renderer<>(ColouredText.class, HTML, text -> html(text.toString(), text.html())),
                new Renderer<>(Sentence.class, HTML, sentence -> html(sentence.toString(), sentence.html())),
                new Renderer<>(Help.class, HTML, help -> html(help.toString(), help.html())),
                new Renderer<>(Module.class, HTML, model -> html(model.toString(), page(model))),
                new Renderer<>(TrainingRun.class, PNG, Rendering::lastPart),
                new Renderer<>(ComparisonResult.class, PNG, Rendering::lastPart),
                figure(Jacobian.class, Figures::of), figure(JacobianProducts.class, Figures::of),
                figure(GradientFlow.class, Figures::of), figure(GateMap.class, Figures::of),
                figure(Trajectory.class, Figures::of), figure(LossSurface.class, Figures::of),
                figure(DescentPath.class, Figures::of), figure(Spectrum.class, Figures::of),
                figure(MatrixPowers.class, Figures::of), figure(TruncationError.class, Figures::of),
                figure(Perturbations.class, Figures::of), figure(Calibration.class, Figures::of));
    }

    /**
     * An analysis shows itself as its chart; as its words if it has nothing that can be drawn, such as norms that are
     * all zero.
     */
    private static <R> Renderer<R> figure(Class<R> type, Function<R, Chart> chart) {
        return new Renderer<>(type, PNG, result -> {
            try {
                return of(chart.apply(result));
            } catch (ChartException e) {
                return html(result.toString(), "<p>" + escape(result.toString()) + "</p>");
            }
        });
    }

    /**
     * What is shown one below the other: a training or a comparison as its table and, where there is something to draw,
     * its chart; any other value as itself. In one page the picture would be lost where pages may not embed any, as on
     * GitHub.
     */
    static List<Object> parts(Object value) {
        if (value instanceof TrainingRun run) return parts(LossChart.table(run), LossChart.of(run));
        if (value instanceof ComparisonResult result)
            return parts(ComparisonView.table(result), ComparisonView.chart(result));
        return Collections.singletonList(value);
    }

    private static List<Object> parts(ResultTable table, Chart chart) {
        return chart.drawable() ? List.of(table, chart) : List.of(table);
    }

    /** Of a value of several parts the last one; the kernel's front shows those before it. */
    private static Rendering lastPart(Object value) {
        List<Object> parts = parts(value);
        return parts.get(parts.size() - 1) instanceof Figure figure ? of(figure) : of((ResultTable) parts.get(0));
    }

    static Rendering of(Figure figure) {
        return picture(figure.toString(), figure.alt(), figure.png(), figure.width(), figure.height());
    }

    private static Rendering of(ResultTable table) { return html(table.toString(), table.html()); }

    /** A picture of a reader's own, of which nothing more is known. */
    private static Rendering image(BufferedImage image) {
        String words = "Picture of " + image.getWidth() + " × " + image.getHeight() + " pixels";
        return picture(words, words + ".", Png.of(image), image.getWidth(), image.getHeight());
    }

    /**
     * A chart that a reader made with XChart itself: box plots, radar charts and what else the library's do not draw.
     */
    private static Rendering image(org.knowm.xchart.internal.chartpart.Chart<?, ?> chart) {
        String words = "XChart: " + (chart.getTitle().isEmpty() ? "a chart without title" : chart.getTitle());
        return picture(words, words + ".", Png.of(BitmapEncoder.getBufferedImage(chart)), chart.getWidth(),
                chart.getHeight());
    }

    private static Rendering picture(String text, String alt, byte[] png, int width, int height) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(TEXT, text);
        data.put(PNG, Base64.getEncoder().encodeToString(png));
        return new Rendering(data, Map.of(PNG, Map.of("width", width, "height", height, "alt", alt)));
    }

    /** Text for a console and HTML for a page. */
    static Rendering html(String text, String html) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(TEXT, text);
        data.put(HTML, html);
        return new Rendering(data, Map.of());
    }

    /** The model's words about itself, and its parameters by path. */
    private static String page(Module model) {
        ResultTable table = Tables.of("parameter", "shape", "numbers");
        model.namedParameters().forEach((path, p) -> table.row(path, Arrays.toString(p.shape()), p.size()));
        table.row("all", "", model.parameterCount());
        return "<p><code>" + escape(model.toString()) + "</code></p>\n" + table.html();
    }

    /** Text so that a page shows it as it is. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
