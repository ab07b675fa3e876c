package unroll.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class NGramModelTest {
    private static final int SYMBOLS = 4;

    @Provide Arbitrary<int[]> texts() {
        return Arbitraries.integers().between(0, SYMBOLS - 1).array(int[].class).ofMinSize(5).ofMaxSize(40);
    }

    @Provide Arbitrary<int[]> contexts() {
        return Arbitraries.integers().between(0, SYMBOLS - 1).array(int[].class).ofMaxSize(5);
    }

    /** The formula of the class, word for word: every place of the text is looked at for every context. */
    private static double witness(int order, int[] text, int[] context, int symbol) {
        double p = 1.0 / SYMBOLS;
        for (int length = 0; length < order && length <= context.length; length++) {
            int[] wanted = Arrays.copyOfRange(context, context.length - length, context.length);
            List<Integer> followers = new ArrayList<>();
            for (int i = length; i < text.length; i++)
                if (Arrays.equals(wanted, Arrays.copyOfRange(text, i - length, i))) followers.add(text[i]);
            if (followers.isEmpty()) return p;
            double different = new HashSet<>(followers).size(),
                    count = followers.stream().filter(s -> s == symbol).count();
            p = (count + different * p) / (followers.size() + different);
        }
        return p;
    }

    private static int[] with(int[] context, int symbol) {
        int[] all = Arrays.copyOf(context, context.length + 1);
        all[context.length] = symbol;
        return all;
    }

    @Property void theProbabilitiesAfterAnyContextSumToOne(@ForAll("texts") int[] text,
            @ForAll("contexts") int[] context,
            @ForAll @IntRange(min = 1, max = 5) int order, @ForAll NGramModel.Smoothing smoothing) {
        NGramModel model = NGramModel.count(order, text, SYMBOLS, smoothing);
        double sum = 0;
        double[] all = model.probabilities(context);
        for (int s = 0; s < SYMBOLS; s++) {
            double p = model.probability(with(context, s), context.length);
            // only Kneser-Ney may say 0: where it takes nothing off
            assertTrue(p >= 0 && p <= 1 && (p > 0 || smoothing != NGramModel.Smoothing.WITTEN_BELL), p + " of " + s);
            assertEquals(p, all[s], 1e-12);
            sum += p;
        }
        assertEquals(1, sum, 1e-12);
    }

    @Property void countsAsTheFormulaSays(@ForAll("texts") int[] text, @ForAll("contexts") int[] context,
            @ForAll @IntRange(min = 1, max = 4) int order,
            @ForAll @IntRange(max = SYMBOLS - 1) int symbol) {
        double p = NGramModel.count(order, text, SYMBOLS).probability(with(context, symbol), context.length);
        assertEquals(witness(order, text, context, symbol), p, 1e-12);
    }

    @Property void evaluatesToTheMeanOfItsSurprises(@ForAll("texts") int[] text,
            @ForAll @IntRange(min = 1, max = 4) int order) {
        int[] trained = {0, 1, 2, 3, 0, 1, 0, 2};
        NGramModel model = NGramModel.count(order, trained, SYMBOLS);
        double nats = 0;
        for (int i = 1; i < text.length; i++)
            nats -= Math.log(witness(order, trained, Arrays.copyOf(text, i), text[i]));
        assertEquals(nats / (text.length - 1), model.evaluate(text).natsPerSymbol(), 1e-9);
        assertEquals(text.length - 1, model.evaluate(text).characters());
    }

    @Example void aUnigramModelCountsSymbols() {
        NGramModel unigram = NGramModel.count(1, new int[] {0, 0, 0, 1}, SYMBOLS);
        assertEquals((3 + 2 * 0.25) / 6, unigram.probability(new int[] {1, 0}, 1), 1e-12);
        assertEquals((0 + 2 * 0.25) / 6, unigram.probability(new int[] {1, 3}, 1), 1e-12);
    }

    @Example void ofEvenlySpreadSymbolsAUnigramModelKnowsNothing() {
        int[] even = {0, 1, 2, 3, 3, 2, 1, 0};
        assertEquals(Math.log(SYMBOLS), NGramModel.count(1, even, SYMBOLS).evaluate(even).natsPerSymbol(), 1e-12);
    }

    @Example void anUnseenContextLeansOnTheShorterOne() {
        int[] text = {0, 1, 0, 1, 0, 2};
        NGramModel bigram = NGramModel.count(2, text, SYMBOLS), unigram = NGramModel.count(1, text, SYMBOLS);
        for (int s = 0; s < SYMBOLS; s++)
            assertEquals(unigram.probability(new int[] {3, s}, 1), bigram.probability(new int[] {3, s}, 1), 1e-12);
    }

    @Example void longerContextsPredictAPatternBetter() {
        int[] pattern = new int[400];
        for (int i = 0; i < pattern.length; i++) pattern[i] = new int[] {0, 0, 1, 2, 0, 3}[i % 6];
        double unigram = NGramModel.count(1, pattern, SYMBOLS).evaluate(pattern).natsPerSymbol(),
                bigram = NGramModel.count(2, pattern, SYMBOLS).evaluate(pattern).natsPerSymbol(),
                trigram = NGramModel.count(3, pattern, SYMBOLS).evaluate(pattern).natsPerSymbol();
        assertTrue(trigram < 0.1 && trigram < bigram && bigram < unigram, trigram + ", " + bigram + ", " + unigram);
    }

    @Example void wordsCostTheirLettersAndTheBlank() {
        Vocabulary words = Vocabulary.of(List.of("a", "bird", "sings"), Vocabulary.Kind.WORDS);
        int[] text = words.encode(List.of("a", "bird", "sings", "a"));
        Perplexity perplexity = NGramModel.count(2, text, 3).evaluate(text, words);
        assertEquals(" bird sings a".length(), perplexity.characters());
        assertEquals(NGramModel.count(2, text, 3).evaluate(text).nats(), perplexity.nats(), 1e-12);
    }

    @Example void keepsOneNumberForEachDifferentNGram() {
        // 01 10 12 21
        assertEquals(3 + 4, NGramModel.count(2, new int[] {0, 1, 0, 1, 2, 1}, SYMBOLS).parameterCount());
    }

    @Example void whatCannotBeIsNamed() {
        assertMessage("order of at least 1", () -> NGramModel.count(0, new int[] {0, 1}, 2));
        assertMessage("two symbols", () -> NGramModel.count(1, new int[] {0, 0}, 1));
        assertMessage("has no 3-grams", () -> NGramModel.count(3, new int[] {0, 1}, 2));
        assertMessage("the id 5", () -> NGramModel.count(1, new int[] {0, 5}, 2));
    }

    private static void assertMessage(String part, Runnable code) {
        String message = assertThrows(IllegalArgumentException.class, code::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Example void aTextOfOneSymbolHasNothingToPredict() {
        assertEquals(0, NGramModel.count(1, new int[] {0, 1}, 2).evaluate(new int[] {1}).symbols());
    }
}
