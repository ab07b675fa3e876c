package unroll.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import unroll.data.Gunzip;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Vocabulary;
import unroll.tensor.Tensor;

/**
 * Reads a file of word vectors: text, line by line, where numbers go from bytes to floats without a string in between,
 * or word2vec's binary format; see {@link WordVectors#read}.
 */
final class WordVectorsFile {
    private static final int LONGEST_LINE = 1 << 20, LONGEST_WORD = 4096, WINDOW = 1 << 14;
    /** Reading and the vectors of norm 1 take some copies more. */
    private static final long MOST_BYTES = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    private static final double[] TENS = tens();

    private final Path file;
    private final int most;
    private final Set<String> words = new LinkedHashSet<>();
    private byte[] line = new byte[4096];
    private int end;                                                       // of the line, or of the word, in that array
    private long number;                                                   // of the line or word, from 1
    private boolean binary;
    private float[] values = {};
    private int[] starts = new int[64];                                    // where the fields of the line begin
    private int size = -1;

    WordVectorsFile(Path file, int words) {
        Message.require(words >= 2, "WordVectors: expected to read at least 2 words but got " + words);
        this.file = file;
        most = words;
    }

    WordVectors read() {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(2);
            boolean packed = Gunzip.marks(raw.read(), raw.read());
            raw.reset();
            try (InputStream in = packed ? new BufferedInputStream(new Gunzip(raw), 1 << 16) : raw) {
                vectors(in);
            }
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE, file + " cannot be read (" + e + ")", e);
        }
        if (words.size() < 2)
            throw new DatasetException(Reason.MALFORMED,
                    file + ": expected at least two words but found " + words.size());
        return WordVectors.of(Vocabulary.of(List.copyOf(words), Vocabulary.Kind.WORDS),
                Tensor.of(Arrays.copyOf(values, words.size() * size), words.size(), size));
    }

    private void vectors(InputStream in) throws IOException {
        long promised = -1, lines = 0;
        while (words.size() < most && next(in)) {
            if (number == 1) skipByteOrderMark();
            if (words.isEmpty() && promised < 0 && (promised = header()) >= 0) {     // empty lines may come before it
                if (!isBinary(in)) continue;
                binary(in, promised);
                return;
            }
            vector();
            lines++;
        }
        if (lines < promised && words.size() < most)
            throw new DatasetException(Reason.MALFORMED,
                    file + ": the first line promises " + promised + " words but only " + lines
                            + " lines follow. Was the file cut off?");
    }

    /** Whether binary numbers follow: no decimal ones, and bytes that no text has where they should be. */
    private boolean isBinary(InputStream in) throws IOException {
        in.mark(WINDOW);
        byte[] window = in.readNBytes(WINDOW);
        in.reset();
        String text = new String(window, StandardCharsets.ISO_8859_1), next = text.lines().findFirst().orElse("");
        List<String> fields = List.of(next.split("[ \t]+"));
        boolean whole = next.length() < WINDOW;
        int last = fields.size() - (whole ? 0 : 1);                        // the last may be cut in the middle
        if (last > 1 && (last > size || !whole)
                && fields.subList(Math.max(1, last - size), last).stream()
                        .allMatch(field -> DECIMAL.matcher(field).matches()))
            return false;
        int from = 0;
        while (from < window.length && window[from] != ' ' && window[from] != '\t') from++;
        int to = (int) Math.min(window.length, from + 1 + 4L * size);
        for (int i = from; i < to; i++)
            if (window[i] >= 0 && window[i] < ' ' && window[i] != '\n' && !blank(window[i])) return true;
        // two numbers can be letters by chance; of words, few four bytes are such a number
        boolean usual = to == from + 1 + 4L * size;
        ByteBuffer numbers = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = from + 1; usual && at < to; at += Float.BYTES) {
            float value = Math.abs(numbers.getFloat(at));
            usual = value >= 0x1p-10f && value < 0x1p10f;
        }
        if (usual) return true;
        return StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(window, 0, to), CharBuffer.allocate(WINDOW), false).isError();
    }

    /** A word, a blank, little-endian floats, and by some tools a line end, as word2vec and gensim write them. */
    private void binary(InputStream in, long promised) throws IOException {
        binary = true;
        ByteBuffer numbers = ByteBuffer.allocate(Float.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
        for (number = 1; number <= promised && words.size() < most; number++) {
            end = 0;
            for (int c; (c = in.read()) != ' ';) {
                if (c < 0)
                    throw wrong("is where the file ends, but its first line promises " + promised
                            + " words. Was it cut off?");
                if (c == '\n' && end == 0) continue;
                if (end == LONGEST_WORD)
                    throw wrong("is longer than " + LONGEST_WORD + " bytes. Is this word2vec's binary format?");
                line[end++] = (byte) c;
            }
            if (in.readNBytes(numbers.array(), 0, numbers.capacity()) < numbers.capacity())
                throw wrong("has too few numbers. Was the file cut off?");
            if (end == 0) throw wrong("is empty. Is this word2vec's binary format?");
            int at = add(word(0, end));
            if (at < 0) continue;
            for (int k = 0; k < size; k++) {
                float value = numbers.getFloat(Float.BYTES * k);
                if (!Float.isFinite(value)) throw notANumber("" + value, k);
                values[at + k] = value;
            }
        }
        if (number <= promised) return;
        for (int c; (c = in.read()) >= 0;)
            if (c != '\n') throw wrong("follows, but the first line promises only " + promised);
    }

    /** Takes the next line that is not empty, without its end; false where there is none. */
    private boolean next(InputStream in) throws IOException {
        do {
            end = 0;
            number++;
            int c;
            while ((c = in.read()) >= 0 && c != '\n') {
                if (end == LONGEST_LINE) throw wrong("is longer than " + LONGEST_LINE + " bytes. Is this a text file?");
                if (end == line.length) line = Arrays.copyOf(line, 2 * end);
                line[end++] = (byte) c;
            }
            while (end > 0 && blank(line[end - 1])) end--;
            if (c < 0 && end == 0) return false;
        } while (end == 0);
        return true;
    }

    private void skipByteOrderMark() {
        if (end < 3 || line[0] != (byte) 0xEF || line[1] != (byte) 0xBB || line[2] != (byte) 0xBF) return;
        end -= 3;
        System.arraycopy(line, 3, line, 0, end);
    }

    /** The number of words that a first line "words size" states, or -1 where it is a word and its vector already. */
    private long header() throws IOException {
        String[] parts = text(0, Math.min(end, 64)).split("[ \t]+");
        if (parts.length != 2 || !parts[0].matches("\\d{1,12}") || !parts[1].matches("\\d{1,6}")) return -1;
        size = Integer.parseInt(parts[1]);
        if (size < 1) throw wrong("states vectors of 0 numbers");
        return Long.parseLong(parts[0]);
    }

    /** A word is what stands before the last {@code size} fields: some files have words with blanks in them. */
    private void vector() throws IOException {
        int n = 0;
        for (int i = 0; i < end; i++) {
            if (blank(line[i]) || i > 0 && !blank(line[i - 1])) continue;
            if (n == starts.length) starts = Arrays.copyOf(starts, 2 * n);
            starts[n++] = i;
        }
        if (size < 0) size = n - 1;
        if (size < 1) throw wrong("has no numbers after its word");
        int first = n - size;
        if (first < 1) throw wrong("has " + (n - 1) + " numbers but expected " + size);
        int at = starts[first];
        while (blank(line[at - 1])) at--;
        if (starts[first - 1] > 0 && text(starts[first - 1], at).matches("[-+]?\\d+\\.\\d+([eE][-+]?\\d+)?"))
            throw wrong("has " + (n - 1) + " numbers but expected " + size);
        int row = add(word(starts[0], at));
        for (int k = 0; row >= 0 && k < size; k++) values[row + k] = number(starts[first + k], k);
    }

    /** Makes room for the vector of a word and says where it begins, or -1 where the word has one: the first counts. */
    private int add(String word) {
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException("interrupted after " + words.size() + " words of " + file);
        int row = words.size();
        if (!words.add(word)) return -1;
        if ((row + 1L) * size * Float.BYTES > MOST_BYTES)
            throw wrong("is where the vectors become larger than " + MOST_BYTES
                    + " bytes. Read fewer words: read(file, " + row + ")");
        if (values.length < (row + 1) * size)
            values = Arrays.copyOf(values, (int) Math.min(MOST_BYTES / Float.BYTES, (row + 1L) * size * 3 / 2 + size));
        return row * size;
    }

    private String text(int from, int to) { return new String(line, from, to - from, StandardCharsets.ISO_8859_1); }

    private static boolean blank(byte b) { return b == ' ' || b == '\t' || b == '\r'; }

    /** A word as UTF-8; word2vec itself may cut its last character in half, which is then U+FFFD. */
    private String word(int from, int to) {
        for (int i = from; i < to; i++)
            if (line[i] == 0)
                throw wrong(
                        "has a word with a NUL in it: " + shown(from, to) + ". Is it UTF-8, or a format of its own?");
        CharBuffer text = CharBuffer.allocate(to - from + 1);
        ByteBuffer bytes = ByteBuffer.wrap(line, from, to - from);
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, false).isError() || bytes.hasRemaining() && !binary)
            throw wrong("has a word that is not UTF-8: " + shown(from, to) + " (read as Latin-1). Convert the file");
        if (bytes.hasRemaining()) text.put('\uFFFD');
        return text.flip().toString();
    }

    private String shown(int from, int to) {
        String text = text(from, Math.min(to, from + 80)).replaceAll("\\p{Cc}",
                "?");
        return "\"" + text + (to - from > 80 ? "…\"" : "\"");
    }

    /** A decimal number: up to 15 digits and a power of ten that is exact, else what the JDK makes of its text. */
    private float number(int from, int place) {
        int i = from, digits = 0, scale = 0;
        boolean negative = line[i] == '-';
        if (negative || line[i] == '+') i++;
        long mantissa = 0;
        boolean point = false;
        for (; i < end && !blank(line[i]); i++) {
            int c = line[i];
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9' && digits < 15) {
                mantissa = 10 * mantissa + c - '0';
                if (mantissa > 0) digits++;
                if (point) scale++;
            } else {
                return byText(from, place);
            }
        }
        if (mantissa == 0 || scale >= TENS.length) return byText(from, place);
        double value = mantissa / TENS[scale];
        return (float) (negative ? -value : value);
    }

    private float byText(int from, int place) {
        int to = from;
        while (to < end && !blank(line[to])) to++;
        String text = text(from, to);
        // Java's own parser takes 1f and 0x1p5 too
        float value = DECIMAL.matcher(text).matches() ? Float.parseFloat(text) : Float.NaN;
        if (!Float.isFinite(value)) throw notANumber(shown(from, to), place);
        return value;
    }

    private DatasetException notANumber(String text, int place) {
        return wrong(
                "has " + text + " as number " + (place + 1) + " of " + size + "; expected a finite decimal number");
    }

    private static double[] tens() {
        double[] tens = new double[23];
        for (int i = 0; i < tens.length; i++) tens[i] = Double.parseDouble("1e" + i);
        return tens;
    }

    private DatasetException wrong(String what) {
        return new DatasetException(Reason.MALFORMED, file + (binary ? ": word " : ": line ") + number + " " + what);
    }
}
