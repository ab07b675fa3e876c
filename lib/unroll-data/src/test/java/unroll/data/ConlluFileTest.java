package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class ConlluFileTest {
    @TempDir Path folder;

    private static String row(String id, String form, String upos, String xpos) {
        return String.join("\t", id, form, "_", upos, xpos, "_", "_", "_", "_", "_") + "\n";
    }

    private static List<TaggedSentence> upos(String text) {
        return ConlluFile.parse(text, "F", ConlluFile.Column.UPOS);
    }

    private static Refused refused(String text) {
        return Refused.by(Reason.MALFORMED, () -> upos(text));
    }

    @Test void commentsMultiwordTokensAndEmptyNodesAreNoWords() {
        String text = "# sent_id = 1\n# text = Don't go\n" + row("1-2", "Don't", "_", "_") + row("1", "Do", "AUX", "VB")
                + row("2", "n't", "PART", "RB")
                + row("3", "go", "VERB", "VB") + row("3.1", "went", "VERB", "VBD") + "\n# only a comment\n\n"
                + row("1", "\"", "PUNCT", "``");
        assertEquals(List.of(new TaggedSentence(List.of("Do", "n't", "go"), List.of("AUX", "PART", "VERB")),
                new TaggedSentence(List.of("\""), List.of("PUNCT"))), upos(text));
        assertEquals(List.of("VB", "RB", "VB"), ConlluFile.parse(text, "F", ConlluFile.Column.XPOS).get(0).tags());
    }

    @Test void lineEndsMayBeThoseOfWindows() {
        assertEquals(List.of("a", "b"),
                upos((row("1", "a", "X", "X") + row("2", "b", "X", "X")).replace("\n", "\r\n")).get(0).words());
    }

    @Test void aRowWithOtherThanTenColumnsIsNamed() {
        Refused e = refused("# c\n" + row("1", "a", "X", "X") + "2\tb\tb\tX\n");
        assertEquals(3, e.line());
        assertEquals("F, line 3: expected 10 columns with a tab in between but got \"2\\tb\\tb\\tX\"", e.getMessage());
        refused(row("1", "a", "X", "X").strip() + "\t_\n");
        refused("x" + "\t".repeat(100_000));
    }

    @Test void idsThatDoNotFollowEachOtherAreNamed() {
        assertEquals(2, refused(row("1", "a", "X", "X") + row("3", "b", "X", "X")).line());
        assertTrue(refused(row("2", "a", "X", "X")).getMessage().contains("the word number 1"));
        refused(row("one", "a", "X", "X"));
        refused(row("1-x", "a", "X", "X"));
        refused(row("99999999999999999999", "a", "X", "X"));
    }

    @Test void aMissingTagOrWordIsNamed() {
        assertTrue(refused(row("1", "a", "", "X")).getMessage().contains("a tag in column 4 (UPOS)"));
        refused(row("1", "a", "_", "X"));
        refused(row("1", " ", "X", "X"));
        String noXpos = row("1", "a", "X", "_");
        Refused.by(Reason.MALFORMED, () -> ConlluFile.parse(noXpos, "F", ConlluFile.Column.XPOS));
    }

    @Test void aLongLineIsShortenedInTheMessage() {
        assertTrue(refused("x".repeat(100_000)).getMessage().length() < 200);
    }

    @Test void aFileWithoutSentencesIsRefused() {
        Refused.by(Reason.EMPTY, () -> upos(""));
        Refused.by(Reason.EMPTY, () -> upos("# nothing\n\n"));
    }

    @Test void anotherEncodingIsRefusedWithTheOffset() throws IOException {
        Path latin1 = Files.write(folder.resolve("l.conllu"),
                row("1", "é", "X", "X").getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(2,
                Refused.by(Reason.MALFORMED, () -> ConlluFile.read(latin1, ConlluFile.Column.UPOS))
                        .offset());
    }

    @Test void aFileIsReadAndNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.conllu"), row("1", "a", "X", "X") + "bad\n");
        assertTrue(Refused.by(Reason.MALFORMED, () -> ConlluFile.read(file, ConlluFile.Column.UPOS))
                .getMessage()
                .startsWith("CoNLL-U file a.conllu, line 2: "));
    }

    @Test void blanksThatAreNotAsciiAreWords() {
        assertEquals(List.of("\u00a0", "\u3000", "a\u2028b"),
                upos(row("1", "\u00a0", "X", "X") + row("2", "\u3000", "X", "X") + row("3", "a\u2028b", "X", "X"))
                        .get(0).words());
        assertEquals(2, refused(row("1", "a", "X", "X") + "\u3000\n").line());
    }

    @Test void anEmptyNodeMayComeFirst() {
        assertEquals(List.of("a"),
                upos(row("0.1", "_", "_", "_") + row("1-1", "a", "_", "_") + row("1", "a", "X", "X")).get(0).words());
    }

    @Test void emptyFilesAreNamed() {
        assertEquals("F: it has no sentences", Refused.by(Reason.EMPTY, () -> upos("")).getMessage());
    }
}
