package unroll.tensor;

import java.util.Arrays;

/**
 * Operations that treat each element by itself, each with its derivative: plain loops, each in a method or lambda of
 * its own, so that the JIT compiler vectorizes it. Where no gradient arrives none goes on, also where the
 * slope is infinite.
 */
final class Elementwise {
    private Elementwise() {
    }

    /** y = f(x). */
    @FunctionalInterface
    private interface Map {
        void apply(float[] x, float[] y, int from, int to);
    }

    /** d = g f'(x), from x and y = f(x); d and g may be the same array. */
    @FunctionalInterface
    private interface Slope {
        void apply(float[] x, float[] y, float[] g, float[] d, int from, int to);
    }

    /** y = f(a, b). */
    @FunctionalInterface
    private interface Map2 {
        void apply(float[] a, float[] b, float[] y, int from, int to);
    }

    /** Hands the gradient g, which it may change, on to two inputs of one shape. */
    @FunctionalInterface
    private interface Back2 {
        void propagate(Tensor a, Tensor b, float[] g);
    }

    // ---- of one tensor

    private static Tensor unary(String operation, Tensor x, Map map, Slope slope) {
        float[] v = x.values(), y = new float[v.length];
        if (Parallel.small(y.length)) map.apply(v, y, 0, y.length);
        else
            Parallel.ranges(y.length, (from, to) -> map.apply(v, y, from, to));
        return Tape.record(operation, y, x.lengths(), g -> {
            float[] d = g.get(0);
            if (Parallel.small(d.length)) slope.apply(v, y, d, d, 0, d.length);
            else
                Parallel.ranges(d.length, (from, to) -> slope.apply(v, y, d, d, from, to));
            x.take(d);
        }, x);
    }

