package unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Locale;
import java.util.function.Supplier;

import unroll.tensor.GradientCheck;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Comparisons of tensors with numbers that were computed in another way. */
public final class Close {
    private Close() {
    }

    /** Every element within {@code tolerance} times the largest magnitude that is expected. */
    public static void assertClose(String what, double[] expected, Tensor actual, double tolerance) {
        assertWithin(what, expected, actual, 0, tolerance);
    }

    /** The same, and the shapes equal. */
    public static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
        assertArrayEquals(expected.shape(), actual.shape(), what + ": shape");
        assertClose(what, doubles(expected), actual, tolerance);
    }

    /** {@code |actual - expected| <= relative |expected| + floor max|expected|}, for every element. */
    public static void assertWithin(String what, double[] expected, Tensor actual, double relative, double floor) {
        float[] values = actual.data();
        if (values.length != expected.length)
            fail(what + ": expected " + expected.length + " numbers but got " + values.length);
        double largest = 0;
        for (double e : expected) largest = Math.max(largest, Math.abs(e));
        for (int i = 0; i < values.length; i++) {
            double error = Math.abs(values[i] - expected[i]), room = relative * Math.abs(expected[i]) + floor * largest;
            if (!(error <= room))
                fail(String.format(Locale.ROOT,
                        "%s[%d]: expected %.9g but got %.9g, an error of %.2e where %.2e is allowed", what, i,
                        expected[i],
                        values[i], error, room));
        }
    }

    public static double[] doubles(Tensor t) {
        float[] values = t.data();
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) out[i] = values[i];
        return out;
    }

    /**
     * Fails where backward and central differences differ; the result is weighted with fixed random numbers, so that no
     * error cancels.
     */
    public static void assertGradient(Supplier<Tensor> result, Parameter... parameters) {
        GradientCheck check = GradientCheck.of(() -> weighted(result.get()), parameters);
        if (!(check.maximumError() < 5e-3)) fail(check.toString());
    }

    /** The sum of all elements, each times a fixed random number. */
    public static Tensor weighted(Tensor t) {
        return t.mul(Rng.seed(271828).uniform(-1, 1, t.shape())).sum();
    }
}
