package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import unroll.recurrent.Lstm;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.DatasetException.Reason;

class GeneratorTest {
    private static final Vocabulary VOCABULARY = Vocabulary.characters("abcdefgh");

    /** Weights ten times as large as usual: a model with opinions. */
    private static LanguageModel model() {
        LanguageModel model = new LanguageModel(VOCABULARY, Lstm.of(4, 6).layers(2).dropout(0.5), Rng.seed(11));
        for (Parameter p : model.parameters()) p.set(p.detach().mul(10));
        return model;
    }

    /** Says with the same logits whatever it read: those of its output's bias. */
    private static LanguageModel saying(double... logits) {
        LanguageModel model = model();
        for (Parameter p : model.output().parameters())
            p.set(p.rank() == 1 ? Tensor.of(logits, logits.length) : p.detach().mul(0));
        return model;
    }

    private static Map<Character, Integer> counts(String text) {
        Map<Character, Integer> counts = new TreeMap<>();
        for (char c : text.toCharArray()) counts.merge(c, 1, Integer::sum);
        return counts;
    }

    private static char mostLikelyAfter(LanguageModel model, String text) {
        return VOCABULARY.decode(model.logits(VOCABULARY.encode(text)).at(text.length() - 1).argmax(-1).data()[0])
                .charAt(0);
    }

    @Test void equalSeedsGiveEqualTexts() {
        String text = model().generate("ab", 50, 1, 0, Rng.seed(1));
        assertEquals(text, model().generate("ab", 50, 1, 0, Rng.seed(1)));
        assertNotEquals(text, model().generate("ab", 50, 1, 0, Rng.seed(2)));
        assertEquals(52, text.length());
        assertTrue(text.startsWith("ab"));
    }

    @Test void temperatureZeroTakesTheMostLikelySymbolEachTime() {
        LanguageModel model = model();
        String text = model.generate("abc", 30, 0, 0, Rng.seed(1));
        for (int n = 3; n < text.length(); n++)
            assertEquals(mostLikelyAfter(model, text.substring(0, n)), text.charAt(n), text + " at " + n);
    }

    @Test void theBestOneOnlyIsTheMostLikelySymbolToo() {
        assertEquals(model().generate("abc", 30, 0, 0, Rng.seed(1)), model().generate("abc", 30, 1.5, 1, Rng.seed(1)));
    }

    @Test void aTinyTemperatureIsAsGoodAsZero() {
        assertEquals(model().generate("abc", 30, 0, 0, Rng.seed(1)),
                model().generate("abc", 30, 1e-300, 0, Rng.seed(1)));
    }

    @Test void drawsAmongTheKMostLikelyOnly() {
        LanguageModel model = saying(1, 3, 2, 0, 0, 0, 0, 2.5);
        assertEquals(Set.of('b', 'h', 'c'),
                new TreeSet<>(counts(model.generate("a", 300, 5, 3, Rng.seed(1)).substring(1)).keySet()));
    }

    @Test void ofEquallyLikelyOnesExactlyKAreLeft() {
        assertEquals(Set.of('a', 'b', 'h'),
                counts(saying(1, 1, 1, 1, 1, 1, 1, 2).generate("a", 300, 5, 3, Rng.seed(1)).substring(1)).keySet());
    }

    @Test void drawsWithTheProbabilitiesOfSoftmaxAtThatTemperature() {
        double[] logits = {Math.log(1), Math.log(2), Math.log(3), -50, -50, -50, -50, -50};
        Map<Character, Integer> plain = counts(saying(logits).generate("a", 6000, 1, 0, Rng.seed(5)).substring(1)),
                bold = counts(saying(logits).generate("a", 6000, 0.5, 0, Rng.seed(5)).substring(1));
        assertEquals(2.0 / 6, plain.get('b') / 6000.0, 0.03);
        assertEquals(3.0 / 6, plain.get('c') / 6000.0, 0.03);
        assertEquals(4.0 / 14, bold.get('b') / 6000.0, 0.03);
        assertEquals(9.0 / 14, bold.get('c') / 6000.0, 0.03);
    }

