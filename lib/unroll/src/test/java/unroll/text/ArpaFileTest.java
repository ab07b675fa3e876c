package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import unroll.tensor.Rng;

class ArpaFileTest {
    /** As SRILM writes a bigram model: tabs, marks of sentences, a unigram without a weight. */
    private static final String SMALL = """
            a comment

            \\data\\
            ngram 1=5
            ngram 2=3

            \\1-grams:
            -99\t<s>\t-0.30103
            -0.69897\t</s>
            -0.5228787\ta\t-0.1
            -0.39794\tb\t-0.2
            -1.0\t<unk>

            \\2-grams:
            -0.30103\t<s> a
            -0.60206\ta b
            -0.1\tb </s>

            \\end\\
            """;

    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("small.arpa"), text);
    }

    @Test void readsWhatOthersWrite() throws IOException {
        ArpaFile read = ArpaFile.read(file(SMALL));
        assertEquals(List.of("<s>", "</s>", "a", "b", "<unk>"), read.vocabulary().symbols());
        int[] ids = read.vocabulary().encode(List.of("<s>", "a", "b", "a", "strange"));
        double[] logarithms = {-0.30103, -0.60206, -0.2 - 0.5228787, -0.1 - 1.0};
        for (int i = 1; i < ids.length; i++)
            assertEquals(logarithms[i - 1], Math.log10(read.model().probability(ids, i)), 1e-12, "symbol " + i);
        assertEquals("ArpaFile(" + read.vocabulary() + ", NGramModel(order=2, 5 symbols, from small.arpa))",
                read.toString());
    }

    @Property(tries = 60) void whatIsWrittenIsReadBack(
            @ForAll @Size(min = 6, max = 60) List<@IntRange(min = 0, max = 3) Integer> text,
            @ForAll @IntRange(min = 1, max = 5) int order, @ForAll NGramModel.Smoothing smoothing) throws IOException {
        Vocabulary vocabulary = Vocabulary.of(List.of("a", " ", "\n", "\\", "\u2003"), Vocabulary.Kind.CHARACTERS);
        int[] ids = text.stream().mapToInt(Integer::intValue).toArray();
        NGramModel model = NGramModel.count(order, ids, 5, smoothing);
        Path file = Files.createTempFile("unroll", ".arpa");
        try {
            new ArpaFile(vocabulary, model).write(file);
            ArpaFile read = ArpaFile.read(file);
            assertEquals(vocabulary, read.vocabulary());
            Rng rng = Rng.seed(order);
            for (int n = 0; n < 20; n++) {
                int[] context = new int[n % 7];
                for (int i = 0; i < context.length; i++) context[i] = rng.nextInt(5);
                assertArrayEquals(model.probabilities(context), read.model().probabilities(context), 1e-12);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test void marksThatTheVocabularyDoesNotHaveAreLeftOutAgain() throws IOException {
        Vocabulary words = Vocabulary.words(List.of("a", "b", "a"), 1);
        Path file = folder.resolve("words.arpa");
        new ArpaFile(words, NGramModel.count(2, words.encode(List.of("a", "b", "a")), 2)).write(file);
        assertTrue(Files.readString(file).startsWith("\\data\\\nngram 1=5\nngram 2=2\n\n\\1-grams:\n-99.0\t<s>\n"),
                Files.readString(file));
        assertEquals(List.of("a", "b"), ArpaFile.read(file).vocabulary().symbols());
    }

    @Test void aVocabularyOfAnotherSizeIsNamed() {
        Vocabulary words = Vocabulary.words(List.of("a", "b", "c"), 1);
        NGramModel model = NGramModel.count(1, new int[] {0, 1}, 2);
        assertEquals("ArpaFile: the vocabulary has 3 symbols but the model was counted over 2",
                assertThrows(IllegalArgumentException.class, () -> new ArpaFile(words, model)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ngram 2=3       | ngram 3=3        | line 5 is "ngram 3=3" where "ngram 2=…" or \\1-grams: was expected
            ngram 2=3       | ngram 2=4        | line 19 follows 3 2-grams, but the head promises 4
            ngram 2=3       | ngram 2=2        | line 17 is one more 2-gram than the 2 that the head promises
            ngram 2=3       | ngram 2=9999999999 | line 5 promises 9999999999 n-grams; that is too many
            ngram 1=5       | ngram 1=5x       | line 4 is "ngram 1=5x"
            -0.39794        | NaN              | line 11 has "NaN" as logarithm of a probability
            -0.39794        | 0.5              | line 11 has 0.5 as logarithm of a probability; expected at most 0
            a b             | a c              | line 16 has "c" (U+0063), which is not one of the 1-grams
            a b             | a                | line 16 has 2 fields
            a b             | <s> a            | a 2-gram stands there twice
            \\2-grams:      | \\3-grams:       | line 14 is not \\2-grams:
            \\end\\         | \\3-grams:       | line 19 is not \\end\\
            \\end\\         | ''               | ends before the 2-gram number 4, after line 19. Was it cut off?
            \\data\\        | ''               | ends before \\data\\
            """) void wrongFilesAreNamed(String part, String instead, String message) throws IOException {
        Path file = file(SMALL.replace(part, instead));
        String said = assertThrows(DatasetException.class, () -> ArpaFile.read(file)).getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test void aContextWithoutWeightIsNamed() throws IOException {
        Path file = file(SMALL.replace("a\t-0.1\n", "a\n"));
        String said = assertThrows(DatasetException.class, () -> ArpaFile.read(file)).getMessage();
        assertTrue(said.contains("a 1-gram begins longer ones but has no back-off weight"), said);
    }

    @Test void everyBeginningOfAFileIsNamed() throws IOException {
        for (int end = 0; end < SMALL.indexOf("end\\"); end++) {
            Path file = file(SMALL.substring(0, end));
            assertThrows(DatasetException.class, () -> ArpaFile.read(file), "cut at " + end);
        }
    }
}
