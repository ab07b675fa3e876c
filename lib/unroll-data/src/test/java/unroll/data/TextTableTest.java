package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class TextTableTest {
    @TempDir Path folder;

    private Path csv(String text) throws IOException { return Files.writeString(folder.resolve("mine.csv"), text); }

    private String refused(String text) throws IOException {
        Path file = csv(text);
        DatasetException e = assertThrows(DatasetException.class, () -> TextTable.read(file, "text", "label"));
        assertEquals(Reason.UNREADABLE, e.reason());
        assertTrue(e.getMessage().startsWith("Table mine.csv: "), e.getMessage());
        return e.getMessage();
    }

    @Test void cellsMayBeQuotedAndTheOrderOfColumnsIsFree() throws IOException {
        assertEquals(
                List.of(new LabelledText(List.of("so", "good", ",", "really"), "1"),
                        new LabelledText(List.of("\"", "bad", "\"", "twice"), "0")),
                TextTable.read(csv("id,label,text\n7,1,\"So good, really\"\n8,0,\"\"\"bad\"\"\ntwice\"\n"), "text",
                        "label"));
    }

    @Test void tabsSeparateWhereTheNameSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.TSV"), "text\tlabel\na, b\tx\n");
        assertEquals(List.of(new LabelledText(List.of("a", ",", "b"), "x")), TextTable.read(file, "text", "label"));
        assertEquals(List.of("A,", "B"),
                TextTable
                        .read(Files.writeString(file, "text\tlabel\nA, B\tx\n"), "text", "label",
                                t -> List.of(t.split(" ")))
                        .get(0).words());
    }

    @Test void wordsThatOftenMeanMissingAreWordsHere() throws IOException {
        assertEquals(List.of(new LabelledText(List.of("na"), "null"), new LabelledText(List.of("n", "/", "a"), "NA"),
                new LabelledText(List.of("*"), "true")),
                TextTable.read(csv("text,label\nNA,null\nN/A,NA\n*,true\n"), "text", "label"));
    }

    @Test void aTextThatBeginsWithAHashIsNoCommentAndBlankLinesAreNoRows() throws IOException {
        assertEquals(List.of(new LabelledText(List.of("#", "fun"), "x"), new LabelledText(List.of("a"), "y")),
                TextTable.read(csv("text,label\n#fun,x\n\na,y\n"), "text", "label"));
    }

    @Test void aByteOrderMarkAndWindowsLineEndsAreNoTrouble() throws IOException {
        assertEquals("x", TextTable.read(csv("\ufefftext,label\r\na,x\r\n"), "text", "label").get(0).label());
    }

    @Test void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        assertEquals("Table mine.csv: it has no column \"label\"; separated by commas it has [text, Label]",
                refused("text,Label\na,x\n"));
    }

    @Test void emptyTextsAndLabelsAreNamedByTheirRow() throws IOException {
        assertTrue(
                refused("text,label\na,x\n,y\n").contains("row 2 below the header has an empty text in column text"));
        assertTrue(refused("text,label\n\"  \",x\n").contains("row 1 below the header has an empty text"));
        assertTrue(
                refused("text,label\na,x\nb,\n").contains("row 2 below the header has an empty label in column label"));
    }

    @Test void raggedRowsAreNamed() throws IOException {
        assertTrue(refused("text,label\na,x\nb\n").contains("Row number 2 contains 1 columns. 2 expected"));
        assertTrue(refused("text,label\na,x\nb,y,z\n").contains("Row number 2 contains 3 columns. 2 expected"));
    }

    @Test void twoColumnsOfOneNameAreRefused() throws IOException { refused("text,label,text\na,x,b\n"); }

    @Test void emptyTablesAreRefused() throws IOException {
        Path empty = csv("");
        Refused.by(Reason.EMPTY, () -> TextTable.read(empty, "text", "label"));
        Path header = Files.writeString(folder.resolve("h.csv"), "text,label\n");
        Refused.by(Reason.EMPTY, () -> TextTable.read(header, "text", "label"));
    }

    @Test void otherEncodingsAndLargeFilesAreRefused() throws IOException {
        Path latin1 = Files.write(folder.resolve("l.csv"), "text,label\né,x\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(11,
                Refused.by(Reason.MALFORMED, () -> TextTable.read(latin1, "text", "label")).offset());
        Path large = folder.resolve("large.csv");
        try (RandomAccessFile hole = new RandomAccessFile(large.toFile(), "rw")) {
            hole.setLength(200_000_001);
        }
        assertEquals(Reason.TOO_LARGE,
                assertThrows(DatasetException.class, () -> TextTable.read(large, "text", "label")).reason());
    }

    @Test void aCellWithoutEndIsRefused() throws IOException {
        refused("text,label\n\"" + "a b ".repeat(300_000) + ",x\n");
    }

    @Test void nothingIsWrittenToStandardError() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        System.setErr(new PrintStream(seen, true));
        try {
            TextTable.read(csv("text,label\na,x\n"), "text", "label");
            refused("text,label\na,x\nb\n");
        } finally {
            System.setErr(before);
        }
        assertEquals("", seen.toString());
    }

    private Path tsv(String text) throws IOException { return Files.writeString(folder.resolve("mine.tsv"), text); }

    private static List<String> labels(List<LabelledText> texts) {
        return texts.stream().map(LabelledText::label).toList();
    }

    @Test void whereTabsSeparateAQuotationMarkIsACharacter() throws IOException {
        List<LabelledText> read = TextTable.read(
                tsv("text\tlabel\nFirst\ta\n\"Second\tb\nThird \"x\"\tc\n\"Fourth\"\t\"d\nFifth\te"), "text",
                "label");
        assertEquals(List.of("a", "b", "c", "\"d", "e"), labels(read));
        assertEquals(List.of("\"", "second"), read.get(1).words());
    }

    @Test void aQuotedCellThatDoesNotEndIsAnErrorWithItsLine() throws IOException {
        assertTrue(refused("text,label\na,x\n\"b,y\nc,z\n")
                .startsWith("Table mine.csv: line 3: a cell begins with a quotation mark that is never closed"));
        String merged = refused("text,label\na,x\n\"b,y\nThird \"c\",z\n");
        assertTrue(merged.contains("line 3: ") && merged.contains("in line 4, is followed by \"c\""), merged);
        assertTrue(refused("text,label\n\"a\" ,x\n").contains("line 2: "));
        assertTrue(refused("text,label\n\"a\nb\",x\n\"c,y").contains("line 4: "));
    }

    @Test void quotedCellsHoldLineEndsSeparatorsAndDoubledMarks() throws IOException {
        Tokenizer whole = List::of;
        assertEquals(
                List.of(new LabelledText(List.of("a\nb,\"c\""), "x"), new LabelledText(List.of("d\r\n"), "y"),
                        new LabelledText(List.of("e \"f"), "z")),
                TextTable.read(csv("text,label\r\n\"a\nb,\"\"c\"\"\",x\r\n\"d\r\n\",\"y\"\r\ne \"f,z"), "text", "label",
                        whole));
    }

    @Test void columnsThatDifferOnlyInCaseAreTwo() throws IOException {
        Path file = csv("W,w,label\na b,c,x\nd,e,y\n");
        assertEquals(List.of("a", "b"), TextTable.read(file, "W", "label").get(0).words());
        assertEquals(List.of("c"), TextTable.read(file, "w", "label").get(0).words());
    }

    @Test void anotherColumnMayHaveNoNameOrOneTwice() throws IOException {
        assertEquals(List.of("x"), labels(TextTable.read(csv(",id,text,label,id\n0,1,a,x,2\n"), "text", "label")));
        assertTrue(refused("text,label,label\na,x,y\n").contains("two columns \"label\""));
    }

    @Test void blanksThatAreNotAsciiBelongToTheCell() throws IOException {
        assertEquals(List.of("\u00a0x\u3000", "\u2003"),
                labels(TextTable.read(tsv("text\tlabel\na\u2028b\t \u00a0x\u3000 \na\t\u2003\n"), "text", "label")));
    }

    @Test void linesOfOldMacintoshesAreLinesToo() throws IOException {
        assertEquals(List.of("x", "y"), labels(TextTable.read(csv("text,label\ra,x\r\rb,y"), "text", "label")));
    }

    /**
     * What a quotation mark costs must not grow with the file: each of these cells once made the reader look through
     * all that follows.
     */
    @Test void manyQuotationMarksAreNoTrouble() throws IOException {
        assertEquals(200_000,
                TextTable.read(csv("text,label\n" + "\"a\"\"\",\"x\"\n".repeat(200_000)), "text", "label").size());
        assertEquals(200_000,
                TextTable.read(tsv("text\tlabel\n" + "\"a\t\"x\n".repeat(200_000)), "text", "label").size());
    }

    @Test void aLongFirstLineIsShortenedInTheMessage() throws IOException {
        assertTrue(refused("x".repeat(100_000) + "\na\n").length() < 300);
    }

    @Test void anInterruptEndsTheReading() throws IOException {
        Path file = csv("text,label\na,x\n");
        Thread.currentThread().interrupt();
        DatasetException e = assertThrows(DatasetException.class, () -> TextTable.read(file, "text", "label"));
        assertTrue(Thread.interrupted());
        assertEquals(Reason.INTERRUPTED, e.reason());
    }
}
