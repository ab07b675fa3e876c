package unroll.data;

import java.util.Locale;

import unroll.tensor.Message;

/** A file is not UTF-8 text, or holds a NUL; the message names the line and the offset of the first wrong byte. */
public final class MalformedTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final long offset;
    private final int line;

    /** @param utf16 the name of the UTF-16 that the bytes look like, or nothing */
    MalformedTextException(String file, long offset, int line, int wrongByte, String utf16) {
        super(Message.of(String.format(Locale.ROOT, "Text of %s, line %d: byte 0x%02X at offset %d is %s. %s", file,
                line, wrongByte & 0xff, offset,
                wrongByte == 0 ? "NUL, which is no character of a text" : "not UTF-8",
                !utf16.isEmpty()
                        ? "It looks like " + utf16 + "; convert it (iconv -f " + utf16 + " -t UTF-8)"
                        : wrongByte == 0
                                ? "Is it a text file at all?"
                                : "Save the file as UTF-8, or convert it (iconv -f WINDOWS-1252 -t UTF-8 is right for "
                                        + "most old Western texts).")));
        this.offset = offset;
        this.line = line;
    }

    /** The offset of the first byte that is wrong, from 0. */
    public long offset() { return offset; }

    /** The number of the line that holds it, from 1. */
    public int line() { return line; }
}
