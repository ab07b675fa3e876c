package unroll.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
        return Utf8.decode(bytes, file.toString());
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
            return Utf8.decode(bytes, name + "/" + entry);
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
