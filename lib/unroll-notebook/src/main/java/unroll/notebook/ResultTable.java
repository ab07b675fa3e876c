package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import unroll.tensor.Message;

/**
 * A table of results, made row by row; as the last expression of a cell it shows itself. Numbers stand to the right,
 * with four significant digits; {@code null} shows as a dash.
 *
 * <pre>{@code
 * Tables.of("model", "parameters", "nats per character")
 *       .row("bigram", 4225, 2.471)
 *       .row("LSTM 2×256", 863_000, 1.552)
 * }</pre>
 */
public final class ResultTable {
    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();

    ResultTable(String... columns) {
        this.columns = List.of(columns);
        if (columns.length == 0) throw new IllegalArgumentException("Tables: a table needs at least one column");
        if (Set.copyOf(this.columns).size() < columns.length)
            throw new IllegalArgumentException(
                    Message.of("Tables: each column needs its own name but got " + this.columns));
    }

    /** Adds a row: one value for each column. */
    public ResultTable row(Object... values) {
        if (values.length != columns.size())
            throw new IllegalArgumentException(Message.of("Tables: a row of " + values.length + " values "
                    + Arrays.toString(values) + " for the " + columns.size() + " columns " + columns));
        rows.add(values.clone());
        return this;
    }

    public List<String> columns() { return columns; }

    public int rowCount() { return rows.size(); }

    /** The value in a row (0 is the first) and column. */
    public Object value(int row, String column) {
        int c = columns.indexOf(column);
        if (c < 0)
            throw new IllegalArgumentException(Message.of("Tables: no column " + column + "; there are " + columns));
        return rows.get(row)[c];
    }

    private boolean numeric(int column) {
        return rows.stream().allMatch(row -> row[column] == null || row[column] instanceof Number);
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short;
    }

    /** Every cell as the text that is shown. */
    private List<List<String>> cells() {
        int[] decimals = IntStream.range(0, columns.size())
                .map(c -> rows.stream().map(row -> row[c]).filter(value -> value instanceof Number && !isWhole(value))
                        .mapToInt(value -> Numbers.decimals(((Number) value).doubleValue())).max().orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.length).mapToObj(c -> cell(row[c], decimals[c])).toList()).toList();
    }

    private static String cell(Object value, int decimals) {
        if (value == null) return "–";
        if (isWhole(value)) return Numbers.text(((Number) value).longValue());
        return value instanceof Number number ? Numbers.text(number.doubleValue(), decimals) : value.toString();
    }

    /**
     * Sides are given by attribute for pages without styles (GitHub's), by style for those whose own says otherwise
     * (JupyterLab's).
     */
    String html() {
        StringBuilder html = new StringBuilder("<table>\n <thead>\n");
        row(html, "th", " scope=\"col\"", columns);
        html.append(" </thead>\n <tbody>\n");
        for (List<String> row : cells()) row(html, "td", "", row);
        return html.append(" </tbody>\n</table>").toString();
    }

    private void row(StringBuilder html, String tag, String scope, List<String> cells) {
        html.append("  <tr>\n");
        for (int c = 0; c < cells.size(); c++) {
            String side = numeric(c) ? "right" : "left";
            html.append("   <").append(tag).append(scope).append(" align=\"").append(side)
                    .append("\" style=\"text-align: ").append(side).append("\">")
                    .append(Rendering.escape(cells.get(c)).replace("&quot;", "\""))
                    .append("</").append(tag).append(">\n");
        }
        html.append("  </tr>\n");
    }

    /** Lines of text, columns in line. */
    @Override public String toString() {
        List<List<String>> cells = cells();
        int[] widths = IntStream.range(0, columns.size()).map(c -> Math.max(columns.get(c).length(),
                cells.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))).toArray();
        StringBuilder lines = new StringBuilder();
        line(lines, columns, widths);
        line(lines, IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
        for (List<String> row : cells) line(lines, row, widths);
        return lines.toString().stripTrailing();
    }

    private void line(StringBuilder lines, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String gap = " ".repeat(widths[c] - cells.get(c).length());
            line.append(c == 0 ? "" : "  ").append(numeric(c) ? gap + cells.get(c) : cells.get(c) + gap);
        }
        lines.append(line.toString().stripTrailing()).append('\n');
    }
}
