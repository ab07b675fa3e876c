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
    /** The token at the end of every line of {@link #lines()}. */
    String END_OF_LINE = "<eos>";

    /** The tokens of a text, in order. */
    List<String> tokens(String text);

    /**
     * What white space (of any script) separates, and {@link #END_OF_LINE} after every line, empty ones too: as language models read WikiText and
     * the Penn Treebank, which come tokenized.
     */
    static Tokenizer lines() {
        Pattern blank = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
        return text -> {
            List<String> tokens = new ArrayList<>();
            text.lines().forEach(line -> {
                for (String token : blank.split(line)) if (!token.isEmpty()) tokens.add(token);
                tokens.add(END_OF_LINE);
            });
            return tokens;
        };
    }

    /** Runs of letters and digits, with apostrophes inside them, are words; every other visible character is a token of its own. For raw text. */
    static Tokenizer wordsAndPunctuation() {
        Pattern token = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’][\\p{L}\\p{M}\\p{N}]+)*+|[^\\p{L}\\p{M}\\p{N}\\p{Z}\\p{C}]");
        return text -> token.matcher(text).results().map(java.util.regex.MatchResult::group).toList();
    }

    /**
     * As the sentences of {@link Reviews#moviePolarity()} come: lower case, punctuation apart, but apostrophes, hyphens, slashes and brackets [ ] stay
     * in their word; two hyphens are a dash.
     */
    static Tokenizer reviews() {
        Pattern token = Pattern.compile("--|[\\p{L}\\p{M}\\p{N}'&/*$\\[\\]]+(?:-[\\p{L}\\p{M}\\p{N}'&/*$\\[\\]]+)*+|[^\\p{Z}\\p{C}]");
        Tokenizer plain = text -> token.matcher(text.replace('’', '\'')).results().map(java.util.regex.MatchResult::group).toList();
        return plain.lowercase();
    }

    /**
     * English as the Penn Treebank and the {@link TaggedCorpora#englishEwt() English Web Treebank} have it: punctuation apart, and so "n't", "'s", "'re",
     * "'ll", "'ve", "'d" and "'m"; hyphens, and signs within a number, stay.
     */
    static Tokenizer treebank() {
        String letter = "[\\p{L}\\p{M}\\p{N}]", end = "(?!" + letter + ")";
        Pattern token = Pattern.compile("\\p{N}+(?:[.,:]\\p{N}+)*+(?:st|nd|rd|th)?" + end + "|" + letter + "+?(?=n't" + end + ")|n't" + end
                + "|'(?:s|re|ll|ve|d|m)" + end + "|" + letter + "+(?:-" + letter + "+)*+|\\.{2,}|-{2,}|[!?]{2,}|[^\\p{Z}\\p{C}]",
                Pattern.CASE_INSENSITIVE);
        return text -> token.matcher(text.replace('’', '\'')).results().map(java.util.regex.MatchResult::group).toList();
    }

    /** The same tokens in lower case. */
    default Tokenizer lowercase() {
        return text -> tokens(text.toLowerCase(Locale.ROOT));
    }
}
