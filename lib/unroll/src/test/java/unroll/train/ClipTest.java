package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class ClipTest {
    private static Parameter withGradient(float... gradient) {
        Parameter p = new Parameter("p", Tensor.ones(gradient.length));
        p.mul(Tensor.of(gradient, gradient.length)).sum().backward();
        return p;
    }

    @Test void theGlobalNormIsThatOfAllGradientsTogether() {
        assertEquals(13,
                Clip.norm(List.of(withGradient(3, 4), withGradient(12), new Parameter("no gradient", Tensor.ones(5)))),
                1e-6);
    }

    @Test void aLargerNormBecomesTheLimitAndKeepsTheDirection() {
        Parameter p = withGradient(3, 4), q = withGradient(12);
        assertEquals(13, Clip.byGlobalNorm(List.of(p, q), 1.3), 1e-6);
        assertArrayEquals(new float[] {0.3f, 0.4f}, p.gradientData(), 1e-6f);
        assertArrayEquals(new float[] {1.2f}, q.gradientData(), 1e-6f);
    }

    @Test void aSmallerNormStaysToTheBit() {
        Parameter p = withGradient(3, 4);
        assertEquals(5, Clip.byGlobalNorm(List.of(p), 5), 0);
        assertArrayEquals(new float[] {3, 4}, p.gradientData());
    }

    @Test void gradientsThatAreNotFiniteAreReportedAndLeft() {
        Parameter nan = withGradient(1, Float.NaN), infinite = withGradient(3, Float.POSITIVE_INFINITY);
        assertTrue(Double.isNaN(Clip.byGlobalNorm(List.of(nan), 1)));
        assertEquals(Double.POSITIVE_INFINITY, Clip.byGlobalNorm(List.of(infinite), 1));
        assertArrayEquals(new float[] {3, Float.POSITIVE_INFINITY}, infinite.gradientData());
    }

    @Test void hugeGradientsDoNotOverflowTheNorm() {
        assertEquals(5e30, Clip.norm(List.of(withGradient(3e30f, 4e30f))), 1e25);
    }

    @Test void byValueCutsEachElement() {
        Parameter p = withGradient(-3, 0.5f, 4, -0.25f);
        Clip.byValue(List.of(p, new Parameter("no gradient", Tensor.ones(2))), 1);
        assertArrayEquals(new float[] {-1, 0.5f, 1, -0.25f}, p.gradientData());
    }

    @Test void theNumberOfThreadsChangesNoBitOfTheNorm() {
        Parameter p = new Parameter("p", Tensor.ones(300_000));
        p.mul(Rng.seed(3).normal(300_000)).sum().backward();
        double one = Parallel.withThreads(1, () -> Clip.norm(List.of(p))),
                two = Parallel.withThreads(2, () -> Clip.norm(List.of(p)));
        assertEquals(one, two, 0);
    }

    @Test void limitsMustBePositive() {
        for (double u : new double[] {0, -1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Clip.byGlobalNorm(List.of(), u));
            assertThrows(IllegalArgumentException.class, () -> Clip.byValue(List.of(), u));
        }
    }
}
