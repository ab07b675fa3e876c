package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Rng;

/** Fast transforms are the sum that defines the transform. */
class FourierTest {
    private static void assertClose(Complex[] expected, Complex[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int k = 0; k < expected.length; k++)
            assertEquals(0, expected[k].minus(actual[k]).abs(), tolerance, "number " + k);
    }

    /**
     * Real sequences of 2 n steps at the frequencies k + 1/4 out of n: the points where the convolution modulo X^2n + 1
     * is a product.
     */
    @Property(tries = 11) void acrossRows(@ForAll @IntRange(min = 0, max = 10) int bits) {
        int n = 1 << bits, lanes = FourierPlan.LANES;
        FourierPlan plan = new FourierPlan(n);
        FourierPlan.Tile tile = plan.tile();
        FourierPlan.Spectrum spectrum = plan.spectrum();
        float[] x = Rng.seed(bits).normal(2 * n, lanes).data();
        tile.load(x, 0, lanes, 2 * n, lanes);
        tile.forward(spectrum);
        for (int lane = 0; lane < lanes; lane += 5) {
            Complex[] ours = new Complex[n], wanted = new Complex[n];
            for (int r = 0; r < plan.n2; r++)
                for (int q = 0; q < plan.n1; q++)
                    ours[plan.first.frequency(q) + plan.n1 * plan.second.frequency(r)] = new Complex(
                            spectrum.re[r][q * lanes + lane],
                            spectrum.im[r][q * lanes + lane]);
            for (int k = 0; k < n; k++) {
                wanted[k] = new Complex(0, 0);
                for (int t = 0; t < 2 * n; t++)
                    wanted[k] = wanted[k]
                            .plus(new Complex(0, -2 * Math.PI * (k + .25) * t / n).exp().times(x[t * lanes + lane]));
            }
            assertClose(wanted, ours, 1e-6 * n + 1e-5);
        }
        tile.backward(spectrum, true);
        float[] back = new float[2 * n * lanes];
        tile.store(back, 0, lanes, 2 * n, lanes);
        for (int i = 0; i < back.length; i++) assertEquals(x[i], back[i] / n, 1e-5);
    }
}
