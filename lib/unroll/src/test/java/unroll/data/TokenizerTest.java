package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

final class TokenizerTest {
    @Test void everyLineEndsInOneSymbol() {
        assertEquals(List.of("to", "be", "<eos>", "<eos>", "or", "@-@", "not", "<eos>"), Tokenizer.lines().tokens(" to  be \n\nor @-@\tnot"));
        assertEquals(List.of(), Tokenizer.lines().tokens(""));
    }

    @Test void whiteSpaceOfEveryScriptSeparates() { assertEquals(List.of("a", "b", "c", "<eos>"), Tokenizer.lines().tokens("a\u00a0b\u3000c")); }

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
}
