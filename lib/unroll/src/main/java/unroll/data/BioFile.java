package unroll.data;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sentences with names marked in BIO: token, tab, tag; a blank line after each sentence. {@code B-person} begins a name, {@code I-person} goes on with
 * it, {@code O} is outside.
 *
 * <pre>{@code
 * List<TaggedSentence> sentences = BioFile.read(Path.of("wnut17train.conll"));
 * }</pre>
 *
 * A line of white space only ends a sentence too (WNUT 2017 has lines with a lone tab). Whether an {@code I-} follows something of its own type is
 * not asked: the scorer has rules for what that means.
 */
public final class BioFile {
    private static final Pattern TAG = Pattern.compile("O|[BI]-\\S{1,100}");

    private BioFile() {
    }

    /**
     * All sentences of a file of at most 200 MB.
     *
     * @throws MalformedLineException if a line is not of the format
     * @throws MalformedTextException if the file is not UTF-8
     * @throws DatasetException if it cannot be read or is too large
     */
    public static List<TaggedSentence> read(Path file) {
        String name = "BIO file " + file.getFileName();
        return parse(TextFile.read(file, name), name);
    }

    static List<TaggedSentence> parse(String text, String file) {
        SentenceBuilder sentences = new SentenceBuilder();
        TextFile.lines(text, (number, line) -> {
            if (line.isBlank()) {
                sentences.end();
                return;
            }
            String[] cells = line.split("\t", 3);
            if (cells.length != 2 || cells[0].isBlank()) throw new MalformedLineException(file, number, "a token, a tab and a tag", line);
            if (!TAG.matcher(cells[1]).matches())
                throw new MalformedLineException(file, number, "a tag O, B-TYPE or I-TYPE in column 2", line);
            sentences.add(cells[0], cells[1]);
        });
        return sentences.all(file);
    }
}
