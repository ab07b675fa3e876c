package unroll.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/** Text from bytes, strictly. */
final class Utf8 {
    private static final int SAMPLE = 4096;

    private Utf8() {
    }

    /**
     * The text of these bytes without a byte order mark at its start; line ends stay as they are.
     *
     * @throws DatasetException if they are not UTF-8, or hold a NUL: no text has one, but UTF-16 read as UTF-8
     *     has one in every second byte
     */
    static String decode(byte[] bytes, String file) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        boolean mark = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
        int start = mark ? 3 : 0;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.position(start);
        // only to check: the String below takes less memory than one buffer for all
        CharBuffer out = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        int good = result.isError() ? in.position() : bytes.length, wrong = start;
        while (wrong < good && bytes[wrong] != 0) wrong++;
        if (wrong < bytes.length) throw malformed(bytes, wrong, file);
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }

    private static DatasetException malformed(byte[] bytes, int wrong, String file) {
        String utf16 = utf16(bytes);
        boolean nul = bytes[wrong] == 0;
        String advice = nul
                ? "Is it a text file at all?"
                : "Save the file as UTF-8, or convert it (iconv -f WINDOWS-1252 -t UTF-8 is right for most old Western "
                        + "texts).";
        if (!utf16.isEmpty()) advice = "It looks like " + utf16 + "; convert it (iconv -f " + utf16 + " -t UTF-8)";
        return new DatasetException(Reason.MALFORMED,
                String.format(Locale.ROOT, "Text of %s, line %d: byte 0x%02X at offset %d is %s. %s", file,
                        line(bytes, wrong), bytes[wrong] & 0xff, wrong,
                        nul ? "NUL, which is no character of a text" : "not UTF-8", advice));
    }

    /** The number of the line that holds a byte, from 1; lines as {@link String#lines()} has them. */
    private static int line(byte[] bytes, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) if (bytes[i] == '\n' || bytes[i] == '\r' && bytes[i + 1] != '\n') line++;
        return line;
    }

    /**
     * Which UTF-16 the bytes look like: by their byte order mark, or by NULs in every second place of most Western
     * text; else empty.
     */
    private static String utf16(byte[] bytes) {
        int sample = Math.min(bytes.length, SAMPLE) / 2 * 2;
        int[] nuls = new int[2];
        for (int i = 0; i < sample; i++) if (bytes[i] == 0) nuls[i % 2]++;
        int first = sample > 0 ? (bytes[0] & 0xff) << 8 | bytes[1] & 0xff : 0;
        if (first == 0xFFFE || nuls[1] > sample / 8 && nuls[1] > 8 * nuls[0]) return "UTF-16LE";
        return first == 0xFEFF || nuls[0] > sample / 8 && nuls[0] > 8 * nuls[1] ? "UTF-16BE" : "";
    }
}
