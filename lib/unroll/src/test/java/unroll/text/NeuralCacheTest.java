package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import unroll.recurrent.Lstm;
import unroll.tensor.Rng;

class NeuralCacheTest {
    private static final Vocabulary LETTERS = Vocabulary.characters("abcd");
    private static final LanguageModel MODEL = new LanguageModel(LETTERS, Lstm.of(3, 5), Rng.seed(1));
    private static final int[] TEXT = LETTERS.encode("abcabddabcabacdbabca");

    /** The formula, place by place, from the states that the model gives of the whole text. */
    private static double[] witness(int size, double theta, double lambda) {
        float[] h = MODEL.states(TEXT).data();
        int H = h.length / TEXT.length;
        double[] p = Arrays.stream(MODEL.logProbabilities(TEXT)).map(Math::exp).toArray(), all = new double[p.length];
        for (int t = 0; t < p.length; t++) {
            double sum = 0, right = 0;
            for (int i = Math.max(0, t - size); i < t; i++) {
                double dot = 0;
                for (int k = 0; k < H; k++) dot += h[i * H + k] * h[t * H + k];
                sum += Math.exp(theta * dot);
                if (TEXT[i + 1] == TEXT[t + 1]) right += Math.exp(theta * dot);
            }
            all[t] = Math.log(t == 0 ? p[t] : (1 - lambda) * p[t] + lambda * right / sum);
        }
        return all;
    }

    @Test void isTheFormula() {
        for (int size : new int[] {1, 4, 1_000})
            assertArrayEquals(witness(size, 2, 0.3),
                    NeuralCache.of(MODEL, size).theta(2).lambda(0.3).logProbabilities(TEXT), 1e-5, size + " places");
    }

    @Test void withoutAShareItIsTheModel() {
        assertArrayEquals(MODEL.logProbabilities(TEXT), NeuralCache.of(MODEL, 10).lambda(0).logProbabilities(TEXT),
                1e-5);
    }

    @Test void sumsToOne() {
        Predictor.Reading reading = NeuralCache.of(MODEL, 3).begin();
        for (int symbol : TEXT) {
            reading.take(symbol);
            assertEquals(1, Arrays.stream(reading.probabilities()).sum(), 1e-6);
        }
    }

    @Test void wrongSettingsAreNamed() {
        for (Runnable wrong : new Runnable[] {() -> NeuralCache.of(MODEL, 0), () -> NeuralCache.of(MODEL, 1).theta(-1),
                () -> NeuralCache.of(MODEL, 1).lambda(1.5)}) {
            String said = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
            assertTrue(said.startsWith("NeuralCache: expected"), said);
        }
    }
}
