package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class PronouncingDictionaryTest {
    @TempDir Path folder;

    private static Refused refused(String text) {
        return Refused.by(Reason.MALFORMED, () -> PronouncingDictionary.parse(text, "F"));
    }

    private static String said(String word) {
        return PronouncingDictionary.regular().of(word).stream().flatMap(p -> p.phonemes().stream())
                .collect(Collectors.joining(" "));
    }

    @Test void variantsAndCommentsAreUnderstood() throws IOException {
        Path file = Files.writeString(folder.resolve("d.txt"),
                ";;; header\naalborg AO1 L B AO0 R G # place, danish\n\na.'s EY1 Z\na AH0\na(2) EY1\n(paren P ER0\n");
        PronouncingDictionary read = PronouncingDictionary.read(file);
        assertEquals(List.of("aalborg AO1 L B AO0 R G", "a.'s EY1 Z", "a AH0", "a(2) EY1", "(paren P ER0"),
                read.entries().stream().map(Pronunciation::toString).toList());
        assertEquals(List.of(new Pronunciation("a", 1, List.of("AH")), new Pronunciation("a", 2, List.of("EY"))),
                read.withoutStress().of("a"));
        assertEquals(List.of(new Pronunciation("a", 1, List.of("AH0"))), read.firstVariants().of("a"));
        assertEquals(List.of(), read.of("b"));
    }

    @Test void linesOfAnotherFormAreNamed() {
        Refused e = refused("a AH0\nbee\n");
        assertEquals(2, e.line());
        assertEquals("F, line 2: expected a word and 1 to 100 phonemes but got \"bee\"", e.getMessage());
        refused("a " + "AH0 ".repeat(101));
        refused("a # AH0");
    }

    @Test void otherPhonemesAreNamed() {
        for (String phoneme : List.of("ah", "AH3", "B1", "XX", "AX0", "AH00", "é"))
            assertTrue(refused("a " + phoneme).getMessage().contains("of which \"" + phoneme + "\""), phoneme);
    }

    @Test void emptyFilesAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("d.txt"), "\n;;; nothing\n");
        Refused.by(Reason.EMPTY, () -> PronouncingDictionary.read(file));
    }

    @Test void theRegularOneStandsInForWhatIsOutOfReachAndSaysSo() {
        DataFile file = new DataFile("cmudict.dict", URI.create("https://example.org/c"), Catalogue.sha256(new byte[1]),
                1,
                Optional.empty(),
                Optional.empty());
        Dataset set = new Dataset("cmudict", "Words", "c", "cmudict", "CC0", "README", "none", Optional.empty(),
                List.of(file));
        PronouncingDictionary words = PronouncingDictionary
                .cmu(new Catalogue(List.of(set), new Locations(Optional.of(folder), folder, true),
                        (address, limit, target) -> {}));
        assertTrue(words.builtIn());
        assertEquals(PronouncingDictionary.regular().entries(), words.entries());
        assertTrue(words.source().contains("stand in for cmudict") && words.source().contains("OFFLINE"),
                words.source());
    }

    /** As the CMU dictionary has them, but for "mod", where it has AO1. */
    @Test void theSoundOfALetterDependsOnLettersToBothSides() {
        assertEquals(List.of("P AA1", "P AE1 T", "P EY1 T", "P AH0 T ER1 N AH0 L"),
                List.of(said("pa"), said("pat"), said("pate"), said("paternal")));
        assertEquals(List.of("M OW1", "M AA1 D", "M OW1 D", "M AA1 D ER0 N"),
                List.of(said("mo"), said("mod"), said("mode"), said("modern")));
        assertEquals(List.of("M IY1", "S IY1 D", "CH IH1 K", "TH AY1 S", "K AE1 N D"),
                List.of(said("me"), said("cede"), said("chick"), said("thice"), said("cand")));
    }

    @Test void regularWordsAreDifferentAndOfPhonemesOfTheDictionary() {
        List<Pronunciation> all = PronouncingDictionary.regular().entries();
        assertEquals(all.size(), all.stream().map(Pronunciation::word).distinct().count());
        String lines = all.stream().map(Pronunciation::toString).collect(Collectors.joining("\n"));
        assertEquals(all, PronouncingDictionary.parse(lines, "F"));
    }

    private static List<String> entries(String text) {
        return PronouncingDictionary.parse(text, "F").stream().map(Pronunciation::toString).toList();
    }

    @Test void theNotationUpToVersion07bIsReadToo() {
        assertEquals(List.of("a AH0", "a(2) EY1", "a(3) AA1", "able EY1 B AH0 L", "\"close-quote K L OW1 Z"),
                entries(";;; comment\n## comment\nA  AH0\nA(1)  EY1\nA(2)  AA1\nABLE  EY1 B AH0 L\n\"CLOSE-QUOTE  K L "
                        + "OW1 Z\n"));
    }

    @Test void variantsMayHaveTwoDigitsAndWordsOfPunctuationStayAsTheyStand() {
        assertEquals(
                List.of("a AH0", "a(2) EY1", "a(10) EY1", "smile :-) S M AY1 L", "(begin B IH0", "#hash HH AE1",
                        "x EH1"),
                entries("a AH0\na(2) EY1\na(10) EY1\nsmile :-) S M AY1 L\n(begin B IH0\n#hash HH AE1\nx\tEH1\t# "
                        + "name\n"));
        assertEquals(1, refused("a(0) AH0").line());
    }

    @Test void blanksThatAreNotAsciiBelongToTheWord() {
        assertEquals(List.of("\u3000 AH0", "a\u00a0b EY1"), entries("\u3000 AH0\na\u00a0b EY1\n"));
    }

    @Test void emptyFilesAreNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("d.txt"), "## nothing\n");
        assertTrue(Refused.by(Reason.EMPTY, () -> PronouncingDictionary.read(file)).getMessage()
                .contains("d.txt"));
    }
}
