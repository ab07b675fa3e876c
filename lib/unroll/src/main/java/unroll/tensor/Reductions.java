package unroll.tensor;

import java.util.Arrays;

/**
 * Sums, maxima and softmax, over all elements or along one axis. A tensor is seen as {@code [outer, n, inner]} around
 * the axis.
 */
final class Reductions {
    /** Rows of fewer numbers are not worth a vector loop; of longer ones so many at a time stay in the cache. */
    private static final int SHORT = 16, CHUNK = 1024, GROUP = 1 << 14;
    private static final double[] NONE = {};

    private Reductions() {
    }

    static Tensor sum(Tensor x) {
        float[] v = x.values();
        return Tape.record("sum", new float[] {(float) VectorMath.sum(v, 0, v.length)}, new int[0], g -> {
            float[] d = new float[v.length];
            Arrays.fill(d, g.get(0)[0]);
            x.take(d);
        }, x);
    }

    static Tensor sum(Tensor x, int axis) {
        Split s = new Split("sum", x, axis);
        if (s.n == 1) return Tape.record("sum", x.data(), s.reduced, g -> x.take(g.get(0)), x);
        float[] v = x.values(), y = new float[s.outer * s.inner];
        for (int o = 0; o < s.outer; o++)
            if (s.inner == 1) y[o] = (float) VectorMath.sum(v, o * s.n, o * s.n + s.n);
            else
            Rows.sum(v, o * s.n, s.n, s.inner, y, o * s.inner);
        return Tape.record("sum", y, s.reduced, g -> {
            float[] e = g.get(0), d = new float[v.length];
            for (int o = 0; o < s.outer; o++)
                for (int j = 0; j < s.n; j++) System.arraycopy(e, o * s.inner, d, (o * s.n + j) * s.inner, s.inner);
            x.take(d);
        }, x);
    }

    /** The largest along an axis; the gradient goes to the first of equal ones. */
    static Tensor max(Tensor x, int axis) {
        Split s = new Split("max", x, axis);
        int[] at = s.argmax(x.values());
        float[] v = x.values(), y = new float[at.length];
        for (int i = 0; i < y.length; i++) y[i] = v[at[i]];
        return Tape.record("max", y, s.reduced, g -> {
            float[] d = new float[v.length], e = g.get(0);
            for (int i = 0; i < e.length; i++) d[at[i]] += e[i];
            x.take(d);
        }, x);
    }

    static IntTensor argmax(Tensor x, int axis) {
        Split s = new Split("argmax", x, axis);
        int[] at = s.argmax(x.values());
        for (int i = 0; i < at.length; i++) at[i] = at[i] / s.inner % s.n;
        return IntTensor.of(at, s.reduced);
    }

    // ---- along the last axis, shifted by the row's maximum so that nothing overflows

    static Tensor softmax(Tensor x) {
        int n = x.size(-1);
        float[] v = x.values(), y = new float[v.length];
        eachRow(y.length, n, (from, to, room) -> {
            for (int at = from; at < to; at += n) {
                double norm = logSumExp(v, at, n, room);
                if (room.length == 0) for (int j = at; j < at + n; j++) y[j] = (float) Math.exp(v[j] - norm);
                else
                    exp(v, y, at, at + n, norm, room);
            }
        });
        return Tape.record("softmax", y, x.shape(), g -> {
            float[] d = g.get(0);
            eachRow(d.length, n, (from, to, room) -> {
                for (int at = from; at < to; at += n) {
                    double dot = 0;
                    for (int j = at; j < at + n; j++) dot += d[j] * y[j];
                    for (int j = at; j < at + n; j++) d[j] = y[j] * (float) (d[j] - dot);
                }
            });
            x.take(d);
        }, x);
    }

    static Tensor logSoftmax(Tensor x) {
        int n = x.size(-1);
        float[] v = x.values(), y = new float[v.length];
        eachRow(y.length, n, (from, to, room) -> {
            for (int at = from; at < to; at += n) {
                double norm = logSumExp(v, at, n, room);
                System.arraycopy(v, at, y, at, n);
                VectorMath.subtract(y, at, at + n, norm);
            }
        });
        return Tape.record("log-softmax", y, x.shape(), g -> {
            float[] d = g.get(0);
            eachRow(d.length, n, (from, to, room) -> {
                for (int at = from; at < to; at += n) {
                    double sum = VectorMath.sum(d, at, at + n);
                    for (int j = at; j < at + n; j++) d[j] -= (float) (Math.exp(y[j]) * sum);
                }
            });
            x.take(d);
        }, x);
    }

    /** What is done to the rows that stand at from .. to - 1; the room is empty where rows are too short for it. */
    private interface RowRange {
        void accept(int from, int to, double[] room);
    }

    /** Rows of length n, in groups where there are many. */
    private static void eachRow(int size, int n, RowRange work) {
        if (Parallel.small(size)) {
            Interrupts.check("softmax", "number", 0, size);
            work.accept(0, size, room(n));
            return;
        }
        int together = Math.max(1, GROUP / n) * n;
        Parallel.run((size - 1) / together + 1, part -> {
            int from = part * together;
            Interrupts.check("softmax", "number", from, size);
            work.accept(from, from + Math.min(together, size - from), room(n));
        });
    }

    private static double[] room(int n) {
        return n < SHORT ? NONE : new double[Math.min(n, CHUNK)];
    }

    private static double logSumExp(float[] v, int at, int n, double[] room) {
        if (room.length > 0) return VectorMath.logSumExp(v, at, at + n, room);
        float max = Float.NEGATIVE_INFINITY;
        for (int j = at; j < at + n; j++) max = Math.max(max, v[j]);
        if (max == Float.NEGATIVE_INFINITY) return max;
        double sum = 0;
        for (int j = at; j < at + n; j++) sum += Math.exp(v[j] - max);
        return max + Math.log(sum);
    }

    /** y = exp(v - norm), rounded from double precision. */
    private static void exp(float[] v, float[] y, int from, int to, double norm, double[] room) {
        for (int i = from; i < to; i += room.length) {
            int n = Math.min(room.length, to - i);
            for (int j = 0; j < n; j++) room[j] = v[i + j] - norm;
            VectorMath.exp(room, n);
            for (int j = 0; j < n; j++) y[i + j] = (float) room[j];
        }
    }

    /** A shape cut around one axis. */
    private static final class Split {
        final int outer, n, inner;
        final int[] reduced;

        Split(String operation, Tensor x, int axis) {
            int[] shape = x.lengths();
            int a = Shape.axis(operation, axis, shape);
            outer = Shape.product(shape, 0, a);
            n = shape[a];
            inner = Shape.product(shape, a + 1, shape.length);
            reduced = Arrays.copyOf(shape, shape.length - 1);
            System.arraycopy(shape, a + 1, reduced, a, reduced.length - a);
            if (n == 0 && !operation.equals("sum"))
                throw new ShapeException(
                        operation + ": axis " + axis + " of shape " + Arrays.toString(shape) + " is empty");
        }

        /** The position of the first largest element for each place of the result; NaN counts as largest. */
        int[] argmax(float[] v) {
            int[] at = new int[outer * inner];
            for (int i = 0; i < at.length; i++) {
                int best = i / inner * n * inner + i % inner;
                for (int j = 1, p = best + inner; j < n; j++, p += inner)
                    if (Float.compare(v[p], v[best]) > 0) best = p;
                at[i] = best;
            }
            return at;
        }
    }
}
