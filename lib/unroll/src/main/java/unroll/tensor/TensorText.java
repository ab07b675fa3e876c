package unroll.tensor;

import java.util.Arrays;
import java.util.Locale;

/** How a tensor prints: its shape, then its numbers in brackets, long axes shortened in the middle. */
final class TensorText {
    private static final int EDGE = 3, LONG = 8;

    private TensorText() {
    }

    static String of(Tensor t) {
        StringBuilder text = new StringBuilder(t instanceof Parameter p ? p.name() : "Tensor").append(Arrays.toString(t.shape()));
        if (t.rank() > 1) text.append('\n');
        else text.append(' ');
        append(text, t.values(), t.shape(), 0, 0, t.size());
        return text.toString();
    }

    private static void append(StringBuilder text, float[] v, int[] shape, int axis, int from, int size) {
        if (axis == shape.length) {
            text.append(String.format(Locale.ROOT, "%9s", number(v[from])));
            return;
        }
        int n = shape[axis], step = n == 0 ? 0 : size / n;
        text.append('[');
        for (int i = 0; i < n; i++) {
            if (n > LONG && i == EDGE) {
                text.append(axis == shape.length - 1 ? ", …" : ",\n" + " ".repeat(axis + 1) + "…");
                i = n - EDGE - 1;
                continue;
            }
            if (i > 0) text.append(axis == shape.length - 1 ? ", " : ",\n" + " ".repeat(axis + 1));
            append(text, v, shape, axis + 1, from + i * step, step);
        }
        text.append(']');
    }

    private static String number(float x) {
        if (x == Math.rint(x) && Math.abs(x) < 1e6) return String.format(Locale.ROOT, "%.0f.", x);
        double a = Math.abs(x);
        return String.format(Locale.ROOT, a != 0 && (a < 1e-3 || a >= 1e5) ? "%.3e" : "%.4f", x);
    }
}
