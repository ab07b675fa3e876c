package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;

final class GrammarTest {
    private static final Grammar GRAMMAR = Grammar.parse("s = the <n> <a> | <n>\nn = cat | big dog\na = sleeps | _\n");

    @Test void exactlyTheSentencesOfTheLanguageAreDrawn() {
        Set<List<String>> all = new HashSet<>();
        for (int i = 0; i < 500; i++) all.add(GRAMMAR.draw("s", Rng.seed(i)));
        assertEquals(
                Set.of(List.of("the", "cat", "sleeps"), List.of("the", "big", "dog", "sleeps"), List.of("the", "cat"),
                        List.of("the", "big", "dog"),
                        List.of("cat"), List.of("big", "dog")),
                all);
    }

    @Test void distinctSentencesLeaveOutTheGivenOnes() {
        List<List<String>> five = GRAMMAR.drawDistinct("s", 5, new HashSet<>(Set.of(List.of("cat"))), Rng.seed(1));
        assertEquals(5, new HashSet<>(five).size());
        assertTrue(!five.contains(List.of("cat")));
        assertTrue(
                assertThrows(IllegalArgumentException.class,
                        () -> GRAMMAR.drawDistinct("s", 7, new HashSet<>(), Rng.seed(1)))
                        .getMessage()
                        .contains("expected 7 different sentences but only 6 were found"));
    }

    @Test void aRuleGoesOnAfterABarAndACommentIsNone() {
        Grammar grammar = Grammar.parse("# s = x\ns = the <n>\n  | <n>\n\nn = cat\n| big dog | _\n");
        assertEquals(List.of(List.of("the", "<n>"), List.of("<n>")), grammar.alternatives("s"));
        assertEquals(List.of("cat", "big", "dog"), grammar.words("n"));
    }

    @Test void aTemplateIsFilledWordByWord() {
        assertEquals(List.of("see", "DAY,", "x"), Grammar.filled(List.of("see", "DAY,", "DAY"), Map.of("DAY", "x")));
    }

    @Test void rulesThatCouldGoRoundAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Grammar.parse("s = a <s>\n"));
        assertThrows(IllegalArgumentException.class, () -> Grammar.parse("n = a\ns = <t>\n"));
        assertThrows(IllegalArgumentException.class, () -> Grammar.parse("s = a\ns = b\n"));
        assertThrows(IllegalArgumentException.class, () -> Grammar.parse("no rule\n"));
    }
}
