package unroll.tensor;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Arithmetic of shapes: sizes, and NumPy's broadcasting rule. Whatever makes an array from lengths that it did not find
 * in one tensor asks here for it, so that no product of lengths overflows and nothing native gets a wrong size:
 *
 * <pre>{@code
 * // "Lstm(..): [T, B, I] would give [T, B, H], 4,900,000,000 elements; .."
 * float[] y = Shape.room(this, new int[] {T, B, H}, x);
 * }</pre>
 */
public final class Shape {
    /** The most elements of a tensor: as many as one Java array holds. */
    public static final int MOST = Integer.MAX_VALUE - 8;

    private Shape() {
    }

    static int size(int[] shape) { return size("Tensor", shape); }

    /**
     * The number of elements of a result. Lengths of 0 are left out where it is checked, so that the product of some
     * lengths of a tensor is never too large either.
     *
     * @param operation what makes it; its text is asked for only in an error
     * @param shape     of the result
     * @param read      what it is made from, for the error
     * @throws ShapeException if a length is negative, or there are more than {@link #MOST}
     */
    public static int size(Object operation, int[] shape, Tensor... read) {
        long n = 1;
        boolean empty = false;
        for (int d : shape) {
            if (d < 0)
                throw new ShapeException(
                        operation + ": a length cannot be negative, got shape " + Arrays.toString(shape));
            if (d == 0) empty = true;
            else
                n *= d;
            if (n > MOST) throw tooLarge(operation, shape, read);
        }
        return empty ? 0 : (int) n;
    }

    /** An array of zeros for a result: see {@link #size(Object, int[], Tensor...)}. */
    public static float[] room(Object operation, int[] shape, Tensor... read) {
        int n = size(operation, shape, read);
        try {
            return new float[n];
        } catch (OutOfMemoryError e) {
            throw new OutOfMemoryError(Message.of(String.format(Locale.ROOT,
                    "%s: %s%s takes %,d MB, more than is left of a heap of %,d MB (-Xmx)", operation, from(read),
                    Arrays.toString(shape), n / 250_000, Runtime.getRuntime().maxMemory() / 1_000_000)));
        }
    }

    private static ShapeException tooLarge(Object operation, int[] shape, Tensor... read) {
        BigInteger n = BigInteger.ONE;
        for (int d : shape) if (d > 0) n = n.multiply(BigInteger.valueOf(d));
        return new ShapeException(String.format(Locale.ROOT, "%s: %s%s%s %,d elements; a tensor holds at most %,d",
                operation, from(read), Arrays.toString(shape), read.length == 0 ? " would have" : ",", n, MOST));
    }

    private static String from(Tensor... read) {
        if (read.length == 0) return "";
        List<String> shapes = new ArrayList<>();
        for (Tensor t : read) shapes.add(Arrays.toString(t.lengths()));
        return String.join(" and ", shapes) + " would give ";
    }

    /** The shape of {@code a op b} by NumPy's rule: aligned at the last axis, equal or one of them 1. */
    static int[] broadcast(String operation, int[] a, int[] b) {
        int n = Math.max(a.length, b.length);
        int[] out = new int[n];
        for (int i = 1; i <= n; i++) {
            int x = i <= a.length ? a[a.length - i] : 1, y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ShapeException(operation + ": shapes " + Arrays.toString(a) + " and " + Arrays.toString(b)
                        + " do not broadcast: " + x + " against " + y + " at axis " + -i
                        + "; lengths must be equal or 1");
            out[n - i] = x == 1 ? y : x;
        }
        return out;
    }

    /** The shape that a tensor of {@code size} elements gets, where one of the lengths asked for may be -1. */
    static int[] resolve(int[] asked, int[] shape, int size) {
        int[] target = asked.clone();
        int open = -1;
        long known = 1;
        boolean negative = false;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1 && open < 0) open = i;
            else {
                known = elements(known, target[i]);
                negative |= target[i] < 0;
            }
        }
        if (open >= 0 && known > 0) target[open] = (int) (size / known);
        if (negative || open >= 0 && target[open] < 0 || elements(target) != size)
            throw new ShapeException("reshape: shape " + Arrays.toString(shape) + " has " + size
                    + " elements and cannot become " + Arrays.toString(asked));
        return target;
    }

    /** The number of elements of whatever somebody asks for; {@link #MOST} + 1 where there are more. */
    private static long elements(int[] shape) {
        long n = 1;
        for (int d : shape) n = elements(n, d);
        return n;
    }

    private static long elements(long n, int d) { return Math.min(n * d, MOST + 1L); }

    /** An axis counted from the front, where negative ones count from the end. */
    static int axis(String operation, int axis, int[] shape) {
        int a = axis < 0 ? axis + shape.length : axis;
        if (a < 0 || a >= shape.length)
            throw new ShapeException(operation + ": no axis " + axis + " in shape " + Arrays.toString(shape));
        return a;
    }

    /** Where the element of this index lies. */
    static int position(int[] index, int[] shape) {
        if (index.length != shape.length)
            throw new ShapeException("get: " + index.length + " indices for shape " + Arrays.toString(shape));
        int at = 0;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < 0 || index[i] >= shape[i])
                throw new ShapeException(
                        "get: index " + Arrays.toString(index) + " is outside shape " + Arrays.toString(shape));
            at = at * shape[i] + index[i];
        }
        return at;
    }

    /** The product of the lengths from..to-1. */
    static int product(int[] shape, int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) n *= shape[i];
        return n;
    }
}
