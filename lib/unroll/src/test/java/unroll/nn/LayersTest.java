package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import unroll.Close;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Linear, Embedding, Dropout and LayerNorm by their definitions. */
class LayersTest {
    @Test void linearOfAnyRank() {
        Linear linear = new Linear(3, 2, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(4, 5, 3), y = linear.apply(x);
        assertArrayEquals(new int[] {4, 5, 2}, y.shape());
        for (int t = 0; t < 4; t++)
            for (int b = 0; b < 5; b++)
                for (int j = 0; j < 2; j++) {
                    double sum = linear.b().get(j);
                    for (int i = 0; i < 3; i++) sum += (double) x.get(t, b, i) * linear.w().get(i, j);
                    assertEquals(sum, y.get(t, b, j), 1e-6);
                }
        assertArrayEquals(new int[] {2}, linear.apply(Tensor.ones(3)).shape());
    }

    @Test void linearGradient() {
        Linear linear = new Linear(3, 2, Rng.seed(1));
        Parameter x = new Parameter("x", Rng.seed(2).normal(4, 3));
        Close.assertGradient(() -> linear.apply(x), x, linear.w(), linear.b());
    }

    @Test void linearStartsWithinOneOverTheRootOfItsInput() {
        Linear linear = new Linear(25, 400, Rng.seed(1));
        for (Parameter p : linear.parameters()) {
            double largest = 0;
            for (float v : p.data()) largest = Math.max(largest, Math.abs(v));
            assertTrue(largest <= .2 && largest > .19, p.name() + ": " + largest);
        }
    }

    @Test void embeddingLooksUpRows() {
        Embedding embedding = new Embedding(5, 3, Rng.seed(1));
        Tensor y = embedding.apply(IntTensor.of(new int[] {4, 0, 4, 2}, 2, 2));
        assertArrayEquals(new int[] {2, 2, 3}, y.shape());
        for (int j = 0; j < 3; j++) {
            assertEquals(embedding.w().get(4, j), y.get(1, 0, j));
            assertEquals(embedding.w().get(2, j), y.get(1, 1, j));
        }
        y.sum().backward();
        assertArrayEquals(new float[] {1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2, 2, 2}, embedding.w().gradientData());
    }

    @Test void dropoutKeepsTheExpectation() {
        Tensor y = new Dropout(.3, Rng.seed(1)).apply(Tensor.full(2, 400, 500));
        assertEquals(2, y.mean().item(), .02);
        int zeros = 0;
        for (float v : y.data()) {
            assertTrue(v == 0 || Math.abs(v - 2 / .7) < 1e-6);
            if (v == 0) zeros++;
        }
        assertEquals(.3, zeros / 200_000.0, .006);
    }

    @Test void dropoutDoesNothingInEvaluation() {
        Dropout dropout = new Dropout(.3, Rng.seed(1));
        Tensor x = Tensor.ones(10);
        dropout.eval();
        assertSame(x, dropout.apply(x));
        dropout.train();
        assertTrue(dropout.apply(Tensor.ones(1000)).sum().div(1000).item() != 1);
        assertSame(x, new Dropout(0, Rng.seed(1)).apply(x));
    }

    @Test void dropoutIsReproducibleAndNewEachTime() {
        Dropout one = new Dropout(.5, Rng.seed(1)), two = new Dropout(.5, Rng.seed(1));
        Tensor x = Tensor.ones(100);
        float[] first = one.apply(x).data(), second = one.apply(x).data();
        assertArrayEquals(first, two.apply(x).data());
        assertArrayEquals(second, two.apply(x).data());
        assertFalse(Arrays.equals(first, second));
    }

    @Test void dropoutSendsGradientsWhereValuesPassed() {
        Tensor x = Tensor.ones(100).tracked(), y = new Dropout(.5, Rng.seed(1)).apply(x);
        y.sum().backward();
        assertArrayEquals(y.data(), x.gradientData());
    }

    @Test void layerNormHasMeanZeroAndVarianceOne() {
        Tensor y = new LayerNorm(50).apply(Rng.seed(1).normal(3, 4, 50).mul(7).add(100));
        double[] mean = Close.doubles(y.mean(-1)), square = Close.doubles(y.square().mean(-1));
        for (int i = 0; i < 12; i++) {
            assertEquals(0, mean[i], 1e-5);
            assertEquals(1, square[i], 1e-4);
        }
    }

    @Test void layerNormGradient() {
        LayerNorm norm = new LayerNorm(5);
        norm.parameters().forEach(p -> p.set(Rng.seed(3).normal(5)));
        Parameter x = new Parameter("x", Rng.seed(2).normal(3, 5));
        Close.assertGradient(() -> norm.apply(x), x, norm.parameters().get(0), norm.parameters().get(1));
    }

    @Test void layerNormOfEqualNumbersIsItsBias() {
        Tensor x = Tensor.full(3, 2, 4).tracked(), y = new LayerNorm(4).apply(x);
        y.sum().backward();
        assertArrayEquals(new float[8], y.data());
        assertTrue(x.gradient().isFinite());
    }
}
