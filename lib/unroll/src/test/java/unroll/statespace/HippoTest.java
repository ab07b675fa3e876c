package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import unroll.tensor.LinearAlgebra.Complex;

/** What is remembered of a function can be drawn again. */
final class HippoTest {
    static double rootMeanSquare(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) sum += (x[j] - y[j]) * (x[j] - y[j]);
        return Math.sqrt(sum / x.length);
    }

    private static double[] wave(int samples) {
        double[] f = new double[samples];
        for (int j = 0; j < samples; j++) {
            double s = (j + .5) / samples;
            f[j] = Math.sin(2 * Math.PI * 1.5 * s) + .5 * Math.cos(2 * Math.PI * 2.2 * s * s) + .3 * s;
        }
        return f;
    }

    private static HippoMemory read(HippoMemory memory, double[] f) {
        for (double sample : f) memory = memory.next(sample);
        return memory;
    }

    /** The errors of the double-precision run of the same function: 0.189 with 8 numbers, 0.00208 with 16. */
    @Test void reconstructionErrorsAreThoseOfTheReferenceRun() {
        double[] f = wave(128);
        assertEquals(.18905, rootMeanSquare(read(HippoMemory.exact(8), f).reconstruct(128), f), .05 * .18905);
        assertEquals(.0020819, rootMeanSquare(read(HippoMemory.exact(16), f).reconstruct(128), f), .05 * .0020819);
        assertEquals(.034691, rootMeanSquare(read(HippoMemory.bilinear(16), f).reconstruct(128), f), .05 * .034691);
    }

    /** A constant past is known from the first sample on, whatever the step. */
    @Test void aConstantIsRememberedExactly() {
        HippoMemory memory = read(HippoMemory.exact(6), new double[] {3, 3, 3, 3, 3});
        for (double value : memory.reconstruct(7)) assertEquals(3, value, 1e-12);
        assertEquals(5, memory.samples());
    }

    /** A window of LegT over a function that is a polynomial of low degree there. */
    @Test void legTRemembersItsWindow() {
        int N = 12;
        double window = 1, step = 1e-3;
        DiscreteSystem memory = Hippo.legT(N, window).system().discretize(Discretization.zeroOrderHold(step));
        double[][] u = new double[3000][1];
        for (int k = 0; k < u.length; k++) u[k][0] = Math.sin(2 * (k + .5) * step);
        double[] c = memory.simulate(u, new double[N]).last(), root = Hippo.roots(N);
        for (double age : new double[] {.05, .3, .6, .9}) {
            double x = 1 - 2 * age, before = 0, p = 1, value = 0;          // P_n(2 (s - t) / window + 1)
            for (int n = 0; n < N; n++) {
                value += c[n] * root[n] * p;
                double next = ((2 * n + 1) * x * p - n * before) / (n + 1);
                before = p;
                p = next;
            }
            assertEquals(Math.sin(2 * (3 - age)), value, 5e-3, "age " + age);
        }
    }

    /**
     * c_n of f = 1 is the integral of L_n exp(-age), 1 for n = 0 and 0 for others; of f = exp(-s t) it has a closed
     * form for n = 0.
     */
    @Test void lagTRemembersAFadingPast() {
        DiscreteSystem memory = Hippo.lagT(8).system().discretize(Discretization.zeroOrderHold(.01));
        double[][] u = new double[4000][1];
        for (double[] row : u) row[0] = 1;
        double[] c = memory.simulate(u, new double[8]).last();
        assertEquals(1, c[0], 1e-9);
        for (int n = 1; n < 8; n++) assertEquals(0, c[n], 1e-6);
    }

    /** A = normal - p pᵀ, and normal commutes with its transpose. */
    @Test void legSIsNormalPlusLowRank() {
        Hippo legS = Hippo.legS(10);
        var parts = legS.normalPlusLowRank();
        double[][] a = legS.a(), m = parts.normal();
        for (int n = 0; n < 10; n++)
            for (int k = 0; k < 10; k++) {
                assertEquals(a[n][k], m[n][k] - parts.p()[n] * parts.p()[k], 1e-12);
                double left = 0, right = 0;
                for (int j = 0; j < 10; j++) {
                    left += m[n][j] * m[k][j];
                    right += m[j][n] * m[j][k];
                }
                assertEquals(left, right, 1e-10);
            }
        for (int n = 0; n < 10; n++) assertEquals(-parts.frequencies()[9 - n], parts.frequencies()[n], 1e-10);
        assertThrows(IllegalStateException.class, () -> Hippo.lagT(4).normalPlusLowRank());
    }

    @Test void startsOfDiagonalLayers() {
        for (S4dInit init : S4dInit.values())
            for (Complex pole : init.poles(16)) {
                assertEquals(-.5, pole.re());
                assertTrue(pole.im() >= 0);
            }
        assertEquals(8, S4dInit.LEGS.poles(16).length);
        double[] legS = Arrays.stream(S4dInit.LEGS.poles(64)).mapToDouble(Complex::im).toArray();
        double inv = S4dInit.INV.poles(64)[0].im();
        assertEquals(1, inv / legS[legS.length - 1], .05);                 // INV was found as the limit of LEGS
        var odd = assertThrows(IllegalArgumentException.class, () -> S4dInit.LIN.poles(7));
        assertTrue(odd.getMessage().contains("7"), odd.getMessage());
    }

    @Test void wrongSizesAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Hippo.legS(0)).getMessage().contains("0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Hippo.legT(4, -1)).getMessage().contains("-1"));
    }
}
