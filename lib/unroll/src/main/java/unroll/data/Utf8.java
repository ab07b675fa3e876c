package unroll.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text from bytes, strictly. */
final class Utf8 {
    private Utf8() {
    }

    /** The text of these bytes without a byte order mark at its start; line ends stay as they are. */
    static String decode(byte[] bytes, String file) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        boolean mark = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        int start = mark ? 3 : 0;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.position(start);
        CharBuffer out = CharBuffer.allocate(8192);                       // only to check: the String below takes less memory than one buffer for all
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) throw new MalformedTextException(file, in.position(), bytes[in.position()]);
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }
}
