package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;
import unroll.text.Vocabulary;

final class CorporaTest {
    private static final String TEXT = "to be or not to be";

    @TempDir Path root;

    @AfterEach void clear() {
        for (String name : List.of("corpus", "datasets", "cache", "offline")) System.clearProperty("unroll." + name);
    }

    private Path file(byte... bytes) throws IOException { return Files.write(root.resolve("mine.txt"), bytes); }

    private Path file(String text) throws IOException { return file(text.getBytes(StandardCharsets.UTF_8)); }

    private Catalogue unreachable(Reason reason) {
        return new Catalogue(List.of(CatalogueTest.SET), new Locations(Optional.empty(), root, false),
                (address, limit, target) -> {
                    throw new DatasetException(reason, address + " failed in this test");
                });
    }

    @Test void theBuiltInCorpusIsAsLongAsTinyShakespeareAndHas96Symbols() {
        Corpus corpus = Corpora.builtIn();
        assertTrue(corpus.builtIn());
        assertEquals(1_115_394, corpus.text().length());
        assertEquals(96, Vocabulary.characters(corpus.text()).size());
        assertTrue(corpus.text().startsWith("package org.apache.commons.lang3;\n"));
        assertFalse(corpus.text().contains("Licensed to the Apache Software Foundation"));
        assertTrue(corpus.source().contains("Apache-2.0"));
    }

    @Test void itsValidationPartHasNoSymbolThatItsTrainingPartLacks() {
        Corpus corpus = Corpora.builtIn();
        assertTrue(Vocabulary.characters(corpus.train()).symbols()
                .containsAll(Vocabulary.characters(corpus.validation()).symbols()));
    }

    @Test void itIsTheSameEveryTime() { assertEquals(Corpora.builtIn(), Corpora.text(Corpora.BUILT_IN)); }

    @Test void aRealTextSaysItsSource() throws IOException {
        Files.createDirectories(root.resolve("folder"));
        Files.writeString(root.resolve("folder/b.txt"), TEXT);
        Corpus corpus = Corpora.text("letters", unreachable(Reason.UNREACHABLE));
        assertEquals(new Corpus("letters", TEXT, "Some letters; https://example.org/b.txt, licence: CC0.", false),
                corpus);
        assertEquals(TEXT, Corpora.text("letters/b.txt", unreachable(Reason.UNREACHABLE)).text());
    }

    @Test void aTextOutOfReachIsReplacedAndTheReplacementSaysWhy() {
        Corpus corpus = Corpora.text("letters", unreachable(Reason.UNREACHABLE));
        assertTrue(corpus.builtIn());
        assertEquals(Corpora.builtIn().text(), corpus.text());
        assertTrue(
                corpus.source()
                        .endsWith(
                                "It stands in for letters, which cannot be had here (UNREACHABLE: "
                                        + "https://example.org/b.txt failed in this test)."),
                corpus.source());
    }

    @Test void aDamagedTextIsNotReplaced() {
        assertEquals(Reason.WRONG_CHECKSUM,
                assertThrows(DatasetException.class, () -> Corpora.text("letters", unreachable(Reason.WRONG_CHECKSUM)))
                        .reason());
    }

    @Test void aMisspeltNameIsNotReplaced() {
        assertEquals(Reason.UNKNOWN_NAME,
                assertThrows(DatasetException.class, () -> Corpora.text("tiny-shakespear")).reason());
    }

    @Test void picturesAreNoText() {
        assertTrue(assertThrows(DatasetException.class, () -> Corpora.text("mnist")).getMessage().contains("idx-gzip"));
    }

    @Test void withoutDataAndNetworkTheDefaultIsBuiltIn() {
        System.setProperty("unroll.datasets", root.resolve("nothing").toString());
        System.setProperty("unroll.cache", root.toString());
        System.setProperty("unroll.offline", "1");
        Corpus corpus = Corpora.chosen("tiny-shakespeare");
        assertTrue(corpus.builtIn());
        assertTrue(corpus.source().contains("OFFLINE"), corpus.source());
    }

    @Test void theReaderChoosesAFile() throws IOException {
        System.setProperty("unroll.corpus", file("My letters, é").toString());
        assertEquals(new Corpus("mine.txt", "My letters, é", "The file mine.txt, chosen by the reader.", false),
                Corpora.chosen("tiny-shakespeare"));
    }

    @Test void theReaderChoosesAName() {
        System.setProperty("unroll.corpus", "built-in");
        assertEquals(Corpora.builtIn(), Corpora.chosen("tiny-shakespeare"));
    }

    @Test void aChoiceThatIsNeitherIsAnError() {
        System.setProperty("unroll.corpus", "no-such-text");
        String message = assertThrows(DatasetException.class, () -> Corpora.chosen("tiny-shakespeare")).getMessage();
        assertTrue(message.contains("no-such-text") && message.contains("wikitext-2") && message.contains("built-in"),
                message);
    }

