package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.data.Vocabulary;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

class WordVectorsTest {
    @TempDir private Path folder;

    private WordVectors read(String text) throws IOException { return read(text.getBytes(StandardCharsets.UTF_8), 100); }

    private WordVectors read(byte[] bytes, int words) throws IOException {
        return WordVectors.read(Files.write(folder.resolve("vectors.txt"), bytes), words);
    }

    private String message(String text) { return assertThrows(WordVectorsException.class, () -> read(text)).getMessage(); }

    @ParameterizedTest
    @ValueSource(strings = {"a 1 2\nb -3 4.5\n", "2 2\na 1 2\nb -3 4.5\n", "2 2\r\na 1 2 \r\nb -3 4.5", "\uFEFFa\t1\t2\nb\t-3\t4.5\n\n",
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
            text.append(' ').append(i % 3 == 0 ? Float.toString(values[i]) : new java.math.BigDecimal(values[i]).toPlainString());
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
        assertEquals(List.of("w0", "w1", "w2"), read(text.toString().getBytes(StandardCharsets.UTF_8), 3).vocabulary().symbols());
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
            "a 1 2;b 1f 4|line 2 has \"1f\"",
            "3 2;a 1 2;b 3 4|promises 3 words but only 2", "a 1 2|at least two words but found 1",
            "word;other|line 1 has no numbers"}) void whatIsWrongIsNamedWithItsLine(String text, String expected) {
        String message = message(text.replace(';', '\n'));
        assertTrue(message.contains(expected) && message.contains("vectors.txt"), message);
    }

    @Test void otherFilesAreNamed() {
        assertThrows(WordVectorsException.class, () -> read(new byte[0], 10));
        String latin = assertThrows(WordVectorsException.class, () -> read("a 1\ngr\u00f6\u00dfe 2\n".getBytes(StandardCharsets.ISO_8859_1), 10))
                .getMessage();
        assertTrue(latin.contains("line 2") && latin.contains("not UTF-8"), latin);
        String binary = assertThrows(WordVectorsException.class, () -> read(new byte[(1 << 20) + 2], 10)).getMessage();
        assertTrue(binary.contains("Is this a text file?"), binary);
        assertThrows(WordVectorsException.class, () -> WordVectors.read(folder.resolve("absent.txt"), 10));
        assertThrows(IllegalArgumentException.class, () -> WordVectors.read(folder.resolve("absent.txt"), 1));
    }

    private static WordVectors plane() {
        return WordVectors.of(Vocabulary.of(List.of("king", "queen", "man", "woman", "apple", "nothing"), Vocabulary.Kind.WORDS),
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
        assertTrue(assertThrows(IllegalArgumentException.class, () -> vectors.nearest("emperor", 1)).getMessage().contains("\"emperor\""));
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
