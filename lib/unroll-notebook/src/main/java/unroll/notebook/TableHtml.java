package unroll.notebook;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jsoup.nodes.Element;

import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.html.HtmlWriteOptions;
import tech.tablesaw.io.html.HtmlWriter;

/** Tables as HTML (through Tablesaw's writer) and as aligned text. */
final class TableHtml {
    private static final int ROWS = 60, HEAD = 40, TAIL = 10;

    private TableHtml() {
    }

    /** Any Tablesaw table, numbers formatted; of a long one the first and the last rows, and the count. */
    static String of(Table table) {
        String html = of(text(shown(table)), numbers(table));
        return table.rowCount() <= ROWS ? html : html + "\n<p>" + counted(table) + "</p>";
    }

    /** The same as lines of text. */
    static String plain(Table table) {
        String lines = plain(text(shown(table)), numbers(table));
        return table.rowCount() <= ROWS ? lines : lines + "\n" + counted(table);
    }

    private static Table shown(Table table) {
        return table.rowCount() <= ROWS ? table : table.first(HEAD).append(table.last(TAIL));
    }

    private static String counted(Table table) {
        return "The first " + HEAD + " and the last " + TAIL + " of " + Numbers.text((long) table.rowCount())
                + " rows.";
    }

    private static boolean[] numbers(Table table) {
        boolean[] numbers = new boolean[table.columnCount()];
        for (int c = 0; c < numbers.length; c++) numbers[c] = table.column(c) instanceof NumericColumn<?>;
        return numbers;
    }

    /** Every cell as the text that is shown. */
    private static Table text(Table table) {
        List<StringColumn> text = new ArrayList<>();
        for (Column<?> column : table.columns()) {
            StringColumn cells = StringColumn.create(column.name());
            for (int r = 0; r < column.size(); r++) cells.append(cell(column, r));
            text.add(cells);
        }
        return table(text);
    }

    /**
     * A table to be shown. Tablesaw refuses a column whose name differs from another one only in case, but not that it
     * is renamed later.
     */
    static Table table(List<StringColumn> columns) {
        Table table = Table.create();
        List<String> names = columns.stream().map(StringColumn::name).toList();
        for (int c = 0; c < columns.size(); c++) table.addColumns(columns.get(c).setName("column " + c));
        for (int c = 0; c < columns.size(); c++) table.column(c).setName(names.get(c));
        return table;
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) return "–";
        Object value = column.get(row);
        if (value instanceof Double || value instanceof Float) return Numbers.text(((Number) value).doubleValue());
        return value instanceof Number number ? Numbers.text(number.longValue()) : column.getString(row);
    }

    /**
     * A table of texts; the marked columns stand to the right: by attribute for pages without styles (GitHub's), by
     * style for those whose own says otherwise (JupyterLab's).
     */
    static String of(Table text, boolean[] numbers) {
        StringWriter out = new StringWriter();
        new HtmlWriter().write(text, HtmlWriteOptions.builder(out).elementCreator((name, column, row) -> {
            Element element = new Element(name);
            if (name.equals("th")) element.attr("scope", "col");
            if (column == null) return element;
            String side = numbers[text.columnIndex(column)] ? "right" : "left";
            return element.attr("align", side).attr("style", "text-align: " + side);
        }).build());
        return out.toString().strip();
    }

    /** The table as lines of text, columns in line. */
    static String plain(Table text, boolean[] numbers) {
        int[] widths = new int[numbers.length];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = text.column(c).name().length();
            for (int r = 0; r < text.rowCount(); r++)
                widths[c] = Math.max(widths[c], text.get(r, c).toString().length());
        }
        StringBuilder lines = new StringBuilder();
        line(lines, text.columnNames().toArray(), widths, numbers);
        line(lines, Arrays.stream(widths).mapToObj("-"::repeat).toArray(), widths, numbers);
        for (int r = 0; r < text.rowCount(); r++) {
            int row = r;
            line(lines, text.columns().stream().map(column -> column.get(row)).toArray(), widths, numbers);
        }
        return lines.toString().stripTrailing();
    }

    private static void line(StringBuilder lines, Object[] cells, int[] widths, boolean[] numbers) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < cells.length; c++) {
            String gap = " ".repeat(widths[c] - cells[c].toString().length());
            line.append(c == 0 ? "" : "  ").append(numbers[c] ? gap + cells[c] : cells[c] + gap);
        }
        lines.append(line.toString().stripTrailing()).append('\n');
    }
}
