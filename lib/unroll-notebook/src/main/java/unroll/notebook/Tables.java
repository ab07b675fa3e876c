package unroll.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Starts a table of results: {@code Tables.of("model", "parameters", "nats").row("bigram", 4225, 2.47)}. */
public final class Tables {
    private static final int ROWS = 60, HEAD = 40, TAIL = 10;

    private Tables() {
    }

    /** A table with these columns and no rows. */
    public static ResultTable of(String... columns) {
        return new ResultTable(columns);
    }

    /** Any Tablesaw table, numbers formatted; of a long one the first and the last rows, and the count. */
    static Text text(Table table) {
        int n = table.rowCount();
        boolean all = n <= ROWS;
        Table shown = all ? table : table.first(HEAD).append(table.last(TAIL));
        List<List<String>> rows = new ArrayList<>();
        for (int r = 0; r < shown.rowCount(); r++) {
            int row = r;
            rows.add(shown.columns().stream().map(column -> cell(column, row)).toList());
        }
        String note = "The first " + HEAD + " and the last " + TAIL + " of " + Numbers.text((long) n) + " rows.";
        return new Text(table.columnNames(), table.columns().stream().map(c -> c instanceof NumericColumn<?>).toList(),
                rows, all ? "" : note);
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) return "–";
        Object value = column.get(row);
        if (value instanceof Double || value instanceof Float) return Numbers.text(((Number) value).doubleValue());
        return value instanceof Number number ? Numbers.text(number.longValue()) : column.getString(row);
    }

    /**
     * A table as it is shown, every cell a text.
     *
     * @param right which columns stand to the right: those of numbers
     * @param note  what is said below it, which may be nothing
     */
    record Text(List<String> columns, List<Boolean> right, List<List<String>> rows, String note) {
        /**
         * Sides are given by attribute for pages without styles (GitHub's), by style for those whose own says otherwise
         * (JupyterLab's).
         */
        String html() {
            StringBuilder html = new StringBuilder("<table>\n <thead>\n");
            row(html, "th", " scope=\"col\"", columns);
            html.append(" </thead>\n <tbody>\n");
            for (List<String> row : rows) row(html, "td", "", row);
            return html.append(" </tbody>\n</table>").append(note.isEmpty() ? "" : "\n<p>" + note + "</p>").toString();
        }

        private void row(StringBuilder html, String tag, String scope, List<String> cells) {
            html.append("  <tr>\n");
            for (int c = 0; c < cells.size(); c++) {
                String side = right.get(c) ? "right" : "left";
                html.append("   <").append(tag).append(scope).append(" align=\"").append(side)
                        .append("\" style=\"text-align: ").append(side).append("\">")
                        .append(Rendering.escape(cells.get(c)).replace("&quot;", "\""))
                        .append("</").append(tag).append(">\n");
            }
            html.append("  </tr>\n");
        }

        /** Lines of text, columns in line. */
        @Override public String toString() {
            int[] widths = IntStream.range(0, columns.size()).map(c -> Math.max(columns.get(c).length(),
                    rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))).toArray();
            StringBuilder lines = new StringBuilder();
            line(lines, columns, widths);
            line(lines, IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
            for (List<String> row : rows) line(lines, row, widths);
            return lines.append(note).toString().stripTrailing();
        }

        private void line(StringBuilder lines, List<String> cells, int[] widths) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String gap = " ".repeat(widths[c] - cells.get(c).length());
                line.append(c == 0 ? "" : "  ").append(right.get(c) ? gap + cells.get(c) : cells.get(c) + gap);
            }
            lines.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
