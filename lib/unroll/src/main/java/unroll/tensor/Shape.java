package unroll.tensor;

import java.util.Arrays;

/** Arithmetic of shapes: sizes, and NumPy's broadcasting rule. */
final class Shape {
    private Shape() {
    }

    /** The number of elements; refuses negative lengths and more than an array can hold. */
    static int size(int[] shape) {
        long n = 1;
        for (int d : shape) {
            if (d < 0) throw new ShapeException("Tensor: a length cannot be negative, got shape " + Arrays.toString(shape));
            n *= d;
            if (n > Integer.MAX_VALUE - 8)
                throw new ShapeException("Tensor: shape " + Arrays.toString(shape) + " has more elements than one array holds");
        }
        return (int) n;
    }

    /** The shape of {@code a op b} by NumPy's rule: aligned at the last axis, equal or one of them 1. */
    static int[] broadcast(String operation, int[] a, int[] b) {
        int n = Math.max(a.length, b.length);
        int[] out = new int[n];
        for (int i = 1; i <= n; i++) {
            int x = i <= a.length ? a[a.length - i] : 1, y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ShapeException(operation + ": shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast: " + x
                        + " against " + y + " at axis " + -i + "; lengths must be equal or 1");
            out[n - i] = x == 1 ? y : x;
        }
        return out;
    }

    /** The shape that a tensor of {@code size} elements gets, where one of the lengths asked for may be -1. */
    static int[] resolve(int[] asked, int[] shape, int size) {
        int[] target = asked.clone();
        int known = 1, open = -1;
        boolean negative = false;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1 && open < 0) open = i;
            else {
                known *= target[i];
                negative |= target[i] < 0;
            }
        }
        if (open >= 0 && known > 0) target[open] = size / known;
        if (negative || open >= 0 && target[open] < 0 || size(target) != size)
            throw new ShapeException(
                    "reshape: shape " + Arrays.toString(shape) + " has " + size + " elements and cannot become " + Arrays.toString(asked));
        return target;
    }

    /** An axis counted from the front, where negative ones count from the end. */
    static int axis(String operation, int axis, int[] shape) {
        int a = axis < 0 ? axis + shape.length : axis;
        if (a < 0 || a >= shape.length)
            throw new ShapeException(operation + ": no axis " + axis + " in shape " + Arrays.toString(shape));
        return a;
    }

    /** The product of the lengths from..to-1. */
    static int product(int[] shape, int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) n *= shape[i];
        return n;
    }
}
