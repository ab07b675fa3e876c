package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import unroll.tensor.Rng;

final class TokenizerTest {
    @Test void everyLineEndsInOneSymbol() {
        assertEquals(List.of("to", "be", "<eos>", "<eos>", "or", "@-@", "not", "<eos>"),
                Tokenizer.lines().tokens(" to  be \n\nor @-@\tnot"));
        assertEquals(List.of(), Tokenizer.lines().tokens(""));
    }

    @Test void whiteSpaceOfEveryScriptSeparates() {
        assertEquals(List.of("a", "b", "c", "<eos>"), Tokenizer.lines().tokens("a\u00a0b\u3000c"));
    }

    @Test void punctuationStandsAlone() {
        assertEquals(List.of("It's", "late", ",", "Bo", "!", "!", "Ça", "va", "?"),
                Tokenizer.wordsAndPunctuation().tokens("It's late, Bo!!\nÇa va?"));
    }

    @Test void lowercaseFollowsNoLocale() {
        java.util.Locale before = java.util.Locale.getDefault();
        try {
            java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));       // there, I becomes a dotless i
            assertEquals(List.of("is"), Tokenizer.wordsAndPunctuation().lowercase().tokens("IS"));
        } finally {
            java.util.Locale.setDefault(before);
        }
    }

    /** Whatever the pieces in which it is done. */
    @Test void lowercaseIsThatOfTheWholeText() {
        String[] letters = {"Σ", "Σ", "İ", "A", "b", "'", "\u0301", "1", " ", ".", "\ud835\udc00", "ʰ", "\n"};
        Rng rng = Rng.seed(3);
        for (int n : new int[] {0, 1, 499, 501, 1_000, 20_000}) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < n; i++) text.append(letters[rng.nextInt(letters.length)]);
            List<String> whole = new ArrayList<>();
            ((Tokenizer) t -> {
                whole.add(t);
                return List.of();
            }).lowercase().tokens(text.toString());
            assertTrue(whole.equals(List.of(text.toString().toLowerCase(Locale.ROOT))),
                    () -> "in a text of " + text.length() + " characters");
        }
    }

    /** Java's own takes the square of it: 89 GB here. */
    @Test void lowercaseOfTurkishTakesMemoryInProportion() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String text = "İstanbul'dan İzmir'e ".repeat(10_000) + "İ".repeat(100_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        ((Tokenizer) t -> List.of()).lowercase().tokens(text);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < 1_000L * text.length(), taken + " bytes for " + text.length() + " characters");
    }

    @Test void reviewsKeepApostrophesHyphensAndSlashesInTheirWord() {
        assertEquals(
                List.of("it's", "a", "well-made", "co-writer/director's", "film", "(", "mostly", ")", ".", ".", ".",
                        "don't", "miss", "it", "!"),
                Tokenizer.reviews()
                        .tokens("It\u2019s a well-made co-writer/director's film (mostly)... don't miss it!"));
        assertEquals(
                List.of("slow", "--", "but", "worth", "$1", ".", "8", "million", ",", "\"", "fun", "\"", "[the",
                        "rest]"),
                Tokenizer.reviews().tokens("slow -- but worth $1.8 million, \"fun\" [the rest]"));
    }

    @Test void theTreebankSplitsContractions() {
        assertEquals(List.of("Do", "n't", "desert", "me", "in", "the", "desert", "!"),
                Tokenizer.treebank().tokens("Don't desert me in the desert!"));
        assertEquals(
                List.of("We", "'ll", "go", ",", "it", "'s", "12,000.50", "miles", ";", "WO", "N'T", "the", "well-known",
                        "o'clock", "..."),
                Tokenizer.treebank().tokens("We\u2019ll go, it's 12,000.50 miles; WON'T the well-known o'clock..."));
        assertEquals(List.of("He", "said", ",", "'", "Teddy", "Roosevelt", "was", "a", "great", "President", ".", "'"),
                Tokenizer.treebank().tokens("He said, 'Teddy Roosevelt was a great President.'"));
    }

    /** A repeated group that may give back what it took would overflow the stack here. */
    @Test void longWordsAreNoTrouble() {
        assertEquals(2, Tokenizer.reviews().tokens("a-".repeat(100_000)).size());
        for (String run : List.of("a-", "1.", "a'", "é\uD83D\uDE00", "can't/", "cannot-")) {
            int tokens = Tokenizer.treebank().tokens(run.repeat(100_000)).size();
            assertTrue(run.equals("cannot-") ? tokens == 300_000 : tokens <= 2, run + tokens);
        }
        assertEquals(List.of("."), Tokenizer.treebank().tokens("." + " ".repeat(1_000_000)));
        assertEquals(1_000_000, Tokenizer.treebank().tokens(". \"".repeat(500_000)).size());
        assertEquals(2, Tokenizer.wordsAndPunctuation().tokens("a'".repeat(100_000)).size());
    }

    @Test void marksAndJoinersStayWithTheirCharacter() {
        List<String> tokens = List.of("\u2764\ufe0f", "e\u0301te\u0301", "\uD83D\uDC69\u200D\uD83D\uDCBB",
                "\uD83D\uDC4D\uD83C\uDFFD",
                "\uD83C\uDDF8\uD83C\uDDEA", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "1\ufe0f\u20e3",
                "\u0915\u094D\u200D\u0937", "\uD83E\uDEE8");
        for (Tokenizer tokenizer : List.of(Tokenizer.wordsAndPunctuation(), Tokenizer.reviews(), Tokenizer.treebank(),
                Tokenizer.lines()))
            assertEquals(tokens,
                    tokenizer.tokens(String.join(" ", tokens)).stream().filter(t -> !t.equals("<eos>")).toList());
        assertEquals(List.of("ok", "\u2764\ufe0f", "\u2764\ufe0f", "!"),
                Tokenizer.wordsAndPunctuation().tokens("ok\u2764\ufe0f\u2764\ufe0f!"));
    }
}
