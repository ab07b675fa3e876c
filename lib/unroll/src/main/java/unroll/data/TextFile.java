package unroll.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import unroll.data.DatasetException.Reason;
import unroll.tensor.Interrupts;

/** A text file in UTF-8, read whole but never beyond a limit. */
final class TextFile {
    static final int MAX_BYTES = 200_000_000;

    private TextFile() {
    }

    /** What to do with a line: {@code number} counts from 1. */
    interface LineReader {
        void line(int number, String line);
    }

    /**
     * The text of a file of at most 200 MB, without a byte order mark; line ends stay as they are.
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
            throw new DatasetException(Reason.UNREADABLE, what + ": the file " + file.toAbsolutePath() + " cannot be read (" + e + ")", e);
        }
        if (tooLarge || bytes.length > MAX_BYTES)
            throw new DatasetException(Reason.TOO_LARGE, what + ": the file has more than " + MAX_BYTES + " bytes; cut it down first");
        return Utf8.decode(bytes, file.toString());
    }

    /** The text of one entry of a zip archive, which may have at most {@code maxBytes} when unpacked. */
    static String readZipped(Path archive, String entry, int maxBytes) {
        String what = "Archive " + archive.getFileName() + ", entry " + entry;
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) throw new DatasetException(Reason.UNREADABLE, what + ": there is none of this name");
            byte[] bytes;
            try (InputStream in = zip.getInputStream(found)) {
                bytes = in.readNBytes(maxBytes + 1);                       // whatever size its header states
            }
            if (bytes.length > maxBytes)
                throw new DatasetException(Reason.TOO_LARGE, what + ": unpacked it has more than " + maxBytes + " bytes");
            return Utf8.decode(bytes, archive.getFileName() + "/" + entry);
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE, what + ": it is no sound zip archive (" + e.getMessage() + ")", e);
        }
    }

    /** All lines in order, whether they end in LF, CR LF or CR. */
    static void lines(String text, LineReader reader) {
        int number = 0;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext();) {
            Interrupts.check("a text file");
            reader.line(++number, lines.next());
        }
    }
}