    @Test void aFileOfBytesThatAreNotUtf8IsRefusedWithTheOffset() throws IOException {
        Path latin1 = file((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xE9, (byte) '!');
        Refused e = Refused.by(Reason.MALFORMED, () -> Corpora.file(latin1));
        assertEquals(3, e.offset());
        assertTrue(e.getMessage().contains("byte 0xE9 at offset 3"), e.getMessage());
    }

    @Test void aCharacterThatIsCutOffAtTheEndIsRefused() throws IOException {
        Path cut = file((byte) 'a', (byte) 'b', (byte) 0xE2, (byte) 0x82);
        assertEquals(2, Refused.by(Reason.MALFORMED, () -> Corpora.file(cut)).offset());
    }

    @Test void anOffsetFarInsideIsExact() throws IOException {
        byte[] bytes = "é€𝄞x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        bytes[60_001] = (byte) 0xFF;                                                  // where an é had its second byte
        assertEquals(60_000, Refused.by(Reason.MALFORMED, () -> Corpora.file(file(bytes))).offset());
    }

    @Test void aByteOrderMarkIsNoCharacterAndLineEndsStay() throws IOException {
        assertEquals("a\r\nb", Corpora.file(file("\ufeffa\r\nb")).text());
    }

    @Test void emptyAndOneSymbolFilesAreRefused() throws IOException {
        Path empty = file("");
        assertTrue(
                Refused.by(Reason.EMPTY, () -> Corpora.file(empty)).getMessage().contains("has none"));
        Path same = file("zzzz");
        assertTrue(Refused.by(Reason.EMPTY, () -> Corpora.file(same)).getMessage()
                .contains("only \"z\" (U+007A)"));
    }

    /** A file with a hole: it takes no room on the disk. */
    @Test void aFileAbove200MegabytesIsRefused() throws IOException {
        Path large = root.resolve("large.txt");
        try (RandomAccessFile hole = new RandomAccessFile(large.toFile(), "rw")) {
            hole.setLength(200_000_001);
        }
        assertEquals(Reason.TOO_LARGE, assertThrows(DatasetException.class, () -> Corpora.file(large)).reason());
    }

    @Test void whatCannotBeReadIsNamed() {
        DatasetException e = assertThrows(DatasetException.class, () -> Corpora.file(root));
        assertEquals(Reason.UNREADABLE, e.reason());
        assertTrue(e.getMessage().contains(root.toString()), e.getMessage());
        assertEquals(Reason.UNREADABLE,
                assertThrows(DatasetException.class, () -> Corpora.file(root.resolve("gone.txt"))).reason());
    }

    private Refused refused(byte... bytes) throws IOException {
        Path file = file(bytes);
        return Refused.by(Reason.MALFORMED, () -> Corpora.file(file));
    }

    @Test void utf16IsNamedAsSuch() throws IOException {
        String text = "To be,\nor né\n";
        for (String name : List.of("UTF-16LE", "UTF-16BE"))
            for (String mark : List.of("", "\ufeff")) {
                Refused e = refused((mark + text).getBytes(java.nio.charset.Charset.forName(name)));
                assertTrue(e.getMessage().contains("It looks like " + name + "; convert it (iconv -f " + name),
                        e.getMessage());
                assertEquals(1, e.line());
            }
        assertTrue(refused("\ufeff日本語\n".getBytes(StandardCharsets.UTF_16LE)).getMessage().contains("UTF-16LE"));
    }

    @Test void aNulIsRefusedWithItsLine() throws IOException {
        Refused e = refused("ab\r\ncd\re\0f é\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(3, 8), List.of(e.line(), e.offset()));
        assertTrue(e.getMessage().contains("line 3: byte 0x00 at offset 8 is NUL"), e.getMessage());
        assertEquals(2, refused("a\nb\351\n".getBytes(StandardCharsets.ISO_8859_1)).line());
    }

    @Test void settingsThatMeanNothingAreErrors() {
        for (String on : List.of("1", "true", "YES", " on ")) {
            System.setProperty("unroll.offline", on);
            assertTrue(Locations.fromEnvironment().offline(), on);
        }
        for (String off : List.of("0", "false", "no", "OFF")) {
            System.setProperty("unroll.offline", off);
            assertFalse(Locations.fromEnvironment().offline(), off);
        }
        for (String other : List.of("offline", "2", "ja", "-1")) {
            System.setProperty("unroll.offline", other);
            DatasetException e = assertThrows(DatasetException.class, Locations::fromEnvironment);
            assertEquals(Reason.BAD_SETTING, e.reason());
            assertTrue(e.getMessage().contains("UNROLL_OFFLINE") && e.getMessage().contains(other), e.getMessage());
        }
        System.clearProperty("unroll.offline");
        for (String name : List.of("datasets", "cache")) {
            System.setProperty("unroll." + name, "a\0b");
            assertEquals(Reason.BAD_SETTING, assertThrows(DatasetException.class, Locations::fromEnvironment).reason());
            System.clearProperty("unroll." + name);
        }
    }
}
