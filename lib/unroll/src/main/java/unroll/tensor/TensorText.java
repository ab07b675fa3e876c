package unroll.tensor;

import java.util.Arrays;
import java.util.Locale;

/** How a tensor prints: its shape, then its numbers in brackets and columns, long axes shortened in the middle. */
final class TensorText {
    private static final int EDGE = 3, LONG = 8;

    private final float[] values;
    private final int[] shape;
    private final int width;
    private StringBuilder text = new StringBuilder();

    private TensorText(Tensor t, int width) {
        values = t.values();
        shape = t.shape();
        this.width = width;
    }

    static String of(Tensor t) {
        String name = (t.name().isEmpty() ? "Tensor" : t.name()) + Arrays.toString(t.shape())
                + (t.rank() > 1 ? "\n" : " ");
        TensorText narrow = new TensorText(t, 1);
        narrow.append(0, 0, t.size());
        int widest = Arrays.stream(narrow.text.toString().split("[\\[\\],\\s…]+")).mapToInt(String::length).max()
                .orElse(1);
        TensorText aligned = new TensorText(t, Math.max(1, widest));
        aligned.append(0, 0, t.size());
        return name + aligned.text;
    }

    private void append(int axis, int from, int size) {
        if (axis == shape.length) {
            text.append(String.format(Locale.ROOT, "%" + width + "s", number(values[from])));
            return;
        }
        int n = shape[axis], step = n == 0 ? 0 : size / n;
        String separator = axis == shape.length - 1 ? ", " : ",\n" + " ".repeat(axis + 1);
        text.append('[');
        for (int i = 0; i < n; i++) {
            if (i > 0) text.append(separator);
            if (n > LONG && i == EDGE) {
                text.append('…');
                i = n - EDGE - 1;
            } else {
                append(axis + 1, from + i * step, step);
            }
        }
        text.append(']');
    }

    private static String number(float x) {
        if (x == Math.rint(x) && Math.abs(x) < 1e6) return String.format(Locale.ROOT, "%.0f.", x);
        double a = Math.abs(x);
        return String.format(Locale.ROOT, a != 0 && (a < 1e-3 || a >= 1e5) ? "%.3e" : "%.4f", x);
    }
}
