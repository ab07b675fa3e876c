package unroll.data;

import unroll.tensor.Message;
import unroll.text.Symbols;

/**
 * A line of a data file is not of the file's format; the message names file, line, what was expected, and the line
 * itself, shortened.
 */
public final class MalformedLineException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final int line;

    MalformedLineException(String file, int line, String expected, String content) {
        super(Message.of(file + ", line " + line + ": expected " + expected + " but got " + Symbols.describe(content)));
        this.line = line;
    }

    /** The number of the line, from 1. */
    public int line() { return line; }
}
