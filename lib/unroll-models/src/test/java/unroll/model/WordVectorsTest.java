package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.tensor.LoopInterruptedException;
import unroll.text.DatasetException;
import unroll.text.Vocabulary;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

class WordVectorsTest {
    @TempDir private Path folder;

    private WordVectors read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), 100);
    }

    private WordVectors read(byte[] bytes, int words) throws IOException {
        return WordVectors.read(Files.write(folder.resolve("vectors.txt"), bytes), words);
    }

    private String message(String text) {
        return assertThrows(DatasetException.class, () -> read(text)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 1 2\nb -3 4.5\n", "2 2\na 1 2\nb -3 4.5\n", "2 2\r\na 1 2 \r\nb -3 4.5",
            "\uFEFFa\t1\t2\nb\t-3\t4.5\n\n",
            "a 1e0 +2\n\nb -.3e1 4.50000000000000000001\n"}) void readsAllCommonForms(String text) throws IOException {
        WordVectors vectors = read(text);
        assertEquals(List.of("a", "b"), vectors.vocabulary().symbols());
        assertArrayEquals(new float[] {1, 2, -3, 4.5f}, vectors.matrix().data());
    }

    @Test void numbersAreThoseOfTheJdk() throws IOException {
        StringBuilder text = new StringBuilder();
        float[] values = Rng.seed(1).normal(2, 200).data();
        for (int i = 0; i < 400; i++) {
            if (i == 300) values[i] = 1e-30f;
            if (i == 303) values[i] = -0f;
            if (i % 200 == 0) text.append(i == 0 ? "a" : "\nb");
            text.append(' ').append(
                    i % 3 == 0 ? Float.toString(values[i]) : new java.math.BigDecimal(values[i]).toPlainString());
        }
        assertArrayEquals(values, read(text.toString()).matrix().data());
    }

    @Test void ofAWordThatStandsThereTwiceTheFirstVectorCounts() throws IOException {
        WordVectors vectors = read("3 1\na 1\nb 2\na 3\n");
        assertEquals(2, vectors.vocabulary().size());
        assertArrayEquals(new float[] {1}, vectors.vector("a"));
    }

    @Test void readsOnlyTheFirstWords() throws IOException {
        StringBuilder text = new StringBuilder("1000000000 2\n");
        for (int i = 0; i < 50; i++) text.append("w").append(i).append(" 0.5 ").append(i).append('\n');
        text.append("this is not read");
        assertEquals(List.of("w0", "w1", "w2"),
                read(text.toString().getBytes(StandardCharsets.UTF_8), 3).vocabulary().symbols());
    }

    @Test void wordsMayHaveBlanksAndAnyScript() throws IOException {
        assertEquals(List.of(". . .", "größe", "猫"),
                read(". . . 0.1 0.2\ngröße 0.3 0.4\n猫 0.5 0.6".replaceFirst("^", "3 2\n")).vocabulary().symbols());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "a 1 2;b 3|line 2 has 1 numbers but expected 2", "a 1 2;b 3.5 4.5 5.5|line 2 has 3 numbers but expected 2",
            "2 3;a 1 2;b 3 4|line 2 has 2 numbers but expected 3", "a 1 2;b 3 x4|line 2 has \"x4\" as number 2 of 2",
            "a 1 2;b NaN 4|line 2 has \"NaN\"", "a 1 2;b 1e99 4|line 2 has \"1e99\"", "a 1 2;b 1- 4|line 2 has \"1-\"",
            "a 1 2;b 1f 4|line 2 has \"1f\"", "a 1 2;b 1F 4|line 2 has \"1F\"", "a 1 2;b 1d 4|line 2 has \"1d\"",
            "a 1 2;b 0x1p5 4|line 2 has \"0x1p5\"",
            "a 1 2;b Infinity 4|line 2 has \"Infinity\"", "a 1 2;b - 4|line 2 has \"-\"",
            "a 1 2;b 1_0 4|line 2 has \"1_0\"",
            "a 1 2;b ١ 4|line 2 has",
            "3 2;a 1 2;b 3 4|promises 3 words but only 2", "a 1 2|at least two words but found 1",
            "word;other|line 1 has no numbers"}) void whatIsWrongIsNamedWithItsLine(String text, String expected) {
        String message = message(text.replace(';', '\n'));
        assertTrue(message.contains(expected) && message.contains("vectors.txt"), message);
    }

    @Test void otherFilesAreNamed() {
        assertThrows(DatasetException.class, () -> read(new byte[0], 10));
        String latin = assertThrows(DatasetException.class,
                () -> read("a 1\ngr\u00f6\u00dfe 2\n".getBytes(StandardCharsets.ISO_8859_1), 10))
                .getMessage();
        assertTrue(latin.contains("line 2") && latin.contains("not UTF-8"), latin);
        String binary = assertThrows(DatasetException.class, () -> read(new byte[(1 << 20) + 2], 10)).getMessage();
        assertTrue(binary.contains("Is this a text file?"), binary);
        assertThrows(DatasetException.class, () -> WordVectors.read(folder.resolve("absent.txt"), 10));
        assertThrows(IllegalArgumentException.class, () -> WordVectors.read(folder.resolve("absent.txt"), 1));
    }

    /** U+3000, U+2028, U+00A0 and U+0085 are words in published vectors, or parts of them. */
    @ParameterizedTest
    @ValueSource(strings = {"\u3000", "\u2028", "\u00A0", "\u0085", "\u001f", "\fx",
            "\u2003b\u2003"}) void blanksThatAreNotAsciiBelongToTheWord(
                    String word)
                    throws IOException {
        for (String text : new String[] {"3 2\nthe 1 2\n" + word + " 3 4\nof 5 6\n",
                "the 1 2\n" + word + "\t3\t4 \r\nof 5 6"}) {
            WordVectors vectors = read(text);
            assertEquals(List.of("the", word, "of"), vectors.vocabulary().symbols());
            assertArrayEquals(new float[] {3, 4}, vectors.vector(word));
        }
    }

    /** Not the word 2 with the vector 1. */
    @Test void theHeaderIsTheFirstLineThatIsNotEmpty() throws IOException {
        WordVectors vectors = read("\n \r\n2 1\na 3\nb 4\n");
        assertEquals(List.of("a", "b"), vectors.vocabulary().symbols());
        assertTrue(message("\n3 1\na 3\nb 4\n").contains("promises 3 words but only 2"));
    }

    /** As in GloVe 840B. */
    @Test void wordsWithBlanksTakeWhatStandsBeforeTheNumbers() throws IOException {
        WordVectors vectors = read(", 0.1 0.2\nat name@domain.com 0.3 0.4\n. . . -0.5 6e-1\n");
        assertEquals(List.of(",", "at name@domain.com", ". . ."), vectors.vocabulary().symbols());
        assertArrayEquals(new float[] {-.5f, .6f}, vectors.vector(". . ."));
    }

    private static byte[] binary(String header, String end, Object... wordsAndNumbers) {
        ByteBuffer bytes = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN)
                .put(header.getBytes(StandardCharsets.UTF_8));
        for (Object o : wordsAndNumbers) {
            if (o instanceof String word) bytes.put(word.getBytes(StandardCharsets.UTF_8)).put((byte) ' ');
            else {
                for (float value : (float[]) o) bytes.putFloat(value);
                bytes.put(end.getBytes(StandardCharsets.UTF_8));
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"}) void theBinaryFormatOfWord2vecIsRead(String end) throws IOException {
        // the first has no byte below a blank
        float[] a = {.1f, .2f, .3f}, b = {-1, 0, 2}, c = {0x1p-100f, 3, 1e10f};
        for (float[] first : new float[][] {a, b}) {
            byte[] file = binary("4 3\n", end, "</s>", first, "\u3000", b, "größe_x", c, "</s>", c);
            for (byte[] bytes : new byte[][] {file, gzip(file)}) {
                WordVectors vectors = read(bytes, 100);
                assertEquals(List.of("</s>", "\u3000", "größe_x"), vectors.vocabulary().symbols());
                assertArrayEquals(first, vectors.vector("</s>"), "the first counts");
                assertArrayEquals(c, vectors.vector("größe_x"));
                assertEquals(2, read(bytes, 2).vocabulary().size());
            }
        }
    }

    /** Line ends among the numbers, and numbers like letters: the format is known for any numbers that vectors have. */
    @Property(tries = 200) void anyVectorsAreReadFromBothFormats(@ForAll long seed,
            @ForAll @IntRange(min = 2, max = 40) int size,
            @ForAll boolean lineEnds)
            throws IOException {
        float[] first = Rng.seed(seed).normal(size).data(), second = Rng.seed(seed + 1).normal(size).data();
        Path folder = Files.createTempDirectory("vectors"), file = folder.resolve("v");
        StringBuilder text = new StringBuilder("2 " + size + "\nat home");
        for (float v : first) text.append(' ').append(v);
        text.append("\nñ");
        for (float v : second) text.append(' ').append(v);
        try {
            for (byte[] bytes : new byte[][] {
                    binary("2 " + size + "\n", lineEnds ? "\n" : "", "at_home", first, "ñ", second),
                    text.toString().getBytes(StandardCharsets.UTF_8)}) {
                float[] read = WordVectors.read(Files.write(file, bytes), 9).matrix().data();
                assertArrayEquals(first, Arrays.copyOf(read, size));
                assertArrayEquals(second, Arrays.copyOfRange(read, size, 2 * size));
            }
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    /** The bytes of two numbers can be letters by chance. */
    @Test void numbersThatAreLettersAreReadFromTheBinaryFormat() throws IOException {
        float[] letters = new float[2];
        ByteBuffer.wrap("uA\u057d)MI?".getBytes(StandardCharsets.UTF_8)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
                .get(letters);
        for (String end : new String[] {"", "\n"}) {
            WordVectors vectors = read(binary("2 2\n", end, "at", letters, "home", new float[] {1, 2}), 9);
            assertArrayEquals(letters, vectors.vector("at"));
        }
        anyVectorsAreReadFromBothFormats(55, 2, true);
        anyVectorsAreReadFromBothFormats(14850739109533L, 2, false);
    }

    @Test void binaryFilesThatAreDamagedAreNamedWithTheWord() throws IOException {
        float[] a = {.1f, .2f, .3f}, nan = {1, Float.NaN, 2};
        byte[] sound = binary("2 3\n", "\n", "</s>", a, "the", a);
        for (int n = 4; n < sound.length - 1; n++) {
            byte[] part = Arrays.copyOf(sound, n);
            assertThrows(DatasetException.class, () -> read(part, 10), "cut off after " + n);
        }
        for (Object[] bad : new Object[][] {{binary("3 3\n", "", "</s>", a, "b", a), "word 3 is where the file ends"},
                {binary("1 3\n", "", "</s>", a, "b", a), "promises only 1"},
                {binary("2 3\n", "", "</s>", a, "b", nan), "word 2 has NaN as number 2 of 3"},
                {binary("2 3\n", "", "</s>", a, "b\0c", a), "word 2 has a word with a NUL"},
                {binary("2 3\n", "", "</s>", a, "", a), "word 2 is empty"},
                {binary("2 3\n", "", "</s>", a, "x".repeat(5000), a), "word 2 is longer than 4096 bytes"}}) {
            String message = assertThrows(DatasetException.class, () -> read((byte[]) bad[0], 10)).getMessage();
            assertTrue(message.contains((String) bad[1]), message);
        }
    }

    /**
     * word2vec cuts words after so many bytes, within a letter if need be; any other byte that is no UTF-8 is an error.
     */
    @Test void aLetterCutInHalfIsReplacedInBinaryFilesOnly() throws IOException {
        byte[] file = binary("2 1\n", "", "cafè", new float[] {.1f}, "b", new float[] {1});
        byte[] cut = new byte[file.length - 1];
        System.arraycopy(file, 0, cut, 0, 8);
        System.arraycopy(file, 9, cut, 8, cut.length - 8);
        assertEquals(List.of("caf\uFFFD", "b"), read(cut, 9).vocabulary().symbols());
        cut[5] = (byte) 0xe9;
        assertTrue(assertThrows(DatasetException.class, () -> read(cut, 9)).getMessage().contains("not UTF-8"));
        assertThrows(DatasetException.class,
                () -> read("a 1\ncaf\u00e8 2\n".getBytes(StandardCharsets.ISO_8859_1), 9));
    }

    @Test void nulIsNoPartOfAWord() throws IOException {
        assertTrue(message("the 1 2\nb\0c 3 4\n").contains("line 2 has a word with a NUL in it: \"b?c\""));
        String text = "the 1 2\nof 3 4\n";
        for (Charset wide : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16})
            assertThrows(DatasetException.class, () -> read(text.getBytes(wide), 9), wide.name());
        assertThrows(DatasetException.class, () -> read(("2 2\n" + text).getBytes(StandardCharsets.UTF_16LE), 9));
    }

    /** As packed by several threads, or appended; and as nobody packs. */
    @Test void gzippedTextMayHaveManyParts() throws IOException {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) parts.write(gzip(new byte[0]));
        for (String line : new String[] {"a 1 2\nb 3", " 4\n"})
            parts.write(gzip(line.getBytes(StandardCharsets.UTF_8)));
        parts.write(new byte[1000]);                                       // zeros at the end, as on tapes
        assertArrayEquals(new float[] {1, 2, 3, 4}, read(parts.toByteArray(), 9).matrix().data());
        byte[] two = gzip("a 1 2\nb 3 4\n".getBytes(StandardCharsets.UTF_8));
        for (int bit = 0; bit < 8 * two.length; bit++) {
            byte[] damaged = two.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                // time and system have no sum
                assertArrayEquals(new float[] {1, 2, 3, 4}, read(damaged, 9).matrix().data(), "bit " + bit);
            } catch (DatasetException e) {
                assertTrue(e.getMessage().contains("vectors.txt"), e.getMessage());
            }
        }
        for (int n = 1; n < two.length; n++) {
            byte[] part = Arrays.copyOf(two, n);
            assertThrows(DatasetException.class, () -> read(part, 9), "cut off after " + n);
        }
        assertThrows(DatasetException.class,
                () -> read(Arrays.copyOf(ByteBuffer.allocate(999).put(two).put((byte) 1).array(), two.length + 1), 9));
    }

    @Test void anInterruptEndsTheReading() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(LoopInterruptedException.class, () -> read("a 1\nb 2\n"));
        } finally {
            Thread.interrupted();
        }
    }

    private static WordVectors plane() {
        return WordVectors.of(
                Vocabulary.of(List.of("king", "queen", "man", "woman", "apple", "nothing"), Vocabulary.Kind.WORDS),
                Tensor.of(new float[] {2, 0, 2, 0, 2, 2, 1, 0, 0, 0, 1, 0, 0, 0, -5, 0, 0, 0}, 6, 3));
    }

    @Test void neighboursComeByFallingCosine() {
        WordVectors vectors = plane();
        List<WordVectors.Neighbour> near = vectors.nearest("king", 3);
        assertEquals("man", near.get(0).word());
        assertEquals(Math.sqrt(.5), near.get(0).cosine(), 1e-6);
        assertEquals(.5, vectors.cosine("king", "queen"), 1e-6);
        assertEquals(1, vectors.cosine("king", "king"), 1e-6);
        assertEquals(0, vectors.cosine("king", "nothing"));
        assertEquals(5, vectors.nearest("king", 100).size());
        assertEquals(6, vectors.vocabulary().size());
        assertThrows(IllegalArgumentException.class, () -> vectors.nearest("king", 0));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> vectors.nearest("emperor", 1)).getMessage()
                .contains("\"emperor\""));
    }

    @Test void analogiesLeaveOutTheThreeWordsThatAreGiven() {
        assertEquals("queen", plane().analogy("man", "woman", "king", 1).get(0).word());
    }

    @Test void anEmbeddingStartsWithTheVectorsOfKnownWords() {
        WordVectors vectors = plane();
        Vocabulary other = Vocabulary.of(List.of("<unk>", "queen", "emperor"), Vocabulary.Kind.WORDS);
        Tensor start = vectors.forVocabulary(other, Rng.seed(1));
        assertArrayEquals(new float[] {0, 2, 2}, start.slice(0, 1, 2).data());
        assertTrue(start.at(0).norm() > 0 && start.at(2).norm() > 0);
        assertArrayEquals(start.data(), vectors.forVocabulary(other, Rng.seed(1)).data());
        assertTrue(vectors.has("king"));
        assertFalse(vectors.has("emperor"));
        assertThrows(ShapeException.class, () -> WordVectors.of(other, Tensor.zeros(4, 2)));
    }
}
