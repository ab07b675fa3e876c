package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Each way to start has the variance, the bounds or the singular values that its paper asks for. */
class InitializerTest {
    @TestFactory Stream<DynamicTest> variances() {
        Map<Initializer, Double> expected = Map.of(Initializer.uniform(.3), .09 / 3, Initializer.uniformFanIn(),
                1.0 / 200 / 3, Initializer.glorot(),
                2.0 / (200 + 300), Initializer.he(), 2.0 / 200, Initializer.he().times(.5), .5 / 200);
        return expected.entrySet().stream().map(e -> DynamicTest.dynamicTest("variance " + e.getValue(), () -> {
            Tensor w = e.getKey().values(200, 300, Rng.seed(1));
            assertArrayEquals(new int[] {200, 300}, w.shape());
            assertEquals(0, w.mean().item(), .01);
            assertEquals(1, w.square().mean().item() / e.getValue(), .02);
        }));
    }

    @Test void uniformStaysInItsBounds() {
        for (float v : Initializer.glorot().values(10, 14, Rng.seed(1)).data()) assertTrue(Math.abs(v) <= .5);
    }

    @Test void orthogonalHasAllSingularValuesOne() {
        for (int[] shape : new int[][] {{20, 20}, {30, 10}, {10, 30}, {1, 5}}) {
            Tensor w = Initializer.orthogonal().values(shape[0], shape[1], Rng.seed(1));
            assertArrayEquals(shape, w.shape());
            assertFalse(w.requiresGradient());
            for (double s : LinearAlgebra.singularValues(w)) assertEquals(1, s, 1e-5);
        }
        assertEquals(.9, LinearAlgebra.spectralNorm(Initializer.orthogonal().times(.9).values(8, 8, Rng.seed(1))),
                1e-5);
    }

    /**
     * Of random orthogonal 2 × 2 matrices half are rotations and half reflections; and no entry has a preferred sign.
     */
    @Test void orthogonalPrefersNoDirection() {
        int rotations = 0, positive = 0;
        for (int i = 0; i < 1000; i++) {
            Tensor w = Initializer.orthogonal().values(2, 2, Rng.seed(i));
            if (w.get(0, 0) * w.get(1, 1) - w.get(0, 1) * w.get(1, 0) > 0) rotations++;
            if (w.get(0, 0) > 0) positive++;
        }
        assertEquals(500, rotations, 80);
        assertEquals(500, positive, 80);
    }

    @Test void identityAndZeros() {
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0}, Initializer.identity().values(2, 3, Rng.seed(1)).data());
        assertArrayEquals(new float[] {2, 0, 0, 2, 0, 0},
                Initializer.identity().times(2).values(3, 2, Rng.seed(1)).data());
        assertArrayEquals(new float[6], Initializer.zeros().values(3, 2, Rng.seed(1)).data());
    }
}