    static Tensor tanh(Tensor x) {
        return unary("tanh", x, VectorMath::tanh, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * (1 - y[i] * y[i]);
        });
    }

    static Tensor sigmoid(Tensor x) {
        return unary("sigmoid", x, VectorMath::sigmoid, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * y[i] * (1 - y[i]);
        });
    }

    static Tensor relu(Tensor x) {
        return unary("relu", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = Math.max(0, v[i]);
        }, (v, y, g, d, from, to) -> {
            System.arraycopy(g, from, d, from, to - from);
            VectorMath.whereAboveZero(y, d, from, to);
        });
    }

    /** factor x + term. */
    static Tensor affine(String operation, Tensor x, float factor, float term) {
        return unary(operation, x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = v[i] * factor + term;
        }, (v, y, g, d, from, to) -> scale(g, factor, d, from, to));
    }

    static Tensor square(Tensor x) {
        return unary("square", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = v[i] * v[i];
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = 2 * g[i] * v[i];
        });
    }

    static Tensor abs(Tensor x) {
        return unary("abs", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = Math.abs(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * Math.signum(v[i]);
        });
    }

    /** Where a function has no value there would be NaN, which is found much later, if at all. */
    private static void requireNotNegative(String operation, Tensor x) {
        float[] v = x.values();
        for (int i = 0; i < v.length; i++)
            if (v[i] < 0)
                throw new ArithmeticException(Message.of(operation + ": " + v[i] + ", number " + i + " of shape "
                        + Arrays.toString(x.lengths()) + ", is below 0, where there is no value"));
    }

    static Tensor sqrt(Tensor x) {
        requireNotNegative("sqrt", x);
        return unary("sqrt", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.sqrt(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] == 0 ? 0 : g[i] * .5f / y[i];
        });
    }

    /** Exact in double precision and rounded: unlike gates, an exponential of a student may be large or infinite. */
    static Tensor exp(Tensor x) {
        return unary("exp", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.exp(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * y[i];
        });
    }

    static Tensor log(Tensor x) {
        requireNotNegative("log", x);
        return unary("log", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.log(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] == 0 ? 0 : g[i] / v[i];
        });
    }

    static Tensor sin(Tensor x) {
        return unary("sin", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.sin(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * (float) Math.cos(v[i]);
        });
    }

    /** log(1 + exp(x)), without overflow. */
    static Tensor softplus(Tensor x) {
        return unary("softplus", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) (Math.max(v[i], 0) + Math.log1p(Math.exp(-Math.abs(v[i]))));
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = (float) (g[i] / (1 + Math.exp(-v[i])));
        });
    }

    static Tensor pow(Tensor x, double exponent) {
        if (exponent != Math.rint(exponent)) requireNotNegative("pow(" + exponent + ")", x);
        return unary("pow", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.pow(v[i], exponent);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++)
                d[i] = g[i] == 0 || exponent == 0 ? 0 : (float) (g[i] * exponent * Math.pow(v[i], exponent - 1));
        });
    }

    // ---- of two tensors, with broadcasting

    private static Tensor binary(String operation, Tensor a, Tensor b, Map2 map, Back2 back) {
        if (!Arrays.equals(a.lengths(), b.lengths())) {
            int[] shape = Shape.broadcast(operation, a.lengths(), b.lengths());
            return binary(operation, Selection.expand(operation, a, shape, a, b),
                    Selection.expand(operation, b, shape, b, a), map, back);
        }
        return Tape.record(operation, map2(a.values(), b.values(), map), a.lengths(),
                g -> back.propagate(a, b, g.get(0)), a, b);
    }

    private static float[] map2(float[] a, float[] b, Map2 map) {
        float[] y = new float[a.length];
        if (Parallel.small(y.length)) map.apply(a, b, y, 0, y.length);
        else
            Parallel.ranges(y.length, (from, to) -> map.apply(a, b, y, from, to));
        return y;
    }

    static Tensor add(Tensor a, Tensor b) {
        if (isRow(b, a)) return addRow(a, b);
        return binary("add", a, b, (x, y, z, from, to) -> {
            for (int i = from; i < to; i++) z[i] = x[i] + y[i];
        }, (x, y, g) -> {
            if (y.requiresGradient()) y.accumulate(g);
            if (x.requiresGradient()) x.take(g);
        });
    }

    static Tensor sub(Tensor a, Tensor b) {
        return binary("sub", a, b, (x, y, z, from, to) -> {
            for (int i = from; i < to; i++) z[i] = x[i] - y[i];
        }, (x, y, g) -> {
            if (x.requiresGradient()) x.accumulate(g);
            if (!y.requiresGradient()) return;
            scale(g, -1, g, 0, g.length);
            y.take(g);
        });
    }

    static Tensor mul(Tensor a, Tensor b) {
        if (isRow(b, a)) return mulRow(a, b);
        return binary("mul", a, b, Elementwise::times, (x, y, g) -> {
            if (x.requiresGradient()) x.take(map2(g, y.values(), Elementwise::times));
            if (y.requiresGradient()) y.take(map2(g, x.values(), Elementwise::times));
        });
    }

    static Tensor div(Tensor a, Tensor b) {
        return binary("div", a, b, (x, y, z, from, to) -> {
            for (int i = from; i < to; i++) z[i] = x[i] / y[i];
        }, (x, y, g) -> {
            float[] v = x.values(), w = y.values();
            if (x.requiresGradient()) {
                float[] d = new float[g.length];
                for (int i = 0; i < d.length; i++) d[i] = g[i] == 0 ? 0 : g[i] / w[i];
                x.take(d);
            }
            if (y.requiresGradient()) {
                float[] d = new float[g.length];
                for (int i = 0; i < d.length; i++) d[i] = g[i] == 0 ? 0 : -g[i] * v[i] / (w[i] * w[i]);
                y.take(d);
            }
        });
    }

    /** Whether b is one row that the rows of a share. */
    private static boolean isRow(Tensor b, Tensor a) {
        return b.rank() == 1 && a.rank() > 1 && a.size(-1) == b.size(0);
    }

    private static Tensor addRow(Tensor a, Tensor row) {
        float[] y = a.values().clone();
        Rows.addToEach(y, row.values());
        return Tape.record("add", y, a.lengths(), g -> {
            float[] d = g.get(0);
            if (row.requiresGradient()) Rows.sendSum(d, row);
            if (a.requiresGradient()) a.take(d);
        }, a, row);
    }

    private static Tensor mulRow(Tensor a, Tensor row) {
        float[] y = a.values().clone();
        Rows.multiplyEach(y, row.values());
        return Tape.record("mul", y, a.lengths(), g -> {
            float[] d = g.get(0);
            if (row.requiresGradient()) Rows.sendSum(map2(d, a.values(), Elementwise::times), row);
            if (!a.requiresGradient()) return;
            Rows.multiplyEach(d, row.values());
            a.take(d);
        }, a, row);
    }

    private static void times(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = a[i] * b[i];
    }

    private static void scale(float[] x, float by, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = x[i] * by;
    }
}
