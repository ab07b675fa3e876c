package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;

/** Fast transforms are the sum that defines the transform. */
class FourierTest {
    private static Complex[] direct(Complex[] x) {
        int n = x.length;
        Complex[] spectrum = new Complex[n];
        for (int k = 0; k < n; k++) {
            spectrum[k] = new Complex(0, 0);
            for (int t = 0; t < n; t++)
                spectrum[k] = spectrum[k].plus(x[t].times(new Complex(0, -2 * Math.PI * ((long) k * t % n) / n).exp()));
        }
        return spectrum;
    }

    private static Complex[] random(int n, long seed) {
        Rng rng = Rng.seed(seed);
        Complex[] x = new Complex[n];
        for (int t = 0; t < n; t++) x[t] = new Complex(rng.nextGaussian(), rng.nextGaussian());
        return x;
    }

    private static void assertClose(Complex[] expected, Complex[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int k = 0; k < expected.length; k++)
            assertEquals(0, expected[k].minus(actual[k]).abs(), tolerance, "number " + k);
    }

    @Property(tries = 60, seed = "1") void ofAnyLength(@ForAll @IntRange(min = 1, max = 200) int n) {
        Complex[] x = random(n, n);
        assertClose(direct(x), Fourier.transform(x), 1e-9);
        assertClose(x, Fourier.inverse(Fourier.transform(x)), 1e-11);
    }

    /**
     * Real sequences of 2 n steps at the frequencies k + 1/4 out of n: the points where the convolution modulo X^2n + 1
     * is a product.
     */
    @Property(tries = 11) void acrossRows(@ForAll @IntRange(min = 0, max = 10) int bits) {
        int n = 1 << bits, lanes = FourierPlan.LANES;
        FourierPlan plan = new FourierPlan(n);
        FourierTile tile = new FourierTile(plan);
        float[] x = Rng.seed(bits).normal(2 * n, lanes).data();
        tile.load(x, 0, lanes, 2 * n, lanes);
        plan.forward(tile);
        FourierRows first = new FourierRows(plan.n1), second = new FourierRows(plan.n2);
        for (int lane = 0; lane < lanes; lane += 5) {
            Complex[] ours = new Complex[n], wanted = new Complex[n];
            for (int r = 0; r < plan.n2; r++)
                for (int q = 0; q < plan.n1; q++)
                    ours[first.frequency(q) + plan.n1 * second.frequency(r)] = new Complex(
                            tile.spectrumRe[r][q * lanes + lane],
                            tile.spectrumIm[r][q * lanes + lane]);
            for (int k = 0; k < n; k++) {
                wanted[k] = new Complex(0, 0);
                for (int t = 0; t < 2 * n; t++)
                    wanted[k] = wanted[k]
                            .plus(new Complex(0, -2 * Math.PI * (k + .25) * t / n).exp().times(x[t * lanes + lane]));
            }
            assertClose(wanted, ours, 1e-6 * n + 1e-5);
        }
        plan.backward(tile, true);
        float[] back = new float[2 * n * lanes];
        tile.store(back, 0, lanes, 2 * n, lanes);
        for (int i = 0; i < back.length; i++) assertEquals(x[i], back[i] / n, 1e-5);
    }

    @Property(tries = 1) void nothingHasNoSpectrum() {
        assertThrows(ShapeException.class, () -> Fourier.real(new double[0]));
    }
}
