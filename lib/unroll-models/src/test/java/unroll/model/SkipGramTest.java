package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import unroll.tensor.LoopInterruptedException;
import unroll.data.ToyWorld;
import unroll.text.Vocabulary;
import unroll.tensor.GradientCheck;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class SkipGramTest {
    private static final List<List<String>> SENTENCES = ToyWorld.sentences(6_000, Rng.seed(1));
    private static final Vocabulary WORDS = Vocabulary.words(SENTENCES.stream().flatMap(List::stream).toList(), 1);

    @Test void gradientsOfTheLossAgreeWithDifferences() {
        Parameter in = new Parameter("in", Rng.seed(1).normal(6, 4)),
                out = new Parameter("out", Rng.seed(2).normal(5, 4));
        for (int[] rows : new int[][] {{2}, {0, 3, 5}}) {
            GradientCheck check = GradientCheck.of(() -> NegativeSampling.loss(in, out, rows, 1, new int[] {0, 3}), in,
                    out);
            assertTrue(check.maximumError() < 1e-2, check.toString());
        }
    }

    /** The fast step on plain arrays and gradient descent on the tape are one function. */
    @Test void aStepIsGradientDescentOnThatLoss() {
        for (int[] rows : new int[][] {{2}, {0, 3, 5, 4}}) {
            Parameter in = new Parameter("in", Rng.seed(1).normal(6, 7)),
                    out = new Parameter("out", Rng.seed(2).normal(5, 7));
            int[] noise = {0, 3, 4};
            NegativeSampling fast = new NegativeSampling(in.data(), out.data(), 7);
            Tensor loss = NegativeSampling.loss(in, out, rows, 1, noise);
            assertEquals(loss.item(), fast.step(rows, 1, noise, 3, 0.1f), 1e-5);
            loss.backward();
            for (int k = 0; k < 2; k++) {
                Parameter p = k == 0 ? in : out;
                float[] expected = p.data(), g = p.gradientData();
                for (int i = 0; i < g.length; i++) expected[i] -= 0.1f * g[i];
                assertArrayEquals(expected, fast.weights().get(k), 1e-5f);
            }
        }
    }

    @Test void noiseIsDrawnInProportionToTheCountToThePowerOfThreeQuarters() {
        long[] counts = {1, 16, 81, 256};
        NegativeSampling.Noise noise = new NegativeSampling.Noise(counts);
        int[] drawn = new int[4];
        Rng rng = Rng.seed(1);
        int n = 200_000;
        for (int i = 0; i < n; i++) drawn[noise.draw(rng)]++;
        for (int w = 0; w < 4; w++)
            assertEquals(Math.pow(counts[w], 0.75) / (1 + 8 + 27 + 64), (double) drawn[w] / n, 0.005, "word " + w);
        assertThrows(IllegalArgumentException.class, () -> new NegativeSampling.Noise(new long[] {3, 0}));
    }

    @Test void subwordsAreThePartsOfTheWordWithItsEnds() {
        SkipGram.Subwords parts = new SkipGram.Subwords(3, 4, 1 << 20);
        assertEquals(3 + 2, parts.of("cat").length);                       // <ca cat at> <cat cat>
        assertEquals(parts.of("cat")[0], parts.of("car")[0]);
        assertFalse(parts.of("cat")[1] == parts.of("car")[1]);
        assertEquals(0, parts.of("").length);
        assertEquals(1, parts.of("猫").length);
        for (int b : new SkipGram.Subwords(1, 6, 7).of("unbelievable")) assertTrue(b >= 0 && b < 7);
        assertThrows(IllegalArgumentException.class, () -> SkipGram.of(10).subwords(4, 3, 100));
    }

    @Test void nearestNeighboursAreOfTheSameKind() {
        WordVectors vectors = SkipGram.of(30).window(4).train(SENTENCES, WORDS, Rng.seed(1));
        int same = 0, all = 0;
        for (List<String> kind : ToyWorld.categories().values())
            for (String word : kind)
                for (var near : vectors.nearest(word, 3)) {
                    all++;
                    if (kind.contains(near.word())) same++;
                }
        assertTrue(same > 0.9 * all, same + " of " + all);
    }

    @Test void analogiesHold() {
        WordVectors vectors = SkipGram.of(30).window(4).epochs(10).rate(0.05).train(SENTENCES, WORDS, Rng.seed(1));
        int right = 0;
        List<ToyWorld.Analogy> all = ToyWorld.analogies();
        for (ToyWorld.Analogy a : all) if (vectors.analogy(a.a(), a.b(), a.c(), 1).get(0).word().equals(a.d())) right++;
        assertTrue(right > 0.9 * all.size(), right + " of " + all.size());
    }

    @Test void aWordNeverSeenIsNearItsOtherForms() {
        WordVectors vectors = SkipGram.of(30).window(4).subwords(3, 5, 5_000).train(SENTENCES, WORDS, Rng.seed(1));
        for (Map.Entry<String, List<String>> unseen : ToyWorld.unseen().entrySet()) {
            assertFalse(vectors.has(unseen.getKey()));
            List<String> near = vectors.nearest(unseen.getKey(), 4).stream().map(WordVectors.Neighbour::word).toList();
            long forms = near.stream().filter(unseen.getValue()::contains).count();
            assertTrue(forms >= 2, unseen + " but got " + near);
        }
        assertThrows(IllegalArgumentException.class,
                () -> SkipGram.of(5).epochs(1).train(SENTENCES, WORDS, Rng.seed(1)).vector("climbing"));
    }

    @Test void theLossStartsAtThatOfGuessingAndFalls() {
        List<Double> losses = new ArrayList<>();
        SkipGram.of(20).negatives(4).epochs(3).train(SENTENCES.subList(0, 1_000), WORDS, Rng.seed(1), losses::add);
        assertEquals(3, losses.size());
        assertTrue(losses.get(0) < 5 * Math.log(2) && losses.get(0) > 2, losses.toString());
        assertTrue(losses.get(2) < losses.get(0), losses.toString());
    }

    @Test void equalSeedsGiveEqualVectors() {
        SkipGram settings = SkipGram.of(8).epochs(1).subsample(1e-3).subwords(3, 4, 500);
        List<List<String>> few = SENTENCES.subList(0, 300);
        float[] a = settings.train(few, WORDS, Rng.seed(1)).matrix().data(),
                b = settings.train(few, WORDS, Rng.seed(1)).matrix().data(),
                other = settings.train(few, WORDS, Rng.seed(2)).matrix().data();
        assertArrayEquals(a, b);
        assertFalse(Arrays.equals(a, other));
    }

    @Test void wordsOutsideTheVocabularyArePassedOver() {
        Vocabulary few = Vocabulary.of(List.of("<unk>", "cat", "dog", "sleeps", "absent"), Vocabulary.Kind.WORDS);
        WordVectors vectors = SkipGram.of(4).epochs(1)
                .train(List.of(List.of("the", "cat", "sleeps"), List.of("dog"), List.of()), few, Rng.seed(1));
        assertEquals(List.of("cat", "dog", "sleeps"), vectors.vocabulary().symbols());
        assertThrows(IllegalArgumentException.class,
                () -> SkipGram.of(4).train(List.of(List.of("the", "cat")), few, Rng.seed(1)));
    }

    @Test void stopsWhenInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(LoopInterruptedException.class, () -> SkipGram.of(4).train(SENTENCES, WORDS, Rng.seed(1)));
        } finally {
            Thread.interrupted();
        }
    }

    @Test void settingsAreCheckedAndShown() {
        assertThrows(IllegalArgumentException.class, () -> SkipGram.of(0));
        assertThrows(IllegalArgumentException.class, () -> SkipGram.of(4).window(0));
        assertThrows(IllegalArgumentException.class, () -> SkipGram.of(4).subsample(0));
        assertThrows(IllegalArgumentException.class, () -> SkipGram.of(4).rate(0));
        assertEquals(
                "SkipGram(size=100, window=3, negatives=5, subsample=0.001, subwords=3 to 6 in 1000, epochs=5, "
                        + "rate=0.025)",
                SkipGram.of(100).window(3).subsample(1e-3).subwords(3, 6, 1000).toString());
    }
}
