package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import unroll.notebook.XyChart.Drawn;
import unroll.notebook.XyChart.Mark;

/** Hands an {@link XyChart} to XChart, and goes around what XChart does badly: axes, ticks and the legend. */
record XyPainting(XyChart chart, List<Drawn> drawn, Axes axes) {
    /** How the axes were chosen; null where XChart finds the range, or there is no axis on the right. */
    record Axes(boolean logX, boolean logY, double[] xRange, double[] yRange, String rightLabel) {
    }

    void paint(Graphics2D graphics, int width, int height) {
        XYChart picture = new XYChart(width, height);
        var style = picture.getStyler();
        ChartStyle.apply(style);
        Scale x = Scale.of(axes.logX, axes.xRange, drawn.stream().map(d -> d.series().x()));
        Scale left = Scale.of(axes.logY, axes.yRange, drawn.stream().filter(d -> !d.right()).map(d -> d.series().y()));
        Scale y = axes.rightLabel == null
                ? left
                : left.and(Scale.of(false, null, drawn.stream().filter(Drawn::right).map(d -> d.series().y())));
        picture.setCustomXAxisTickLabelsFormatter(x::label);
        picture.setCustomYAxisTickLabelsFormatter(y::label);
        if (axes.xRange != null || x.log()) style.setXAxisMin(x.low()).setXAxisMax(x.high());
        if (axes.yRange != null || y.log()) style.setYAxisMin(y.low()).setYAxisMax(y.high());
        Legend legend = new Legend(width);
        for (Drawn d : drawn) add(picture, d, x, y, legend);
        if (picture.getSeriesMap().isEmpty())
            throw new ChartException(
                    "Chart " + chart.title() + ": nothing to draw; a logarithmic axis takes values above zero only");
        roundTicks(picture, axes.logX ? 0 : (int) (0.85 * width));
        if (axes.rightLabel != null) {
            picture.setYAxisGroupTitle(1, axes.rightLabel);
            style.setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
        }
        picture.setTitle(ChartStyle.title(style, chart.title(), width));
        picture.setXAxisTitle(chart.xLabel());
        picture.setYAxisTitle(chart.yLabel());
        int plot = height - legend.height();
        if (x.log() || y.log()) logGrid(picture, x, y, graphics, width, plot);
        picture.paint(graphics, width, plot);
        legend.paint(graphics, plot);
        label(picture, x, y, graphics, width);
    }

    /**
     * Writes the labels of paths above their points, first come, first served: one that would touch another is left
     * out.
     */
    private void label(XYChart picture, Scale xScale, Scale yScale, Graphics2D graphics, int width) {
        Font font = ChartStyle.font(Font.PLAIN, 12);
        List<Rectangle2D> taken = new ArrayList<>();
        // XChart has no positions on an axis that is shorter than this
        picture.getStyler().setXAxisTickMarkSpacingHint(1);
        graphics.setFont(font);
        for (Drawn d : drawn)
            for (int i = 0; i < d.labels().size(); i++) {
                double x = xScale.place(d.series().x()[i]), y = yScale.place(d.series().y()[i]);
                String text = d.labels().get(i);
                if (Double.isNaN(x) || Double.isNaN(y) || text.isEmpty()) continue;
                double at = picture.getScreenXFromChart(x), base = picture.getScreenYFromChart(y) - 6,
                        length = ChartStyle.length(text, font);
                // on the other side where the picture ends
                double left = at + 5 + length > width - 4 ? at - 5 - length : at + 5;
                Rectangle2D room = new Rectangle2D.Double(left - 2, base - 11, length + 4, 14);
                if (taken.stream().anyMatch(room::intersects)) continue;
                taken.add(room);
                graphics.setColor(d.colour());
                graphics.drawString(text, (float) left, (float) base);
            }
    }

    /** Lays the chart out, paints our lines and labels, and lets XChart paint no more than the rest over them. */
    private static void logGrid(XYChart picture, Scale x, Scale y, Graphics2D graphics, int width, int height) {
        var style = picture.getStyler();
        style.setChartBackgroundColor(ChartStyle.CLEAR).setPlotBackgroundColor(ChartStyle.CLEAR);
        if (x.log())
            style.setXAxisTickLabelsColor(ChartStyle.CLEAR).setXAxisTickMarksColor(ChartStyle.CLEAR)
                    .setPlotGridVerticalLinesVisible(false);
        if (y.log())
            style.setYAxisTickLabelsColor(ChartStyle.CLEAR).setYAxisTickMarksColor(ChartStyle.CLEAR)
                    .setPlotGridHorizontalLinesVisible(false);
        if (!x.log()) style.setXAxisMin(x.low()).setXAxisMax(x.high() > x.low() ? x.high() : x.low() + 1);
        if (!y.log()) style.setYAxisMin(y.low()).setYAxisMax(y.high() > y.low() ? y.high() : y.low() + 1);
        Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        picture.paint(nowhere, width, height);
        nowhere.dispose();
        new LogGrid(picture, x, y).paint(graphics);
    }

