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
 * Where commas separate, as RFC 4180 has it, a cell that begins with a quotation mark ends at the next single one and
 * may hold commas, line ends and doubled quotation marks; where tabs do, a quotation mark is a character like all
 * others. Blank lines are skipped. All columns are read as text, so a label 1 stays "1", a text "NA" stays "NA", and
 * "#fun" is no comment; the columns W and w are two.
 */
public final class TextTable {
    private static final int MAX_CELL = 1_000_000, MAX_COLUMNS = 1_000;

    private final String text, name;
    private final char separator;
    private int at, line = 1, rowLine;

    private TextTable(Path file) {
        name = "Table " + file.getFileName();
        String plain = name.toLowerCase(Locale.ROOT);
        separator = plain.endsWith(".tsv") || plain.endsWith(".tab") ? '\t' : ',';
        text = TextFile.read(file, name);
    }

    /** The texts of one column, in lower-case words and punctuation marks, with the labels of another one. */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn) {
        return read(file, textColumn, labelColumn, Tokenizer.wordsAndPunctuation().lowercase());
    }

    /**
     * The same, in tokens of the reader's choice.
     *
     * @throws DatasetException with the line, if it has rows of different lengths, a quoted cell that does not end, a
     *     cell of more than 1,000,000 characters, no column of a name or two, an empty text or label; or no rows
     */
    public static List<LabelledText> read(Path file, String textColumn, String labelColumn, Tokenizer tokenizer) {
        return new TextTable(file).read(textColumn, labelColumn, tokenizer);
    }

    private List<LabelledText> read(String textColumn, String labelColumn, Tokenizer tokenizer) {
        List<String> header = next();
        if (header == null)
            throw new DatasetException(Reason.EMPTY, name + ": it is empty; expected a header and rows");
        int texts = column(header, textColumn), labels = column(header, labelColumn);
        HeldWords held = new HeldWords(name);
        List<LabelledText> all = new ArrayList<>();
        for (List<String> row = next(); row != null; row = next()) {
            int number = all.size() + 1;
            if (row.size() != header.size())
                throw bad(rowLine, "Row number " + number + " contains " + row.size() + " columns. " + header.size()
                        + " expected");
            List<String> words = tokenizer.tokens(row.get(texts));
            String label = TextFile.trim(row.get(labels));
            if (words.isEmpty())
                throw bad(rowLine, "row " + number + " below the header has an empty text in column " + textColumn);
            if (label.isEmpty())
                throw bad(rowLine, "row " + number + " below the header has an empty label in column " + labelColumn);
            all.add(new LabelledText(held.hold(words), held.hold(label)));
            held.record(2);
        }
        if (all.isEmpty()) throw new DatasetException(Reason.EMPTY, name + ": it has a header but no rows");
        return List.copyOf(all);
    }

    private int column(List<String> header, String wanted) {
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

    /** The next row that is not blank; null after the last one. */
    List<String> next() {
        while (at < text.length()) {
            if (Thread.currentThread().isInterrupted())
                throw new DatasetException(Reason.INTERRUPTED,
                        name + ": the reading was interrupted before line " + line);
            rowLine = line;
            List<String> row = row();
            if (row.size() > 1 || !TextFile.isBlank(row.get(0))) return row;
        }
        return null;
    }

    private List<String> row() {
        List<String> cells = new ArrayList<>();
        do {
            if (cells.size() == MAX_COLUMNS) throw bad(rowLine, "it has more than " + MAX_COLUMNS + " columns");
            cells.add(separator == ',' && at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
        } while (at < text.length() && text.charAt(at++) == separator);
        if (at < text.length() && text.charAt(at - 1) == '\r' && text.charAt(at) == '\n') at++;
        line++;
        return cells;
    }

    private String plain() {
        int from = at;
        while (!endsCell(at)) at++;
        if (at - from > MAX_CELL) throw bad(line, "a cell has more than " + MAX_CELL + " characters");
        return text.substring(from, at);
    }

    private boolean endsCell(int i) {
        return i == text.length() || text.charAt(i) == separator || text.charAt(i) == '\n' || text.charAt(i) == '\r';
    }

    private String quoted() {
        int opened = line;
        StringBuilder cell = new StringBuilder();
        for (at++; at < text.length() && cell.length() <= MAX_CELL; at++) {
            char c = text.charAt(at);
            if (c == '"' && !endsCell(at + 1) && text.charAt(at + 1) != '"')
                throw bad(opened,
                        "a cell begins with a quotation mark; the next one"
                                + (line == opened ? "" : ", in line " + line + ",")
                                + " is followed by " + Message.quoted(Character.toString(text.codePointAt(at + 1)))
                                + ", not by a comma or the line's end");
            if (c == '"' && endsCell(++at)) return cell.toString();
            if (c == '\n' || c == '\r' && !text.startsWith("\n", at + 1)) line++;
            cell.append(c);
        }
        throw bad(opened,
                "a cell begins with a quotation mark that is never closed"
                        + (at < text.length() ? " within " + MAX_CELL + " characters" : "")
                        + ". Where it is part of the text, write \"\"\" for it at the beginning of the cell and \" at "
                        + "its end");
    }

    DatasetException bad(int where, String what) {
        return new DatasetException(Reason.UNREADABLE, name + ": line " + where + ": " + what);
    }
}
