package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BioFileTest {
    @TempDir Path folder;

    private static MalformedLineException refused(String text) {
        return assertThrows(MalformedLineException.class, () -> BioFile.parse(text, "F"));
    }

    @Test void aLineWithALoneTabEndsASentenceToo() {
        assertEquals(List.of(new TaggedSentence(List.of("Ann", "Lee"), List.of("B-person", "I-person")),
                new TaggedSentence(List.of("."), List.of("O"))), BioFile.parse("Ann\tB-person\nLee\tI-person\n\t\n \n\n.\tO\n", "F"));
    }

    @Test void typesMayHaveHyphensAndImproperSequencesAreLeftToTheScorer() {
        assertEquals(List.of("O", "I-creative-work"), BioFile.parse("a\tO\nb\tI-creative-work", "F").get(0).tags());
    }

    @Test void linesOfAnotherFormAreNamed() {
        MalformedLineException e = refused("a\tO\nb O\n");
        assertEquals(2, e.line());
        assertEquals("F, line 2: expected a token, a tab and a tag but got \"b O\"", e.getMessage());
        refused("\tO");
        refused("a\tO\tO");
        refused("\t".repeat(10) + "x");
    }

    @Test void otherTagsAreNamed() {
        for (String tag : List.of("", "o", "B-", "I", "E-person", "B_person", "B- x", "B-" + "x".repeat(101)))
            assertTrue(refused("a\t" + tag + "\n").getMessage().contains("expected a tag O, B-TYPE or I-TYPE"), tag);
    }

    @Test void emptyFilesAndOtherEncodingsAreRefused() throws IOException {
        assertThrows(EmptyCorpusException.class, () -> BioFile.parse("\n\t\n", "F"));
        Path file = Files.write(folder.resolve("a.conll"), new byte[] {'a', '\t', 'O', '\n', (byte) 0x96});
        assertEquals(4, assertThrows(MalformedTextException.class, () -> BioFile.read(file)).offset());
    }
}