    private static void add(XYChart picture, Drawn d, Scale xScale, Scale yScale, Legend legend) {
        double[] x = d.mark() == Mark.STEPS ? corners(d.series().x(), 1) : d.series().x(),
                y = d.mark() == Mark.STEPS ? corners(d.series().y(), 0) : d.series().y();
        boolean some = false;
        for (int i = 0; i < y.length; i++) {
            x[i] = xScale.place(x[i]);
            y[i] = Double.isNaN(x[i]) ? Double.NaN : d.right() ? finite(y[i]) : yScale.place(y[i]);
            some |= !Double.isNaN(y[i]);
        }
        // XChart has no axis for a series without values
        if (!some) return;
        XYSeries series = picture.addSeries("series " + picture.getSeriesMap().size(), x, y);
        boolean pointsOnly = d.mark() == Mark.POINTS || d.series().size() == 1;
        BasicStroke stroke = switch (d.mark()) {
            case DASHES -> ChartStyle.DASHED;
            case THIN -> ChartStyle.THIN;
            default -> ChartStyle.SOLID;
        };
        series.setXYSeriesRenderStyle(
                d.mark() == Mark.STEPS
                        ? XYSeriesRenderStyle.Area
                        : pointsOnly ? XYSeriesRenderStyle.Scatter : XYSeriesRenderStyle.Line);
        series.setMarker(pointsOnly || d.mark() == Mark.MARKED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(d.colour()).setLineStyle(stroke).setLineColor(d.colour());
        if (d.mark() == Mark.STEPS) series.setFillColor(ChartStyle.faint(d.colour(), 0.4));
        if (d.right()) series.setYAxisGroup(1);
        if (d.mark() != Mark.THIN && !legend.has(d.series().name()))
            legend.add(d.series().name(), d.colour(), pointsOnly ? ChartStyle.POINT : stroke);
        if (series.getXYSeriesRenderStyle() == XYSeriesRenderStyle.Line && d.mark() != Mark.MARKED)
            addLonePoints(picture, d, x, y);
    }

    /** A point between two gaps: no line leads to it, so it is drawn by itself. */
    private static void addLonePoints(XYChart picture, Drawn d, double[] x, double[] y) {
        int[] lone = IntStream.range(0, y.length).filter(i -> !Double.isNaN(y[i]) && (i == 0 || Double.isNaN(y[i - 1]))
                && (i == y.length - 1 || Double.isNaN(y[i + 1]))).toArray();
        if (lone.length == 0) return;
        XYSeries points = picture.addSeries("series " + picture.getSeriesMap().size(),
                Arrays.stream(lone).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(lone).mapToDouble(i -> y[i]).toArray());
        points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(d.colour());
        if (d.right()) points.setYAxisGroup(1);
    }

    /**
     * XChart puts ticks at the values themselves when these are equally spaced; a hidden series with uneven ones brings
     * it back to round numbers. Between whole numbers, such as steps, there are no ticks.
     */
    private static void roundTicks(XYChart picture, int length) {
        double[] x = picture.getSeriesMap().values().stream().flatMapToDouble(s -> Arrays.stream(s.getXData()))
                .filter(Double::isFinite).toArray();
        double low = Arrays.stream(x).min().orElse(0), high = Arrays.stream(x).max().orElse(1);
        double y = Arrays.stream(picture.getSeriesMap().values().iterator().next().getYData()).filter(Double::isFinite)
                .findFirst().orElse(1);
        picture.addSeries("ticks", new double[] {low, low + 0.3719 * (high - low), high}, new double[] {y, y, y})
                .setEnabled(false);
        if (high > low && high - low < 10 && Arrays.stream(x).allMatch(v -> v == Math.rint(v)))
            picture.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(80, length / (high - low)));
    }

    private static double finite(double value) { return Double.isFinite(value) ? value : Double.NaN; }

    /** Each value twice, shifted against the other axis by one: the corners of a flight of steps. */
    private static double[] corners(double[] values, int shift) {
        double[] corners = new double[2 * values.length - 1];
        for (int i = 0; i < corners.length; i++) corners[i] = values[(i + shift) / 2];
        return corners;
    }
}
