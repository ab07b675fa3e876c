package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The errors of the fast functions stay below what their documentation says, on a dense grid and on floats of every
 * magnitude.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorMathTest {
    private interface Function {
        void apply(float[] x, float[] y, int from, int to);
    }

    /** 4 million equal steps over [low, high]; and for every exponent of a float some numbers of both signs. */
    private static float[] grid(double low, double high) {
        int n = 4_000_000;
        float[] x = new float[n + 256 * 64];
        for (int i = 0; i < n; i++) x[i] = (float) (low + (high - low) * i / (n - 1));
        for (int i = n; i < x.length; i++) {
            float v = Float.intBitsToFloat((i - n) / 64 << 23 | (i % 32) * 262_139) * (i % 64 < 32 ? 1 : -1);
            x[i] = v >= low && v <= high ? v : 0;
        }
        return x;
    }

    private static double error(Function ours, DoubleUnaryOperator exact, boolean relative, double low, double high) {
        float[] x = grid(low, high), y = new float[x.length];
        ours.apply(x, y, 0, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double e = exact.applyAsDouble(x[i]), error = Math.abs(y[i] - e) / (relative ? Math.abs(e) : 1);
            if (!(error <= worst)) worst = error;
        }
        return worst;
    }

    private static void assertBelow(double bound, double error) {
        assertTrue(error < bound, "error " + error + " is not below " + bound);
    }

    @Test void tanh() {
        assertBelow(4e-7, error(VectorMath::tanh, Math::tanh, false, -3e38, 3e38));
        assertBelow(4e-7, error(VectorMath::tanh, Math::tanh, false, -12, 12));
    }

    @Test void sigmoid() {
        assertBelow(2.5e-7, error(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), false, -30, 30));
    }

    /** As far down as there are normal floats. */
    @Test void sigmoidKeepsItsDigitsInTheTails() {
        assertBelow(2.5e-7, error(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), true, -87, -4.01));
        assertBelow(6e-6, error(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), true, -87, 3e38));
        assertBelow(2e-45, error(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), false, -3e38, -87));
        float[] x = {-20, 20, -1000, 1000, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, 0},
                y = new float[x.length];
        VectorMath.sigmoid(x, y, 0, x.length);
        float[] joints = {Math.nextDown(-4f), -4, Math.nextUp(-4f), Math.nextDown(12f), 12, Math.nextUp(12f), -30},
                z = new float[joints.length];
        VectorMath.sigmoid(joints, z, 0, z.length);
        for (int i = 0; i < z.length; i++)
            assertEquals(1 / (1 + Math.exp(-joints[i])), z[i], 6e-6 * z[i], "of " + joints[i]);
        assertArrayEquals(new float[] {2.0611537e-9f, 1, 0, 1, 0, 1, Float.NaN, .5f}, y);
    }

    /** What stands elsewhere in an array decides how it is computed but not what comes out. */
    @Test void tailsChangeNothingBetweenThem() {
        float[] x = Rng.seed(1).normal(3000).data(), y = new float[x.length], far = x.clone(), z = far;
        for (int i = 0; i < far.length; i += 7) far[i] = i % 2 == 0 ? -30 : Float.NaN;
        VectorMath.sigmoid(x, y, 0, x.length);
        VectorMath.sigmoid(far, z, 0, far.length);
        for (int i = 0; i < x.length; i++)
            if (i % 7 != 0) assertEquals(y[i], z[i], Math.abs(x[i]) < 3 ? 0 : 2e-6 * y[i]);
    }

    @Test void exp() {
        assertBelow(2e-7, error(VectorMath::exp, Math::exp, true, -87, 88));
        assertBelow(3e-7, error(VectorMath::exp, Math::exp, true, -87.3, 88.7));
        assertBelow(1.5e-45, error(VectorMath::exp, Math::exp, false, -3e38, -87.3));
        float[] x = {-1e30f, Float.NEGATIVE_INFINITY, 88.8f, 1e30f, Float.POSITIVE_INFINITY, Float.NaN},
                y = new float[x.length];
        VectorMath.exp(x, y, 0, x.length);
        assertArrayEquals(new float[] {0, 0, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY,
                Float.NaN}, y);
    }

    /** As near as to give the same floats, all but always. */
    @Test void expInDouble() {
        double[] x = new double[20_001], y = new double[x.length];
        for (int i = 0; i < x.length; i++) x[i] = y[i] = -104 + i * (104.0 / 20_000);
        VectorMath.exp(y, y.length);
        for (int i = 0; i < x.length; i++)
            assertEquals(1, y[i] / Math.exp(x[i]), x[i] < -40 ? 2e-8 : 1e-12, "exp of " + x[i]);
        double[] odd = {Double.NEGATIVE_INFINITY, -1e300, Double.NaN, 0, 7};
        VectorMath.exp(odd, 4);
        assertArrayEquals(new double[] {0, 0, Double.NaN, 1, 7}, odd, 1e-45);
    }

    @Test void logarithmsOfSumsOfExponentials() {
        float[] x = Rng.seed(3).normal(5000).mul(4).data();
        for (int n : new int[] {1, 2, 7, 255, 256, 257, 1000, 5000}) {
            double sum = 0;
            for (int i = 0; i < n; i++) sum += Math.exp(x[i]);
            for (int room : new int[] {1, 64, 1024})
                assertEquals(Math.log(sum), VectorMath.logSumExp(x, 0, n, new double[room]), 1e-7);
        }
        float inf = Float.POSITIVE_INFINITY;
        double[] room = new double[8];
        assertEquals(-inf, VectorMath.logSumExp(new float[] {-inf, -inf}, 0, 2, room));
        assertEquals(1e30f, VectorMath.logSumExp(new float[] {-inf, 1e30f}, 0, 2, room));
        assertTrue(Double.isNaN(VectorMath.logSumExp(new float[] {inf, 0}, 0, 2, room)));
        for (int at : new int[] {0, 63, 64, 700, 999}) {
            float[] y = x.clone();
            y[at] = Float.NaN;
            assertTrue(Double.isNaN(VectorMath.logSumExp(y, 0, 1000, room)), "NaN at " + at);
            assertTrue(Float.isNaN(VectorMath.maximum(y, 0, 1000)), "NaN at " + at);
            y[at] = 1000;
            assertEquals(1000, VectorMath.maximum(y, 0, 1000));
        }
    }

    @Test void subtractsAsDoublesRoundedOnce() {
        for (double size : new double[] {1e-3, 1, 50, 1e6}) {
            float[] x = Rng.seed(4).normal(100_000).mul(size).data(), y = x.clone();
            double by = 9.123456789012345;
            VectorMath.subtract(y, 0, y.length, by);
            for (int i = 0; i < x.length; i++) assertEquals((float) (x[i] - by), y[i], "of " + x[i]);
        }
        float inf = Float.POSITIVE_INFINITY;
        float[] odd = {-inf, inf, Float.NaN, -3e38f, 3e38f, 7};
        VectorMath.subtract(odd, 0, 5, 2.5);
        assertArrayEquals(new float[] {-inf, Float.NaN, Float.NaN, -3e38f, 3e38f, 7}, odd);
    }

    /** So that a logarithm of a gate, or 1 - h², is never taken of a negative number. */
    @Test void boundsAreKept() {
        float[] x = grid(-40, 40), y = new float[x.length];
        VectorMath.tanh(x, y, 0, x.length);
        for (int i = 0; i < x.length; i++) assertTrue(Math.abs(y[i]) <= 1, "tanh of " + x[i] + " is " + y[i]);
        VectorMath.sigmoid(x, y, 0, x.length);
        for (int i = 0; i < x.length; i++) assertTrue(y[i] >= 0 && y[i] <= 1, "sigmoid of " + x[i] + " is " + y[i]);
    }

    @Test void infinities() {
        float[] x = {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}, y = new float[2];
        VectorMath.tanh(x, y, 0, 2);
        assertEquals(-1, y[0]);
        assertEquals(1, y[1]);
        VectorMath.sigmoid(x, y, 0, 2);
        assertEquals(0, y[0]);
        assertEquals(1, y[1]);
        VectorMath.exp(x, y, 0, 2);
        assertEquals(0, y[0]);
        assertEquals(Float.POSITIVE_INFINITY, y[1]);
    }

    @Test void nan() {
        for (Function f : new Function[] {VectorMath::tanh, VectorMath::sigmoid, VectorMath::exp}) {
            float[] x = {Float.NaN};
            f.apply(x, x, 0, 1);
            assertTrue(Float.isNaN(x[0]));
        }
    }

    @Test void onlyTheRangeIsWritten() {
        float[] x = {1, 1, 1, 1}, y = {7, 7, 7, 7};
        VectorMath.exp(x, y, 1, 3);
        assertEquals(7, y[0]);
        assertEquals(7, y[3]);
        assertEquals(Math.E, y[2], 1e-6);
    }

    @Test void sums() {
        float[] x = {1, 2, 3, 4, 5, 6, 7};
        for (int n = 0; n <= 7; n++) {
            double sum = 0, squares = 0;
            for (int i = 0; i < n; i++) {
                sum += x[i];
                squares += x[i] * x[i];
            }
            assertEquals(sum, VectorMath.sum(x, 0, n));
            assertEquals(squares, VectorMath.sumOfSquares(x, 0, n));
        }
        assertEquals(2 + 3, VectorMath.sum(x, 1, 3));
    }
}
