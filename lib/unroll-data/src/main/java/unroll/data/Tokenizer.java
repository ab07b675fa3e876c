package unroll.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Splits a text into words.
 *
 * <pre>{@code
 * Tokenizer.lines().tokens("to be\nor not")                            // to be <eos> or not <eos>
 * Tokenizer.wordsAndPunctuation().lowercase().tokens("It's late, Bo.") // it's late , bo .
 * Tokenizer.reviews().tokens("It's well-made (mostly).")               // it's well-made ( mostly ) .
 * Tokenizer.treebank().tokens("Don't go, it's late.")                  // Do n't go , it 's late .
 * }</pre>
 */
@FunctionalInterface
public interface Tokenizer {
    /**
     * A pattern of one character to be seen, with the marks and joiners that belong to it. Code points that this Java
     * does not know yet can be seen.
     */
    String VISIBLE = "(?![\\p{Z}\\p{Cc}\\p{Cf}\\p{Cs}])\\X";

    /** The token at the end of every line of {@link #lines()}. */
    String END_OF_LINE = "<eos>";

    /** The tokens of a text, in order. */
    List<String> tokens(String text);

    /**
     * What white space (of any script) separates, and {@link #END_OF_LINE} after every line, empty ones too: as
     * language models read WikiText and the Penn Treebank, which come tokenized.
     */
    static Tokenizer lines() {
        Pattern blank = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
        return text -> {
            List<String> tokens = new ArrayList<>();
            HeldWords held = HeldWords.ofText(text);
            text.lines().forEach(line -> {
                for (String token : blank.split(line)) if (!token.isEmpty()) tokens.add(held.hold(token));
                tokens.add(END_OF_LINE);
            });
            return tokens;
        };
    }

    /**
     * Runs of letters and digits, with apostrophes inside them, are words; every other visible character is a token of
     * its own, together with the marks and joiners that belong to it (an emoji of several code points is one). For raw
     * text.
     */
    static Tokenizer wordsAndPunctuation() {
        String letter = "[\\p{L}\\p{M}\\p{N}]", word = letter + "[\\p{L}\\p{M}\\p{N}\\u200c\\u200d]*+";
        Pattern token = Pattern.compile(word + "(?:['’]" + word + ")*+|" + VISIBLE);
        return text -> HeldWords.ofText(text).matches(token, text);
    }

    /**
     * As the sentences of {@link Reviews#moviePolarity()} come: lower case, punctuation apart, but apostrophes,
     * hyphens, slashes and brackets [ ] stay in their word; two hyphens are a dash. Marks and joiners stay with their
     * character, as in {@link #wordsAndPunctuation()}.
     */
    static Tokenizer reviews() {
        String word = "[\\p{L}\\p{M}\\p{N}'&/*$\\[\\]][\\p{L}\\p{M}\\p{N}'&/*$\\[\\]\\u200c\\u200d]*+";
        Pattern token = Pattern.compile("--|" + word + "(?:-" + word + ")*+|" + VISIBLE);
        Tokenizer plain = text -> HeldWords.ofText(text).matches(token, text.replace('’', '\''));
        return plain.lowercase();
    }

    /**
     * One sentence of English as the Penn Treebank has it, by the rules of NLTK's {@code word_tokenize}: punctuation
     * apart, but a period only at the end of the sentence, so that Mr. and U.S. stay whole; "n't", "'s", "'re", "'ll",
     * "'ve", "'d" and "'m" apart; cannot and gonna are two; hyphens, slashes and signs within a number stay. Where it
     * differs from NLTK: quotation marks stay as they are written (NLTK makes {@code ``} and {@code ''} of them; the
     * {@link TaggedCorpora#englishEwt() English Web Treebank} does not); a typographic apostrophe is one (it’s, NLTK:
     * it ’ s); every one of several commas or colons stands alone.
     */
    static Tokenizer treebank() { return new TreebankTokenizer(); }

    /** The same tokens in lower case. */
    default Tokenizer lowercase() { return text -> tokens(lowercase(text)); }

    /**
     * In pieces: Java copies all of a text for each letter that becomes two (İ), so that a long Turkish one would take
     * hours. What a letter becomes depends on others only for Σ, which looks for further letters of its word: pieces
     * end at blanks, and between two letters that are no Σ.
     */
    private static String lowercase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int from = 0, to; from < text.length(); from = to) {
            to = Math.min(text.length(), from + 500);
            while (to < text.length() && !(standsAlone(text.charAt(to - 1)) && standsAlone(text.charAt(to)))) to++;
            lower.append(text.substring(from, to).toLowerCase(Locale.ROOT));
        }
        return lower.toString();
    }

    private static boolean standsAlone(char c) {
        return c != 'Σ' && (Character.isWhitespace(c) || Character.getType(c) == Character.UPPERCASE_LETTER
                || Character.getType(c) == Character.LOWERCASE_LETTER);
    }
}