    @Test void manyTextsAreWhatEachWouldBeAlone() {
        LanguageModel model = new LanguageModel(VOCABULARY, Lstm.of(24, 40).layers(2), Rng.seed(3));
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            int first = i;
            prompts.add(IntStream.rangeClosed(0, i % 5).map(t -> (first + t) % 8).toArray());
        }
        for (double temperature : new double[] {0, 0.7, 1.5})
            for (int topK : new int[] {0, 3}) {
                Rng rng = Rng.seed(9);
                List<String> alone = new ArrayList<>();
                for (int[] prompt : prompts) alone.add(model.generate(prompt, 30, temperature, topK, rng.split()));
                for (int threads : new int[] {1, 2, 3, 4, 8})
                    assertEquals(alone, Parallel.withThreads(threads,
                            () -> model.generateAll(prompts, 30, temperature, topK, Rng.seed(9))));
                if (temperature > 0) assertTrue(new TreeSet<>(alone).size() > 60);
            }
        assertEquals(List.of(), model.generateAll(List.of(), 30, 1, 0, Rng.seed(9)));
        assertEquals(List.of("ab", "c"), model.generateAll(List.of(new int[] {0, 1}, new int[] {2}), 0, 1, 0,
                Rng.seed(9)));
    }

    @Test void whatCannotBeOfManyIsNamed() {
        LanguageModel model = model();
        String empty = assertThrows(IllegalArgumentException.class,
                () -> model.generateAll(List.of(new int[1], new int[0]), 5, 1, 0, Rng.seed(1))).getMessage();
        assertTrue(empty.contains("prompt of at least one symbol"), empty);
        String longest = assertThrows(IllegalArgumentException.class,
                () -> model.generateAll(Collections.nCopies(3, new int[1]), 40_000_000, 1, 0, Rng.seed(1)))
                .getMessage();
        assertTrue(longest.contains("40000000 for each of 3 texts"), longest);
    }

    @Test void dropoutIsOffMeanwhile() {
        LanguageModel training = model(), evaluating = model();
        evaluating.eval();
        assertEquals(evaluating.generate("abc", 50, 1, 0, Rng.seed(1)),
                training.generate("abc", 50, 1, 0, Rng.seed(1)));
        assertTrue(training.training());
    }

    @Test void aLengthOfZeroGivesThePrompt() { assertEquals("abc", model().generate("abc", 0, 1, 0, Rng.seed(1))); }

    @Test void whatCannotBeIsNamed() {
        assertMessage("prompt of at least one symbol", "", 5, 1, 0);
        assertMessage("length of at least 0 but got -1", "a", -1, 1, 0);
        assertMessage("temperature of at least 0 but got -0.5", "a", 5, -0.5, 0);
        assertMessage("temperature of at least 0 but got NaN", "a", 5, Double.NaN, 0);
        assertMessage("topK in 0 (all) to 8 but got 9", "a", 5, 1, 9);
        assertMessage("topK in 0 (all) to 8 but got -1", "a", 5, 1, -1);
        String unknown = Refused.by(Reason.UNKNOWN_SYMBOL, () -> model().generate("ax", 5, 1, 0, Rng.seed(1)))
                .getMessage();
        assertTrue(unknown.contains("symbol \"x\""), unknown);
    }

    private static void assertMessage(String part, String prompt, int length, double temperature, int topK) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> model().generate(prompt, length, temperature, topK, Rng.seed(1)))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    private static LanguageModel ofWords(Vocabulary words) {
        return new LanguageModel(words, Lstm.of(4, 6), Rng.seed(2));
    }

    @Test void wordsContinueTokensOrIds() {
        List<String> tokens = List.of("a", "bird", "sings", "a", "song");
        Vocabulary words = Vocabulary.words(tokens, 1);
        String text = ofWords(words).generate(tokens, 6, 1, 0, Rng.seed(3));
        assertTrue(text.startsWith("a bird sings a song "), text);
        assertEquals(11, text.split(" ").length);
        assertEquals(text, ofWords(words).generate(words.encode(tokens), 6, 1, 0, Rng.seed(3)));
        assertArrayEquals(new int[] {5, 6}, ofWords(words).states(words.encode(tokens)).shape());
    }

    @Test void anInterruptedThreadWritesNoMore() {
        LanguageModel model = model();
        Thread.currentThread().interrupt();
        try {
            String message = assertThrows(LoopInterruptedException.class,
                    () -> model.generate("ab", 50, 1, 0, Rng.seed(1))).getMessage();
            assertTrue(message.contains("before symbol 0 of 52"), message);
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }
}
