package unroll.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import unroll.data.Vocabulary;
import unroll.tensor.Interrupts;
import unroll.tensor.Tensor;

/** Reads a text file of word vectors line by line; numbers go from bytes to floats without a string in between. */
final class WordVectorsFile {
    private static final int LONGEST_LINE = 1 << 20;
    private static final long MOST_BYTES = 1L << 30;
    private static final double[] TENS = tens();

    private final Path file;
    private final int most;
    private final Set<String> words = new LinkedHashSet<>();
    private byte[] line = new byte[4096];
    private int end;                                                       // of the line in that array
    private long number;                                                   // of the line, from 1
    private float[] values = {};
    private int size = -1;

    WordVectorsFile(Path file, int words) {
        if (words < 2) throw new IllegalArgumentException("WordVectors: expected to read at least 2 words but got " + words);
        this.file = file;
        most = words;
    }

    WordVectors read() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long promised = -1, lines = 0;
            while (words.size() < most && next(in)) {
                Interrupts.check(file.toString(), words.size());
                if (number == 1) skipByteOrderMark();
                if (number == 1 && (promised = header()) >= 0) continue;
                vector();
                lines++;
            }
            if (lines < promised && words.size() < most)
                throw new WordVectorsException(file + ": the first line promises " + promised + " words but only " + lines
                        + " lines follow. Was the file cut off?");
        } catch (IOException e) {
            throw new WordVectorsException(file + " cannot be read (" + e + ")", e);
        }
        if (words.size() < 2) throw new WordVectorsException(file + ": expected at least two words but found " + words.size());
        return WordVectors.of(Vocabulary.of(List.copyOf(words), Vocabulary.Kind.WORDS),
                Tensor.of(Arrays.copyOf(values, words.size() * size), words.size(), size));
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
        String[] parts = new String(line, 0, Math.min(end, 64), StandardCharsets.ISO_8859_1).trim().split("[ \t]+");
        if (parts.length != 2 || !parts[0].matches("\\d{1,12}") || !parts[1].matches("\\d{1,6}")) return -1;
        size = Integer.parseInt(parts[1]);
        if (size < 1) throw wrong("states vectors of 0 numbers");
        return Long.parseLong(parts[0]);
    }

    /** A word is what stands before the last {@code size} fields: some files have words with blanks in them. */
    private void vector() throws IOException {
        if (size < 0) size = fields() - 1;
        if (size < 1) throw wrong("has no numbers after its word");
        int[] starts = new int[size];
        int at = end;
        for (int k = size - 1; k >= 0; k--) {
            starts[k] = fieldBefore(at);
            at = starts[k];
            while (at > 0 && blank(line[at - 1])) at--;
            if (at == 0) throw wrong("has " + (fields() - 1) + " numbers but expected " + size);
        }
        int last = fieldBefore(at);
        if (last > 0 && isNumber(last, at)) throw wrong("has " + (fields() - 1) + " numbers but expected " + size);
        String word = word(at);
        int row = words.size();
        if (!words.add(word)) return;
        if ((row + 1L) * size * Float.BYTES > MOST_BYTES)
            throw wrong("is where the vectors become larger than " + MOST_BYTES + " bytes. Read fewer words: read(file, " + row + ")");
        if (values.length < (row + 1) * size)
            values = Arrays.copyOf(values, (int) Math.min(MOST_BYTES / Float.BYTES, (row + 1L) * size * 3 / 2 + size));
        for (int k = 0; k < size; k++) values[row * size + k] = number(starts[k], k);
    }

    /** Whether a field that stands before the numbers is one itself. */
    private boolean isNumber(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1).matches("[-+]?\\d+\\.\\d+([eE][-+]?\\d+)?");
    }

    private int fields() {
        int n = 0;
        for (int i = 0; i < end; i++) if (!blank(line[i]) && (i == 0 || blank(line[i - 1]))) n++;
        return n;
    }

    private int fieldBefore(int at) {
        while (at > 0 && blank(line[at - 1])) at--;
        while (at > 0 && !blank(line[at - 1])) at--;
        return at;
    }

    private static boolean blank(byte b) { return b == ' ' || b == '\t' || b == '\r'; }

    private String word(int to) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, to)).toString().strip();
        } catch (CharacterCodingException e) {
            throw new WordVectorsException(
                    at("has a word that is not UTF-8: " + new String(line, 0, to, StandardCharsets.ISO_8859_1)
                            + " (read as Latin-1). Convert the file"),
                    e);
        }
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
        String text = new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value) && !text.endsWith("f") && !text.endsWith("d")) return value;
        } catch (NumberFormatException e) {
            throw new WordVectorsException(notANumber(text, place), e);
        }
        throw new WordVectorsException(notANumber(text, place));
    }

    private String notANumber(String text, int place) {
        return at("has \"" + text + "\" as number " + (place + 1) + " of " + size + "; expected a finite decimal number");
    }

    private static double[] tens() {
        double[] tens = new double[23];
        for (int i = 0; i < tens.length; i++) tens[i] = Double.parseDouble("1e" + i);
        return tens;
    }

    private WordVectorsException wrong(String what) {
        return new WordVectorsException(at(what));
    }

    private String at(String what) { return file + ": line " + number + " " + what; }
}
