package unroll.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/** A text file in UTF-8, read whole but never beyond a limit. */
final class TextFile {
    /**
     * 200 MB, or a tenth of the heap where that is less: text may take twice its bytes, and what is made of it several
     * times as much.
     */
    static final int MAX_BYTES = (int) Math.min(200_000_000, Runtime.getRuntime().maxMemory() / 10);

    private static final int SAMPLE = 4096;

    private TextFile() {
    }

    /** What to do with a line: {@code number} counts from 1. */
    interface LineReader {
        void line(int number, String line);
    }

    /**
     * The text of a file of at most {@link #MAX_BYTES}, without a byte order mark; line ends stay as they are.
     *
     * @param what how errors call it, e.g. {@code "Corpus letters.txt"}
     */
    static String read(Path file, String what) {
        byte[] bytes = {};
        boolean tooLarge;
        try (InputStream in = Files.newInputStream(file)) {
            tooLarge = Files.size(file) > MAX_BYTES;
            if (!tooLarge) bytes = in.readNBytes(MAX_BYTES + 1);           // a pipe states no size, and a file may grow
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE,
                    what + ": the file " + file.toAbsolutePath() + " cannot be read (" + e + ")", e);
        }
        if (tooLarge || bytes.length > MAX_BYTES)
            throw new DatasetException(Reason.TOO_LARGE,
                    what + ": the file has more than " + MAX_BYTES + " bytes, the most that is read " + heap()
                            + "; cut it down first, or give Java more memory (-Xmx)");
        return decode(bytes, file.toString());
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

    /** For errors about memory: how much of it there is. */
    static String heap() {
        return String.format(Locale.ROOT, "with a heap of %d MB", Runtime.getRuntime().maxMemory() >> 20);
    }

    /** The text of one entry of a zip archive, which may have at most {@code maxBytes} when unpacked. */
    static String readZipped(byte[] archive, String name, String entry, int maxBytes) {
        String what = "Archive " + name + ", entry " + entry;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            ZipEntry next = zip.getNextEntry();
            if (next == null) throw new IOException("it has no entries");
            while (next != null && !next.getName().equals(entry)) next = zip.getNextEntry();
            if (next == null) throw new DatasetException(Reason.UNREADABLE, what + ": there is none of this name");
            byte[] bytes = zip.readNBytes(maxBytes + 1);                   // whatever size its header states
            if (bytes.length > maxBytes)
                throw new DatasetException(Reason.TOO_LARGE,
                        what + ": unpacked it has more than " + maxBytes + " bytes");
            return decode(bytes, name + "/" + entry);
        } catch (IOException | IllegalArgumentException e) {               // the latter for names that are not UTF-8
            throw new DatasetException(Reason.UNREADABLE,
                    what + ": it is no sound zip archive (" + e.getMessage() + ")", e);
        }
    }

    /** For a line that is not of the file's format: it names the file, the line, what was expected, and what is there. */
    static DatasetException malformed(String file, int line, String expected, String content) {
        return new DatasetException(Reason.MALFORMED,
                file + ", line " + line + ": expected " + expected + " but got " + Message.quoted(content));
    }

    /** All lines in order, whether they end in LF, CR LF or CR: no other character ends one. */
    static void lines(String text, LineReader reader) {
        int number = 0;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext();) {
            Interrupts.check("a text file");
            reader.line(++number, lines.next());
        }
    }

    /**
     * Without the blanks and tabs at both ends. Not {@link String#strip()}: other blanks (U+00A0, U+2003, U+3000 …)
     * separate nothing in a data file, they may be a whole word of it.
     */
    static String trim(String cell) {
        int from = 0, to = cell.length();
        while (from < to && separates(cell.charAt(from))) from++;
        while (to > from && separates(cell.charAt(to - 1))) to--;
        return cell.substring(from, to);
    }

    /** Whether there is nothing but blanks and tabs. */
    static boolean isBlank(String line) {
        return trim(line).isEmpty();
    }

    /** What blanks and tabs separate, at most {@code limit} parts, the last of which is then the rest. */
    static List<String> words(String line, int limit) {
        List<String> words = new ArrayList<>();
        for (int from = 0; from < line.length();) {
            if (separates(line.charAt(from))) {
                from++;
                continue;
            }
            int to = from;
            while (to < line.length() && (words.size() == limit - 1 || !separates(line.charAt(to)))) to++;
            words.add(line.substring(from, to));
            from = to;
        }
        return words;
    }

    private static boolean separates(char c) { return c == ' ' || c == '\t'; }
}
