package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * A reader's own labelled texts from a table with a header: comma-separated, or tab-separated where the name ends in
 * {@code .tsv} or {@code .tab}.
 *
 * <pre>{@code
 * List<LabelledText> mails = TextTable.read(Path.of("mails.csv"), "body", "folder");
 * }</pre>
 *
 * Where commas separate, a cell may be quoted and then holds separators and line ends; where tabs do, a quotation mark
 * is a character like all others. Blank lines are skipped. All columns are read as text, so a label 1 stays "1", a text
 * "NA" stays "NA", and "#fun" is no comment; the columns W and w are two.
 */
public final class TextTable {
    private TextTable() {
    }

    /** The texts of one column, in lower-case words and punctuation marks, with the labels of another one. */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn) {
        return read(file, textColumn, labelColumn, Tokenizer.wordsAndPunctuation().lowercase());
    }

    /**
     * The same, in tokens of the reader's choice.
     *
     * @throws DatasetException if the file cannot be read, has more than 200 MB or fills the memory; or, with the line,
     *     if it has rows of different lengths, a quoted cell that does not end, a cell of more than 1,000,000
     *     characters, no column of a name or two, or an empty text or label
     * @throws DatasetException if it is not UTF-8
     * @throws DatasetException if it has no rows
     */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn, Tokenizer tokenizer) {
        String name = "Table " + file.getFileName();
        char separator = separator(file);
        DelimitedRows rows = new DelimitedRows(TextFile.read(file, name), name, separator);
        List<String> header = rows.next();
        if (header == null)
            throw new DatasetException(Reason.EMPTY, name + ": it is empty; expected a header and rows");
        int texts = column(header, textColumn, name, separator), labels = column(header, labelColumn, name, separator);
        HeldWords held = new HeldWords(name);
        List<LabelledText> all = new ArrayList<>();
        for (List<String> row = rows.next(); row != null; row = rows.next()) {
            int number = all.size() + 1;
            if (row.size() != header.size())
                throw rows.bad(rows.line(), "Row number " + number + " contains " + row.size() + " columns. "
                        + header.size() + " expected");
            List<String> words = tokenizer.tokens(row.get(texts));
            String label = TextFile.trim(row.get(labels));
            if (words.isEmpty())
                throw rows.bad(rows.line(),
                        "row " + number + " below the header has an empty text in column " + textColumn);
            if (label.isEmpty())
                throw rows.bad(rows.line(),
                        "row " + number + " below the header has an empty label in column " + labelColumn);
            all.add(new LabelledText(held.hold(words), held.hold(label)));
            held.record(2);
        }
        if (all.isEmpty()) throw new DatasetException(Reason.EMPTY, name + ": it has a header but no rows");
        return List.copyOf(all);
    }

    private static char separator(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".tsv") || name.endsWith(".tab") ? '\t' : ',';
    }

    private static int column(List<String> header, String wanted, String name, char separator) {
        List<String> names = header.stream().map(TextFile::trim).toList();
        int found = names.indexOf(wanted);
        if (found < 0 || found != names.lastIndexOf(wanted))
            throw new DatasetException(Reason.UNREADABLE,
                    name + ": it has " + (found < 0 ? "no column " : "two columns ") + Message.quoted(wanted)
                            + "; separated by " + (separator == ',' ? "commas" : "tabs") + " it has "
                            + names.stream().limit(20).map(TextTable::shown).toList());
        return found;
    }

    /** A long first line without a separator, say of another format, would fill the message. */
    private static String shown(String column) {
        return column.length() > 60 ? Message.quoted(column) : column;
    }
}
