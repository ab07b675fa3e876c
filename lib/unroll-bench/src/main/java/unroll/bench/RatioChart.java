package unroll.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

/**
 * Draws how many times as long the others take as this library, for {@code run.py}: a bar from 1 for each workload on a
 * logarithmic axis, a ring for DL4J. {@link unroll.notebook.BarChart} has no bars that lie and none on a logarithmic
 * axis.
 *
 * <pre>{@code
 * printf 'LSTM layer\tlayer-lstm-B16-T32-I32-H64\t1.69\t20\n' | java -cp … unroll.bench.RatioChart RESULTS.png 'AMD EPYC, 2 cores'
 * }</pre>
 *
 * Reads lines of group, workload, ratio to PyTorch and ratio to DL4J, with tabs between them; the last may be missing.
 * White, so that it can be read on pages of any colour.
 */
public final class RatioChart {
    private static final int PIXELS = 2, WIDTH = 860, LEFT = 300, RIGHT = 60, TOP = 88, ROW = 20, GAP = 30, BOTTOM = 62;
    private static final double[] TICKS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
    private static final Color INK = new Color(0x262626), GRID = new Color(0xE3E3E3), FASTER = new Color(0x0072B2),
            SLOWER = new Color(0xD55E00);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16),
            HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 12),
            TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** The ratio to DL4J is NaN where DL4J has no such workload. */
    private record Row(String group, String workload, double torch, double dl4j) {
        static Row of(String line) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 4)
                throw new IllegalArgumentException(
                        "RatioChart: expected group, workload and two ratios but got " + line);
            return new Row(parts[0], parts[1], Double.parseDouble(parts[2]),
                    parts[3].isEmpty() ? Double.NaN : Double.parseDouble(parts[3]));
        }

        double least() { return Math.min(torch, Double.isNaN(dl4j) ? torch : dl4j); }

        double greatest() { return Math.max(torch, Double.isNaN(dl4j) ? torch : dl4j); }
    }

    private final List<Row> rows;
    private final String about;
    private final double low, high;                                        // of the axis

    private RatioChart(List<Row> rows, String about) {
        if (rows.isEmpty()) throw new IllegalArgumentException("RatioChart: expected at least one line");
        this.rows = rows;
        this.about = about;
        double least = rows.stream().mapToDouble(Row::least).min().orElse(1),
                most = rows.stream().mapToDouble(Row::greatest).max().orElse(1);
        if (least < TICKS[0] || most > TICKS[TICKS.length - 1])
            throw new IllegalArgumentException(
                    "RatioChart: expected ratios between 0.01 and 1000 but got " + least + " to " + most);
        int first = 0, last = TICKS.length - 1;
        while (TICKS[first + 1] <= Math.min(least, 0.5)) first++;
        while (TICKS[last - 1] >= Math.max(most, 2)) last--;
        low = TICKS[first];
        high = TICKS[last];
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2)
            throw new IllegalArgumentException("expected FILE.png and the machine but got " + List.of(arguments));
        List<Row> rows = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Row::of).toList();
        ImageIO.write(new RatioChart(rows, arguments[1]).image(), "png", Path.of(arguments[0]).toFile());
    }

    private BufferedImage image() {
        long groups = rows.stream().map(Row::group).distinct().count();
        int height = (int) (TOP + groups * GAP + rows.size() * ROW + BOTTOM);
        BufferedImage image = new BufferedImage(PIXELS * WIDTH, PIXELS * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PIXELS, PIXELS);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fill(new Rectangle2D.Double(0, 0, WIDTH, height));
        head(graphics);
        axis(graphics, height - BOTTOM);
        rows(graphics);
        graphics.dispose();
        return image;
    }

    private void head(Graphics2D graphics) {
        text(graphics, TITLE, "How many times as long the others take", 20, 30);
        text(graphics, TEXT, about, 20, 50);
        boolean dl4j = rows.stream().anyMatch(row -> !Double.isNaN(row.dl4j()));
        double end = key(graphics, FASTER, "PyTorch / Unroll, Unroll is faster", 20);
        end = key(graphics, SLOWER, "PyTorch / Unroll, PyTorch is faster", end);
        if (!dl4j) return;
        ring(graphics, end + 7, 68);
        text(graphics, TEXT, "DL4J / Unroll", end + 20, 72);
    }

    private static double key(Graphics2D graphics, Color colour, String name, double x) {
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(x, 63, 14, 10));
        text(graphics, TEXT, name, x + 20, 72);
        return x + 40 + length(name, TEXT);
    }

    private void axis(Graphics2D graphics, int bottom) {
        for (double tick : TICKS) {
            if (tick < low || tick > high) continue;
            graphics.setColor(tick == 1 ? INK : GRID);
            graphics.setStroke(new BasicStroke(tick == 1 ? 1.4f : 0.8f));
            graphics.draw(new Line2D.Double(at(tick), TOP, at(tick), bottom));
            String label = number(tick);
            text(graphics, TEXT, label, at(tick) - length(label, TEXT) / 2, bottom + 18);
        }
        String label = "time of the other / time of Unroll, logarithmic";
        text(graphics, TEXT, label, (LEFT + WIDTH - RIGHT - length(label, TEXT)) / 2, bottom + 42);
    }

    private void rows(Graphics2D graphics) {
        double y = TOP;
        String group = "";
        for (Row row : rows) {
            if (!row.group().equals(group)) {
                group = row.group();
                text(graphics, HEADING, group, 20, y + 22);
                y += GAP;
            }
            text(graphics, TEXT, row.workload(), 30, y + 14);
            double from = Math.min(at(1), at(row.torch())), to = Math.max(at(1), at(row.torch()));
            graphics.setColor(row.torch() < 1 ? SLOWER : FASTER);
            graphics.fill(new Rectangle2D.Double(from, y + 4, to - from, 12));
            String value = String.format(java.util.Locale.ROOT, row.torch() < 9.95 ? "%.2f" : "%.1f", row.torch());
            text(graphics, TEXT, value, row.torch() < 1 ? from - 5 - length(value, TEXT) : to + 5, y + 14);
            if (!Double.isNaN(row.dl4j())) ring(graphics, at(row.dl4j()), y + 10);
            y += ROW;
        }
    }

    private static void ring(Graphics2D graphics, double x, double y) {
        Ellipse2D ring = new Ellipse2D.Double(x - 5, y - 5, 10, 10);
        graphics.setColor(Color.WHITE);
        graphics.fill(ring);
        graphics.setColor(INK);
        graphics.setStroke(new BasicStroke(1.8f));
        graphics.draw(ring);
    }

    private double at(double ratio) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(ratio / low) / Math.log(high / low);
    }

    private static String number(double tick) {
        return tick < 1 ? Double.toString(tick) : Integer.toString((int) tick);
    }

    private static void text(Graphics2D graphics, Font font, String text, double x, double y) {
        graphics.setFont(font);
        graphics.setColor(INK);
        graphics.drawString(text, (float) x, (float) y);
    }

    private static double length(String text, Font font) {
        return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
    }
}
