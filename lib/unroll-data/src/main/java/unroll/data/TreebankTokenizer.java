package unroll.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * English in the tokens of the Penn Treebank, as NLTK's {@code word_tokenize} (its {@code NLTKWordTokenizer}) makes
 * them of one sentence, but for what {@link Tokenizer#treebank} names. A sentence is cut at white space and around
 * signs; what is left between them is cut before the contraction at its end.
 */
final class TreebankTokenizer implements Tokenizer {
    private static final String W = "[\\p{L}\\p{N}_]", SIGNS = "\"`«»“”‘„;@#$%&?!*\\u2012-\\u2015\\[\\](){}<>",
            BLANK = "\\p{IsWhite_Space}\\x1c-\\x1f";
    private static final String CLOSING = "])}>\"'»”";
    /**
     * Dots, dashes, and the signs that stand alone; a comma or colon does unless a digit follows. Else, as group 1, a
     * run of what is none of these.
     */
    private static final Pattern PIECE = Pattern.compile("\\.{2,}|--|''|`+|[:,](?!\\p{Nd})|[" + SIGNS
            + "]|((?:(?!\\.\\.|--|''|[:,](?!\\p{Nd}))[^" + SIGNS + BLANK + "])++)");
    private static final String OPENS = "(?!(?i:re|ve|ll|[mtsdn])(?!" + W + "))(?=" + W + ")";
    /**
     * Where a run is cut: around an opening quotation mark; before 's, 'm, 'd or ' at its end; before 'll, 're, 've or
     * n't at its end or before those.
     */
    private static final Pattern CUT = Pattern
            .compile("(?<=(?<!" + W + ")')" + OPENS + "|(?<=[^'])(?<!" + W + ")(?='" + OPENS + ")"
                    + "|(?<=[^'])(?='[sSmMdD]?\\z)|(?<=[^'])(?=(?:'ll|'LL|'re|'RE|'ve|'VE|n't|N'T)(?:'[sSmMdD]?)?\\z)");
    /** Words that the Treebank takes for two, the first of which is a group. */
    private static final Pattern TWO_WORDS = Pattern.compile(
            "(?<!" + W + ")(?:(can)not|(d)'ye|(gim)me|(gon)na|(got)ta|(lem)me|(more)'n|(wan)na\\z)(?!" + W + ")",
            Pattern.CASE_INSENSITIVE);

    @Override public List<String> tokens(String text) {
        String plain = text.replace('’', '\'');
        int period = lastPeriod(plain);
        List<String> tokens = new ArrayList<>();
        HeldWords held = HeldWords.ofText(text);
        Consumer<String> out = token -> tokens.add(held.hold(token));
        add(out, plain.substring(0, period));
        if (period < plain.length()) {
            out.accept(".");
            add(out, plain.substring(period + 1));
        }
        return tokens;
    }

    /**
     * Where the period of the sentence is, behind which only brackets and quotation marks close; the length of the text
     * if there is none, or more dots.
     */
    private static int lastPeriod(String text) {
        int at = text.length() - 1;
        while (at > 0 && (CLOSING.indexOf(text.charAt(at)) >= 0 || Character.isWhitespace(text.charAt(at))
                || Character.isSpaceChar(text.charAt(at))))
            at--;
        return at > 0 && text.charAt(at) == '.' && text.charAt(at - 1) != '.' ? at : text.length();
    }

    private static void add(Consumer<String> tokens, String part) {
        for (Matcher piece = PIECE.matcher(part); piece.find();) {
            if (piece.group(1) == null) tokens.accept(piece.group());
            else
                for (String word : CUT.split(piece.group())) addWord(tokens, word);
        }
    }

    private static void addWord(Consumer<String> tokens, String word) {
        int at = 0;
        for (Matcher two = TWO_WORDS.matcher(word); two.find(); at = two.end()) {
            int cut = 0;
            // -1 for those that are not there
            for (int g = 1; g <= two.groupCount(); g++) cut = Math.max(cut, two.end(g));
            if (two.start() > at) tokens.accept(word.substring(at, two.start()));
            tokens.accept(word.substring(two.start(), cut));
            tokens.accept(word.substring(cut, two.end()));
        }
        if (at < word.length()) tokens.accept(word.substring(at));
    }
}
