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
    }
}
