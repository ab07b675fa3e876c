package unroll.notebook;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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
 * How the library's types look in a notebook. What is not listed, such as tensors, shows as its {@code toString}, which
 * every kernel does by itself.
 */
final class Renderers {
    private Renderers() {
    }

    static List<Renderer<?>> all() {
        return List.of(
                new Renderer<>(Chart.class, Rendering::chart),
                new Renderer<>(GraphFigure.class, Rendering.PNG, Rendering::graph),
                new Renderer<>(PictureGrid.class, Rendering.PNG, Rendering::grid),
                new Renderer<>(BufferedImage.class, Rendering.PNG, Rendering::image),
                new Renderer<>(ResultTable.class, table -> Rendering.html(table.toString(), table.html())),
                new Renderer<>(Table.class, table -> Rendering.html(TableHtml.plain(table), TableHtml.of(table))),
                new Renderer<>(ColouredText.class, text -> Rendering.html(text.toString(), text.html())),
                new Renderer<>(Help.class, help -> Rendering.html(help.toString(), help.html())),
                new Renderer<>(Module.class, model -> Rendering.html(model.toString(), html(model))),
                lastPart(TrainingRun.class), lastPart(ComparisonResult.class),
                figure(Jacobian.class, Figures::of), figure(JacobianProducts.class, Figures::of),
                figure(GradientFlow.class, Figures::of),
                figure(GateMap.class, Figures::of), figure(Trajectory.class, Figures::of),
                figure(LossSurface.class, Figures::of),
                figure(DescentPath.class, Figures::of), figure(Spectrum.class, Figures::of),
                figure(MatrixPowers.class, Figures::of),
                figure(TruncationError.class, Figures::of), figure(Perturbations.class, Figures::of),
                figure(Calibration.class, Figures::of));
    }

    /**
     * An analysis shows itself as its chart; as its words if it has nothing that can be drawn, such as norms that are
     * all zero.
     */
    private static <R> Renderer<R> figure(Class<R> type, Function<R, Chart> chart) {
        return new Renderer<>(type, Rendering.PNG, result -> {
            try {
                return Rendering.chart(chart.apply(result));
            } catch (ChartException e) {
                return Rendering.html(result.toString(), "<p>" + Rendering.escape(result.toString()) + "</p>");
            }
        });
    }

    /** The model's words about itself, and its parameters by path. */
    private static String html(Module model) {
        ResultTable table = Tables.of("parameter", "shape", "numbers");
        model.namedParameters().forEach((path, p) -> table.row(path, Arrays.toString(p.shape()), p.size()));
        table.row("all", "", model.parameterCount());
        return "<p><code>" + Rendering.escape(model.toString()) + "</code></p>\n" + table.html();
    }

    /**
     * What is shown one below the other: a training or a comparison as its table and, where there is something to draw,
     * its chart; any other value as itself. In one page the picture would be lost where pages may not embed any, as on
     * GitHub.
     */
    static List<Object> parts(Object value) {
        if (value instanceof TrainingRun run)
            return LossChart.drawable(run) ? List.of(table(run), LossChart.of(run)) : List.of(table(run));
        if (value instanceof ComparisonResult result) {
            ResultTable table = ComparisonView.table(result);
            return ComparisonView.drawable(result) ? List.of(table, ComparisonView.chart(result)) : List.of(table);
        }
        return Collections.singletonList(value);
    }

    /** Of a value of several parts the last one; the kernel's front shows those before it. */
    private static <R> Renderer<R> lastPart(Class<R> type) {
        return new Renderer<>(type, Rendering.PNG, value -> {
            List<Object> parts = parts(value);
            Object last = parts.get(parts.size() - 1);
            return last instanceof Chart chart
                    ? Rendering.chart(chart)
                    : Rendering.html(last.toString(), ((ResultTable) last).html());
        });
    }

    /** The run in one row. */
    private static ResultTable table(TrainingRun run) {
        return Tables.of("model", "outcome", "steps", "last loss", "best validation")
                .row(run.model(), words(run.outcome()), run.steps().size(), run.lastLoss(50),
                        run.validations().isEmpty() ? null : run.bestValidation());
    }

    /** An outcome in a sentence: {@code STOPPED_EARLY} as "stopped early". */
    static String words(TrainingRun.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
