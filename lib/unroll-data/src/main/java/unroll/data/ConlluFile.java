package unroll.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import unroll.text.DatasetException;

/**
 * Sentences with parts of speech in the format CoNLL-U of Universal Dependencies: ten columns with a tab in between,
 * one word a line, an empty line after each sentence.
 *
 * <pre>{@code
 * List<TaggedSentence> sentences = ConlluFile.read(Path.of("en_ewt-ud-dev.conllu"), ConlluFile.Column.UPOS);
 * }</pre>
 *
 * Comments, multiword tokens (id {@code 3-4}) and empty nodes (id {@code 8.1}) are skipped: what is left are the words,
 * numbered 1, 2, 3, …
 */
public final class ConlluFile {
    private static final int COLUMNS = 10, FORM = 1;

    /** Which column the tags come from. */
    public enum Column {
        /** The 17 universal parts of speech. */
        UPOS(3),
        /** The parts of speech of the language; for English those of the Penn Treebank. */
        XPOS(4);

        private final int index;

        Column(int index) { this.index = index; }
    }

    private ConlluFile() {
    }

    /**
     * All sentences of a file of at most 200 MB or a tenth of the heap.
     *
     * @throws DatasetException if a line is not of the format, or has no tag ({@code _})
     * @throws DatasetException if the file is not UTF-8
     * @throws DatasetException if it has no sentences
     * @throws DatasetException if it cannot be read or is too large
     */
    public static List<TaggedSentence> read(Path file, Column column) {
        String name = "CoNLL-U file " + file.getFileName();
        return parse(TextFile.read(file, name), name, column);
    }

    static List<TaggedSentence> parse(String text, String file, Column column) {
        SentenceBuilder sentences = new SentenceBuilder(file);
        TextFile.lines(text, (number, line) -> {
            if (TextFile.isBlank(line)) {
                sentences.end();
                return;
            }
            if (line.startsWith("#")) return;
            // at most one part too many, however many tabs
            String[] cells = line.split("\t", COLUMNS + 1);
            if (cells.length != COLUMNS)
                throw TextFile.malformed(file, number, COLUMNS + " columns with a tab in between", line);
            if (cells[0].matches("\\d{1,9}[-.]\\d{1,9}")) return;
            if (!cells[0].equals(String.valueOf(sentences.words() + 1)))
                throw TextFile.malformed(file, number,
                        "the word number " + (sentences.words() + 1) + " of this sentence", line);
            String tag = cells[column.index];
            if (TextFile.isBlank(cells[FORM])) throw TextFile.malformed(file, number, "a word in column 2", line);
            if (TextFile.isBlank(tag) || tag.equals("_"))
                throw TextFile.malformed(file, number,
                        String.format(Locale.ROOT, "a tag in column %d (%s)", column.index + 1, column), line);
            sentences.add(cells[FORM], tag, number);
        });
        return sentences.all();
    }
}
