package unroll.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import unroll.text.DatasetException;

/**
 * Sentences with names marked token by token, one token a line: the token first, its tag in the last column or the one
 * that is asked for, tabs in between (or blanks, where the first line has no tab), and a blank line after each
 * sentence.
 *
 * <pre>{@code
 * List<TaggedSentence> sentences = BioFile.read(Path.of("wnut17train.conll"));
 * // CoNLL-2003: token, part of speech, chunk, name
 * List<TaggedSentence> chunks = BioFile.read(Path.of("eng.train"), 3);
 * }</pre>
 *
 * What comes out is BIO (IOB2): {@code B-person} begins a name, {@code I-person} goes on with it, {@code O} is outside.
 * Files in IOB1 (names begin with I, and with B only right after one of their type), IOBES and BILOU are recognised by
 * their tags and brought into it; names without a type (B, I) become {@code B-name}. In a file of BIO an {@code I-}
 * need not follow something of its own type: the scorer has rules for what that means. A line of blanks or tabs only
 * ends a sentence too (WNUT 2017 has lines with a lone tab), and so does {@code -DOCSTART-}, which is no token.
 */
public final class BioFile {
    private static final String DOCUMENT = "-DOCSTART-";
    private static final int LAST = -1, MAX_COLUMNS = 100;

    private BioFile() {
    }

    /**
     * All sentences of a file of at most 200 MB or a tenth of the heap, with the tags of its last column.
     *
     * @throws DatasetException if a line is not of the format, has another number of columns than the first one,
     *     or a tag that cannot stand there
     * @throws DatasetException if the file is not UTF-8
     * @throws DatasetException if it has no sentences
     * @throws DatasetException if it cannot be read or is too large
     */
    public static List<TaggedSentence> read(Path file) { return read(file, LAST, "BIO file " + file.getFileName()); }

    /** The same with the tags of another column; 1 is that of the tokens. */
    public static List<TaggedSentence> read(Path file, int tagColumn) {
        if (tagColumn < 2 || tagColumn > MAX_COLUMNS)
            throw new IllegalArgumentException(
                    "BIO file: expected tags in a column of 2 .. " + MAX_COLUMNS + " but got " + tagColumn);
        return read(file, tagColumn - 1, "BIO file " + file.getFileName());
    }

    private static List<TaggedSentence> read(Path file, int column, String name) {
        return parse(TextFile.read(file, name), name, column);
    }

    static List<TaggedSentence> parse(String text, String file) { return parse(text, file, LAST); }

    private static List<TaggedSentence> parse(String text, String file, int column) {
        Reading reading = new Reading(file, column);
        TextFile.lines(text, reading::line);
        return TagNotation.toBio(reading.sentences.all(), reading.sentences.firstLines(), file);
    }

    /** What the first line with a token settles for all others, and the sentences so far. */
    private static final class Reading {
        private final SentenceBuilder sentences;
        private final String file;
        private final int column;
        private boolean tabs;
        private int columns;
        // 1 and -1 once a tag with and without a type was seen
        private int typed;

        private Reading(String file, int column) {
            this.file = file;
            this.column = column;
            sentences = new SentenceBuilder(file);
        }

        private void line(int number, String line) {
            List<String> first = TextFile.words(line, 2);
            if (first.isEmpty() || first.get(0).equals(DOCUMENT)) {
                sentences.end();
                return;
            }
            if (columns == 0) tabs = line.indexOf('\t') >= 0;
            List<String> cells = tabs
                    ? Arrays.asList(line.split("\t", MAX_COLUMNS + 1))
                    : TextFile.words(line, MAX_COLUMNS + 1);
            if (columns == 0) columns = Math.max(Math.min(cells.size(), MAX_COLUMNS), column == LAST ? 2 : column + 1);
            if (cells.size() != columns || TextFile.isBlank(cells.get(0)))
                throw TextFile.malformed(file, number, expected(), line);
            String tag = cells.get(column == LAST ? columns - 1 : column);
            if (!TagNotation.TAG.matcher(tag).matches())
                throw TextFile.malformed(file, number, "a tag O, B-TYPE or I-TYPE (or E-, S-, L-, U-TYPE) in column "
                        + (column == LAST ? columns : column + 1), line);
            if (!tag.equals("O")) {
                int now = tag.length() > 1 ? 1 : -1;
                if (now == -typed)
                    throw TextFile.malformed(file, number,
                            "a tag " + (now < 0 ? "with" : "without") + " a type, as before,", line);
                typed = now;
            }
            sentences.add(cells.get(0), tag, number);
        }

        private String expected() {
            return columns == 2 && tabs
                    ? "a token, a tab and a tag"
                    : "a token and " + (columns - 1) + " further columns with " + (tabs ? "tabs" : "blanks")
                            + " in between";
        }
    }
}
