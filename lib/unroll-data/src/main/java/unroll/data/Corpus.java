package unroll.data;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A text to train a language model on, split as nanoGPT splits it.
 *
 * <pre>{@code
 * var corpus = Corpora.text("tiny-shakespeare");
 * var vocabulary = Vocabulary.characters(corpus.train());
 * }</pre>
 *
 * @param name    what it is called
 * @param text    all of it; line ends as the file has them
 * @param source  one sentence: where it came from, its licence, and why it stands in for another one, if it does
 * @param builtIn whether it came with the library
 */
public record Corpus(String name, String text, String source, boolean builtIn) {
    public Corpus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(source, "source");
    }

    /** The first 90 % of the characters (code points): {@code (int) (0.9 * n)} of them. */
    public String train() {
        return text.substring(0, boundary());
    }

    /** The last 10 % of the characters; no model may see them before it is measured on them. */
    public String validation() {
        return text.substring(boundary());
    }

    private int boundary() { return text.offsetByCodePoints(0, (int) (0.9 * text.codePointCount(0, text.length()))); }

    /** Of the text in UTF-8. */
    public String sha256() {
        return Catalogue.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override public String toString() {
        return String.format(java.util.Locale.ROOT, "Corpus(%s, %,d characters: %s)", name, text.length(), source);
    }
}
