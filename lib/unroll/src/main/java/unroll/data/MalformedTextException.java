package unroll.data;

import unroll.tensor.Message;

/** A file is not UTF-8 text; the message names the offset of the first wrong byte. */
public final class MalformedTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final long offset;

    MalformedTextException(String file, long offset, int wrongByte) {
        super(Message
                .of(String.format(java.util.Locale.ROOT, "Text of %s: byte 0x%02X at offset %d is not UTF-8. Save the file as UTF-8, or convert it "
                        + "(iconv -f WINDOWS-1252 -t UTF-8 is right for most old Western texts).", file, wrongByte & 0xff, offset)));
        this.offset = offset;
    }

    /** The offset of the first byte that is wrong, from 0. */
    public long offset() { return offset; }
}
