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
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class BioFileTest {
    @TempDir Path folder;

    private static Refused refused(String text) {
        return Refused.by(Reason.MALFORMED, () -> BioFile.parse(text, "F"));
    }

    @Test void aLineWithALoneTabEndsASentenceToo() {
        assertEquals(List.of(new TaggedSentence(List.of("Ann", "Lee"), List.of("B-person", "I-person")),
                new TaggedSentence(List.of("."), List.of("O"))),
                BioFile.parse("Ann\tB-person\nLee\tI-person\n\t\n \n\n.\tO\n", "F"));
    }

    @Test void typesMayHaveHyphensAndImproperSequencesAreLeftToTheScorer() {
        assertEquals(List.of("B-x", "O", "I-creative-work", "I-x"),
                BioFile.parse("n\tB-x\na\tO\nb\tI-creative-work\nc\tI-x", "F").get(0).tags());
    }

    @Test void linesOfAnotherFormAreNamed() {
        Refused e = refused("a\tO\nb O\n");
        assertEquals(2, e.line());
        assertEquals("F, line 2: expected a token, a tab and a tag but got \"b O\"", e.getMessage());
        refused("\tO");
        assertEquals(2, refused("a\tO\nb\tO\tO").line());
        assertEquals(2, refused("a\tN\tO\nb\tO").line());
        refused("\t".repeat(10) + "x");
    }

    @Test void otherTagsAreNamed() {
        for (String tag : List.of("", "o", "B-", "X", "X-person", "B_person", "B- x", "B-" + "x".repeat(101)))
            assertTrue(refused("a\t" + tag + "\n").getMessage().contains("expected a tag O, B-TYPE or I-TYPE"), tag);
    }

    @Test void emptyFilesAndOtherEncodingsAreRefused() throws IOException {
        Refused.by(Reason.EMPTY, () -> BioFile.parse("\n\t\n", "F"));
        Path file = Files.write(folder.resolve("a.conll"), new byte[] {'a', '\t', 'O', '\n', (byte) 0x96});
        assertEquals(4, Refused.by(Reason.MALFORMED, () -> BioFile.read(file)).offset());
    }

    private List<String> tags(String text) {
        return BioFile.parse(text, "F").stream().flatMap(s -> s.tags().stream()).toList();
    }

    @Test void blanksThatAreNotAsciiAreTokens() {
        assertEquals(List.of("a", "\u3000", "\u2003", "\u00a0", "\u2028", "b"),
                BioFile.parse("a\tO\n\u3000\tO\n\u2003\tO\n\u00a0\tO\n\u2028\tO\nb\tO\n", "F").get(0).words());
        assertEquals(2, refused("a\tO\n\u3000\n").line());
    }

    @Test void filesOfConll2003AreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("eng.train"),
                "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n-DOCSTART- -X- O O\nPeter NNP B-NP "
                        + "B-PER\n");
        assertEquals(
                List.of(new TaggedSentence(List.of("EU", "rejects"), List.of("B-ORG", "O")),
                        new TaggedSentence(List.of("Peter"), List.of("B-PER"))),
                BioFile.read(file));
        assertEquals(List.of("B-NP", "B-VP"), BioFile.read(file, 3).get(0).tags());
        assertEquals(3, Refused.by(Reason.MALFORMED, () -> BioFile.read(file, 2)).line());
        assertEquals(3, Refused.by(Reason.MALFORMED, () -> BioFile.read(file, 5)).line());
        assertThrows(IllegalArgumentException.class, () -> BioFile.read(file, 1));
    }

    @Test void iob1BecomesBio() {
        assertEquals(List.of("B-A", "I-A", "B-A", "B-B", "O", "B-A"), tags("a I-A\nb I-A\nc B-A\nd I-B\ne O\nf I-A\n"));
        assertEquals(List.of("B-A", "B-A"), tags("a I-A\n\nb I-A\n"));
    }

    @Test void iobesBilouAndBmesBecomeBio() {
        List<String> bio = List.of("B-A", "O", "B-B", "I-B", "I-B", "B-A");
        assertEquals(bio, tags("a\tS-A\nb\tO\nc\tB-B\nd\tI-B\ne\tE-B\nf\tS-A\n"));
        assertEquals(bio, tags("a\tU-A\nb\tO\nc\tB-B\nd\tI-B\ne\tL-B\nf\tU-A\n"));
        assertEquals(bio, tags("a\tS-A\nb\tO\nc\tB-B\nd\tM-B\ne\tE-B\nf\tS-A\n"));
    }

    @Test void tagsWithoutATypeGetOne() {
        assertEquals(List.of("B-name", "I-name", "O", "B-name"), tags("a\tB\nb\tI\nc\tO\nd\tB\n"));
        assertEquals(List.of("B-name", "I-name", "B-name"), tags("a\tI\nb\tI\nc\tB\n"));
        assertEquals(List.of("B-name", "B-name", "I-name"), tags("a\tS\nb\tB\nc\tE\n"));
        assertEquals(2, refused("a\tB\nb\tI-A\n").line());
        assertEquals(3, refused("a\tB-A\nb\tO\nc\tB\n").line());
    }

    @Test void aSequenceThatBreaksOffIsAnErrorWithItsLine() {
        assertEquals(2, refused("a\tS-A\nb\tE-A\n").line());
        assertEquals(5, refused("a\tS-A\n\n\nb\tB-A\nc\tO\n").line());
        assertEquals(3, refused("a\tS-A\nb\tB-A\nc\tE-B\n").line());
        assertEquals(2, refused("a\tS-A\nb\tB-A\n\nc\tO\n").line());
        assertEquals("F, line 2: expected a tag that goes on with A but got \"c S-B\"",
                refused("a\tB-A\nc\tS-B\n").getMessage());
    }
}
