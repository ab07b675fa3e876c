package unroll.data;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * The rows of a table, one after the other. With commas as RFC 4180 has it: a cell that begins with a quotation mark
 * ends at the next single one and may hold commas, line ends and doubled quotation marks. With tabs there is no
 * quoting, and a quotation mark is a character like all others.
 */
final class DelimitedRows {
    private static final int MAX_CELL = 1_000_000, MAX_COLUMNS = 1_000;

    private final String text;
    private final String name;
    private final char separator;
    private int at;
    private int line = 1;
    private int rowLine;

    DelimitedRows(String text, String name, char separator) {
        this.text = text;
        this.name = name;
        this.separator = separator;
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

    /** The line in which the row that {@link #next} gave begins, from 1. */
    int line() { return rowLine; }

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
