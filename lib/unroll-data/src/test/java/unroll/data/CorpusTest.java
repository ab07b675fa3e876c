package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CorpusTest {
    private static Corpus of(String text) { return new Corpus("test", text, "Written for this test.", true); }

    /** nanoGPT's figures for tiny Shakespeare: 1,003,854 and 111,540 characters. */
    @Test void theSplitIsThatOfNanoGpt() {
        Corpus corpus = of("x".repeat(1_115_394));
        assertEquals(1_003_854, corpus.train().length());
        assertEquals(111_540, corpus.validation().length());
    }

    @Test void bothPartsAreTheWhole() {
        assertEquals("abcdefghijk", of("abcdefghijk").train() + of("abcdefghijk").validation());
    }

    @Test void noCharacterIsCutInTwo() {
        // 30 UTF-16 units: 0.9 * 30 = 27 would split the 14th
        Corpus corpus = of("𝄞".repeat(15));
        assertEquals("𝄞".repeat(13), corpus.train());
        assertEquals("𝄞".repeat(2), corpus.validation());
    }

    /** The published checksum of "abc" (FIPS 180-2, appendix B.1). */
    @Test void theChecksumIsSha256() {
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", of("abc").sha256());
    }
}
