package unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.data.PronouncingDictionary;
import unroll.data.Pronunciation;

class LetterAlignerTest {
    private static final List<Pronunciation> REGULAR = PronouncingDictionary.regular().withoutStress().entries();

    @Test void findsTheRulesOfARegularSpelling() {
        LetterAligner aligner = LetterAligner.fit(REGULAR, 10);
        PronouncingDictionary words = PronouncingDictionary.regular().withoutStress();
        assertEquals("p:P a:EY t:T e:-", aligner.align(words.of("pate").get(0)).orElseThrow().toString());
        assertEquals(List.of("P"), aligner.sounds("p", 0.01));
        for (Pronunciation word : REGULAR) assertEquals(word.phonemes(), aligner.align(word).orElseThrow().phonemes());
    }

    @Test void oneLetterMaySayTwoPhonemes() {
        List<Pronunciation> words = List.of(said("tax", "T AE K S"), said("tac", "T AE K"), said("sat", "S AE T"),
                said("ax", "AE K S"));
        LetterAligner aligner = LetterAligner.fit(words, 10);
        assertEquals("t:T a:AE x:K+S", aligner.align(words.get(0)).orElseThrow().toString());
        assertTrue(aligner.probability("x", "K S") > 0.99);
    }

    @Test void wordsOfManyPhonemesArePassedOver() {
        Pronunciation www = said("w", "D AH B AH L");
        assertTrue(LetterAligner.fit(List.of(said("at", "AE T"), www, said("t", "T")), 2).align(www).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> LetterAligner.fit(List.of(www), 2));
        assertThrows(IllegalArgumentException.class, () -> LetterAligner.fit(REGULAR, 0));
    }

    @Test void longWordsDoNotUnderflow() {
        Pronunciation word = said("ab".repeat(300), "K S ".repeat(300).strip());
        LetterAligner aligner = LetterAligner.fit(List.of(word), 3);
        assertTrue(Double.isFinite(aligner.logLikelihood(word)));
        assertEquals(word.phonemes(), aligner.align(word).orElseThrow().phonemes());
    }

    @Test void whatTrainingNeverHadCanStillBeAligned() {
        LetterAligner aligner = LetterAligner.fit(List.of(said("at", "AE T"), said("ta", "T AE"), said("as", "AE S")),
                20);
        Pronunciation strange = said("at", "T AE");
        assertEquals(Double.NEGATIVE_INFINITY, aligner.logLikelihood(strange));
        assertEquals(strange.phonemes(), aligner.align(strange).orElseThrow().phonemes());
    }

    @Test void alignedWordsHaveASoundForEachLetter() {
        assertThrows(IllegalArgumentException.class, () -> new AlignedWord("pat", List.of("P", "AE")));
        assertEquals(List.of("AE", "K", "S"), new AlignedWord("axe", List.of("AE", "K S", "-")).phonemes());
    }

    private static Pronunciation said(String word, String phonemes) {
        return new Pronunciation(word, 1, List.of(phonemes.split(" ")));
    }
}
