package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Powers of a matrix against explicit products and closed forms. */
class MatrixPowersTest {
    @Test void areTheNormsOfExplicitPowers() {
        Tensor u = Rng.seed(1).normal(5, 5), power = u;
        double[] norms = MatrixPowers.of(u, 6).norms();
        assertEquals(1, norms[0], 1e-12);
        for (int t = 1; t <= 6; t++) {
            assertEquals(1, norms[t] / LinearAlgebra.spectralNorm(power), 1e-5);
            power = power.matmul(u);
        }
    }

    @Test void ofASymmetricMatrixFollowTheSpectralRadius() {
        MatrixPowers powers = MatrixPowers.of(Tensor.of(new double[][] {{0.5, 0.3}, {0.3, 0.5}}), 200);
        for (int t = 0; t <= 200; t++) assertEquals(1, powers.norms()[t] / Math.pow(0.8, t), 1e-4);
        assertEquals(0, powers.peakStep());
    }

    /** [[a, b], [0, a]]^t = a^(t-1) [[a, t b], [0, a]]. */
    @Test void ofAMatrixThatIsNotNormalGrowBeforeTheyDie() {
        MatrixPowers powers = MatrixPowers.of(Tensor.of(new double[][] {{0.9, 5}, {0, 0.9}}), 100);
        for (int t = 1; t <= 100; t++) {
            double expected = Math.pow(0.9, t - 1)
                    * LinearAlgebra.spectralNorm(Tensor.of(new double[][] {{0.9, 5 * t}, {0, 0.9}}));
            assertEquals(1, powers.norms()[t] / expected, 1e-4);
        }
        assertTrue(powers.spectrum().spectralRadius() < 1 && powers.peak() > 19 && powers.norms()[100] < 0.1,
                powers::toString);
        // 9 · 0.9^8 and 10 · 0.9^9 are almost one
        assertTrue(powers.peakStep() == 9 || powers.peakStep() == 10, powers::toString);
    }

    @Test void holdWhatFloatsCannot() {
        Tensor u = Tensor.of(new double[][] {{10, 0}, {0, 1}});
        assertEquals(100, Math.log10(MatrixPowers.of(u, 100).norms()[100]), 1e-4);
        assertEquals(Double.POSITIVE_INFINITY, MatrixPowers.of(u, 400).norms()[400]);
    }

    @Test void wrongArguments() {
        assertThrows(ShapeException.class, () -> MatrixPowers.of(Tensor.ones(2, 3), 5));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> MatrixPowers.of(Tensor.ones(2, 2), 0))
                .getMessage().contains("but got 0"));
        assertThrows(IllegalArgumentException.class, () -> Spectrum.of(Tensor.full(Double.NaN, 2, 2)));
    }

    @Test void theSpectrumOfARotationLiesOnACircle() {
        Spectrum spectrum = Spectrum.of(Tensor.of(new double[][] {{0, -0.5}, {0.5, 0}}));
        assertEquals(0.5, spectrum.spectralRadius(), 1e-6);
        assertEquals(0.5, spectrum.sigmaMax(), 1e-6);
        assertEquals(0.5, Math.abs(spectrum.eigenvalues().get(0).im()), 1e-6);
    }
}
