package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

import unroll.data.DatasetException.Reason;

/**
 * A reader's own labelled texts from a table with a header: comma-separated, or tab-separated where the name ends in {@code .tsv} or {@code .tab}.
 *
 * <pre>{@code
 * List<LabelledText> mails = TextTable.read(Path.of("mails.csv"), "body", "folder");
 * }</pre>
 *
 * Cells may be quoted and then hold separators and line ends; blank lines are skipped. All columns are read as text, so a label 1 stays "1", a text "NA"
 * stays "NA", and "#fun" is no comment.
 */
public final class TextTable {
    private static final int MAX_CELL = 1_000_000, MAX_COLUMNS = 1_000;

    private TextTable() {
    }

    /** The texts of one column, in lower-case words and punctuation marks, with the labels of another one. */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn) {
        return read(file, textColumn, labelColumn, Tokenizer.wordsAndPunctuation().lowercase());
    }

    /**
     * The same, in tokens of the reader's choice.
     *
     * @throws DatasetException if the file cannot be read, has more than 200 MB, rows of different lengths, a cell of more than 1,000,000 characters, no
     *         column of a name, or an empty text or label
     * @throws MalformedTextException if it is not UTF-8
     */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn, Tokenizer tokenizer) {
        String name = "Table " + file.getFileName();
        Table table = table(TextFile.read(file, name), name, separator(file));
        int texts = column(table, textColumn, name, separator(file)), labels = column(table, labelColumn, name, separator(file));
        if (table.rowCount() == 0) throw new EmptyCorpusException(name + ": it has a header but no rows");
        List<LabelledText> all = new ArrayList<>();
        for (int row = 0; row < table.rowCount(); row++) {
            List<String> words = tokenizer.tokens(table.getString(row, texts));
            String label = table.getString(row, labels).strip();
            if (words.isEmpty()) throw unreadable(name, "row " + (row + 1) + " below the header has an empty text in column " + textColumn, null);
            if (label.isEmpty()) throw unreadable(name, "row " + (row + 1) + " below the header has an empty label in column " + labelColumn, null);
            all.add(new LabelledText(words, label));
        }
        return List.copyOf(all);
    }

    private static char separator(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".tsv") || name.endsWith(".tab") ? '\t' : ',';
    }

    private static Table table(String text, String name, char separator) {
        if (text.isBlank()) throw new EmptyCorpusException(name + ": it is empty; expected a header and rows");
        try {
            return Table.read().usingOptions(CsvReadOptions.builderFromString(text).separator(separator).header(true)
                    .columnTypes(column -> ColumnType.STRING).missingValueIndicator("").commentPrefix('\0').maxCharsPerColumn(MAX_CELL)
                    .maxNumberOfColumns(MAX_COLUMNS)
                    .build());
        } catch (RuntimeException e) {                                     // Tablesaw and the parser below it throw many kinds
            throw unreadable(name, "it is no table with a header (" + Symbols.firstLine(e.getMessage()) + ")", e);
        }
    }

    private static int column(Table table, String wanted, String name, char separator) {
        int found = table.columnNames().indexOf(wanted);
        if (found < 0)
            throw unreadable(name, "it has no column " + Symbols.describe(wanted) + "; separated by "
                    + (separator == ',' ? "commas" : "tabs") + " it has " + table.columnNames(), null);
        return found;
    }

    private static DatasetException unreadable(String name, String what, Throwable cause) {
        return new DatasetException(Reason.UNREADABLE, name + ": " + what, cause);
    }
}
