package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;

class PredictorTest {
    private static final Vocabulary LETTERS = Vocabulary.characters("abcd");
    private static final int[] TEXT = LETTERS.encode("abcabdabcabcddabcaabcabd".repeat(3)),
            HELD = LETTERS.encode("abcabddabcab");

    private static Predictor counts(int order) {
        return NGramModel.count(order, TEXT, LETTERS.size()).over(LETTERS);
    }

    private static LanguageModel network(int seed) {
        return new LanguageModel(LETTERS, Lstm.of(3, 5), Rng.seed(seed));
    }

    static Stream<Predictor> predictors() {
        return Stream.of(counts(1), counts(2), counts(5), network(1),
                new LanguageModel(LETTERS, Gru.of(3, 5).layers(2).dropout(0.5), Rng.seed(2)),
                Mixture.of(List.of(counts(3), network(3)), 0.25, 0.75));
    }

    @ParameterizedTest
    @MethodSource("predictors") void aTextReadSymbolBySymbolIsAsLikely(Predictor predictor) {
        Predictor.Reading reading = predictor.begin();
        double[] all = predictor.logProbabilities(HELD);
        assertEquals(1, Arrays.stream(reading.probabilities()).sum(), 1e-6);
        for (int i = 0; i < all.length; i++) {
            reading.take(HELD[i]);
            double[] p = reading.probabilities();
            assertEquals(1, Arrays.stream(p).sum(), 1e-6);
            assertEquals(p[HELD[i + 1]], Math.exp(all[i]), 1e-6, predictor + ", symbol " + (i + 1));
        }
        assertEquals(-Arrays.stream(all).sum(), predictor.read(HELD).nats(), 1e-12);
        assertEquals(HELD.length - 1, predictor.read(HELD).characters());
    }

    @ParameterizedTest
    @MethodSource("predictors") void textsTooShortToExpectAnythingHaveNothingExpected(Predictor predictor) {
        assertEquals(0, predictor.read(new int[0]).symbols());
        assertEquals(0, predictor.read(new int[] {2}).symbols());
    }

    @Test void aNetworkReadsALongTextAsOne() {
        LanguageModel model = network(4);
        Rng rng = Rng.seed(5);
        int[] text = IntStream.range(0, 2_500).map(i -> rng.nextInt(LETTERS.size())).toArray();
        float[] logits = model.logits(Arrays.copyOf(text, text.length - 1)).logSoftmax().data();
        double[] whole = IntStream.range(0, text.length - 1).mapToDouble(i -> logits[i * LETTERS.size() + text[i + 1]])
                .toArray();
        assertArrayEquals(whole, model.logProbabilities(text), 1e-5);
        assertTrue(model.training(), "reading leaves the mode as it was");
    }

    @Test void fittedWeightsAreThoseOfTheFinestGrid() {
        List<Predictor> members = List.of(counts(1), counts(4), network(6));
        double best = Double.POSITIVE_INFINITY;
        int steps = 50;
        for (int a = 0; a <= steps; a++)
            for (int b = 0; a + b <= steps; b++)
                best = Math.min(best, Mixture.of(members, a / 50.0, b / 50.0, 1 - (a + b) / 50.0).read(HELD).nats());
        Mixture fitted = Mixture.fitted(members, HELD);
        assertEquals(1, Arrays.stream(fitted.weights()).sum(), 1e-9);
        assertTrue(fitted.read(HELD).nats() <= best + 1e-9, fitted.read(HELD).nats() + " against " + best);
        assertTrue(fitted.read(HELD).nats() > best - 0.05, fitted.read(HELD).nats() + " against " + best);
    }

    @Test void anEvenMixtureIsTheMeanAndOneMemberItself() {
        Predictor a = counts(2), b = network(7);
        double[] p = a.logProbabilities(HELD), q = b.logProbabilities(HELD),
                mean = Mixture.even(List.of(a, b)).logProbabilities(HELD);
        for (int i = 0; i < p.length; i++)
            assertEquals((Math.exp(p[i]) + Math.exp(q[i])) / 2, Math.exp(mean[i]), 1e-12);
        assertArrayEquals(p, Mixture.even(List.of(a)).logProbabilities(HELD), 1e-12);
        assertEquals("Mixture(0.500 × " + a + " + 0.500 × " + b + ")", Mixture.even(List.of(a, b)).toString());
    }

    @Test void whatCannotBeMixedIsNamed() {
        Predictor other = NGramModel.count(1, new int[] {0, 1, 2, 0}, 4).over(Vocabulary.characters("wxyz"));
        assertMessage("have no mean. Give all the same one", () -> Mixture.even(List.of(counts(1), other)));
        assertMessage("at least one predictor", () -> Mixture.even(List.of()));
        assertMessage("that sum to 1, but got [0.5, 0.6]", () -> Mixture.of(List.of(counts(1), counts(2)), 0.5, 0.6));
        assertMessage("none below 0", () -> Mixture.of(List.of(counts(1), counts(2)), 1.5, -0.5));
        assertMessage("a weight for each of 2", () -> Mixture.of(List.of(counts(1), counts(2)), 1));
        assertMessage("at least two symbols but got 1", () -> Mixture.fitted(List.of(counts(1)), new int[] {0}));
        assertMessage("the vocabulary has 3 symbols",
                () -> NGramModel.count(1, new int[] {0, 1}, 2).over(Vocabulary.characters("xyz")));
    }

    private static void assertMessage(String part, Runnable work) {
        String said = assertThrows(IllegalArgumentException.class, work::run).getMessage();
        assertTrue(said.contains(part), said);
    }
}
