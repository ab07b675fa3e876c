package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
            throw new IllegalArgumentException(Message.of(
                    "Tables: a row of " + values.length + " values " + Arrays.toString(values) + " for the "
                            + columns.size()
                            + " columns " + columns));
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

    /**
     * The same as a Tablesaw table: whole numbers as longs, other numbers as doubles, everything else as strings.
     * Tablesaw takes t and T for one name, so the later of such columns gets a number: {@code T (2)}.
     */
    public Table toTablesaw() {
        Table table = Table.create();
        for (int c = 0; c < columns.size(); c++) {
            int column = c;
            String name = columns.get(c);
            for (int n = 2; table.containsColumn(name); n++) name = columns.get(c) + " (" + n + ")";
            if (rows.stream().allMatch(row -> row[column] == null || isWhole(row[column]))) {
                LongColumn longs = LongColumn.create(name);
                rows.forEach(row -> longs.appendObj(row[column] == null ? null : ((Number) row[column]).longValue()));
                table.addColumns(longs);
            } else if (numeric(c)) {
                DoubleColumn doubles = DoubleColumn.create(name);
                rows.forEach(
                        row -> doubles.append(row[column] == null ? Double.NaN : ((Number) row[column]).doubleValue()));
                table.addColumns(doubles);
            } else {
                table.addColumns(StringColumn.create(name,
                        rows.stream().map(row -> row[column] == null ? "" : row[column].toString())));
            }
        }
        return table;
    }

    private boolean numeric(int column) {
        return rows.stream().allMatch(row -> row[column] == null || row[column] instanceof Number);
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short;
    }

    String html() { return text().html(); }

    /** The table with every cell as the text that is shown. */
    private Tables.Text text() {
        int[] decimals = IntStream.range(0, columns.size()).map(c -> rows.stream().map(row -> row[c])
                .filter(value -> value instanceof Number && !isWhole(value))
                .mapToInt(value -> Numbers.decimals(((Number) value).doubleValue())).max().orElse(0)).toArray();
        return new Tables.Text(columns, IntStream.range(0, columns.size()).mapToObj(this::numeric).toList(),
                rows.stream()
                        .map(row -> IntStream.range(0, row.length).mapToObj(c -> cell(row[c], decimals[c])).toList())
                        .toList(),
                "");
    }

    private static String cell(Object value, int decimals) {
        if (value == null) return "–";
        if (isWhole(value)) return Numbers.text(((Number) value).longValue());
        return value instanceof Number number ? Numbers.text(number.doubleValue(), decimals) : value.toString();
    }

    @Override public String toString() { return text().toString(); }
}
