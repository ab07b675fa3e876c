package unroll.notebook;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;

import unroll.tensor.Tensor;

/**
 * Compares what a reader's code gives with what is right, and says what is wrong with it without giving the answer
 * away.
 */
final class Exercise {
    private static final double TOLERANCE = 1e-5;                          // of the largest number in the answer
    private static final int LONGEST = 120;

    private Exercise() {
    }

    /** What is wrong, as the end of a sentence that begins with the claim; null if nothing is. */
    static String fault(Object given, Object right) {
        return fault(given, right, TOLERANCE * largest(right));
    }

    private static String fault(Object given, Object right, double tolerance) {
        if (given == null) return right == null ? null : "it gives null";
        if (given instanceof Tensor a && right instanceof Tensor b && !Arrays.equals(a.shape(), b.shape()))
            return "it gives the shape " + Arrays.toString(a.shape()) + " instead of " + Arrays.toString(b.shape());
        if (given instanceof Number a && right instanceof Number b)
            return fault(a.doubleValue(), b.doubleValue(), tolerance);
        Object parts = parts(given), wanted = parts(right);
        if (parts == null || wanted == null) return given.equals(right) ? null : "it gives " + text(given);
        if (Array.getLength(parts) != Array.getLength(wanted))
            return "it gives " + Array.getLength(parts) + " values instead of " + Array.getLength(wanted);
        for (int i = 0; i < Array.getLength(wanted); i++) {
            String fault = fault(Array.get(parts, i), Array.get(wanted, i), tolerance);
            if (fault != null) return fault + ", at place " + i;
        }
        return null;
    }

    private static String fault(double given, double right, double tolerance) {
        // false for NaN
        boolean close = Double.compare(given, right) == 0 || Math.abs(given - right) <= tolerance;
        return close ? null : "it gives " + (Double.isNaN(given) ? "NaN, not a number" : Numbers.text(given));
    }

    /** The values of a tensor, an array or a list, as an array; null for anything else. */
    private static Object parts(Object value) {
        if (value instanceof Tensor tensor) return tensor.data();
        if (value instanceof List<?> list) return list.toArray();
        return value != null && value.getClass().isArray() ? value : null;
    }

    private static double largest(Object value) {
        if (value instanceof Number number)
            return Double.isFinite(number.doubleValue()) ? Math.abs(number.doubleValue()) : 0;
        Object parts = parts(value);
        double largest = 0;
        for (int i = 0; parts != null && i < Array.getLength(parts); i++)
            largest = Math.max(largest, largest(Array.get(parts, i)));
        return largest;
    }

    /** Why the checks of an exercise ended. */
    static String said(Throwable e) {
        if (e instanceof ClaimFailedException claim) return claim.claim();
        if (e.getClass().getName().equals("jdk.jshell.spi.SPIResolutionException"))
            return "the code uses a name that does not exist";
        return "the code ends in " + e.getClass().getSimpleName()
                + (e.getMessage() == null ? "" : ": " + text(e.getMessage()));
    }

    private static String text(Object value) {
        String text = String.valueOf(value).strip();
        return text.length() <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST))) + "…";
    }
}
