package unroll.tensor;

import java.util.Arrays;

/**
 * Operations that treat each element by itself: plain loops, one method each, so that the JIT compiler vectorizes every
 * one of them.
 */
final class Elementwise {
    private Elementwise() {
    }

    /** y = f(x). */
    @FunctionalInterface
    interface Map {
        void apply(float[] x, float[] y, int from, int to);
    }

    /** d = g f'(x), from x and y = f(x); d and g may be the same array. */
    @FunctionalInterface
    interface Slope {
        void apply(float[] x, float[] y, float[] g, float[] d, int from, int to);
    }

    /** y = f(a, b). */
    @FunctionalInterface
    interface Map2 {
        void apply(float[] a, float[] b, float[] y, int from, int to);
    }

    static Tensor unary(String operation, Tensor x, Map map, Slope slope) {
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

    static Tensor add(Tensor a, Tensor b) {
        if (isRow(b, a)) return addRow(a, b);
        if (!same(a, b)) return add(broadcast("add", a, b), broadcast("add", b, a));
        return Tape.record("add", map2(a, b, Elementwise::plus), a.lengths(), g -> {
            if (b.requiresGradient()) b.accumulate(g.get(0));
            if (a.requiresGradient()) a.take(g.get(0));
        }, a, b);
    }

    static Tensor sub(Tensor a, Tensor b) {
        if (!same(a, b)) return sub(broadcast("sub", a, b), broadcast("sub", b, a));
        return Tape.record("sub", map2(a, b, Elementwise::minus), a.lengths(), g -> {
            float[] d = g.get(0);
            if (a.requiresGradient()) a.accumulate(d);
            if (b.requiresGradient()) {
                scale(d, -1, d, 0, d.length);
                b.take(d);
            }
        }, a, b);
    }

    static Tensor mul(Tensor a, Tensor b) {
        if (isRow(b, a)) return mulRow(a, b);
        if (!same(a, b)) return mul(broadcast("mul", a, b), broadcast("mul", b, a));
        float[] x = a.values(), y = b.values();
        return Tape.record("mul", map2(a, b, Elementwise::times), a.lengths(), g -> {
            float[] d = g.get(0);
            if (a.requiresGradient()) a.take(product(d, y));
            if (b.requiresGradient()) b.take(product(d, x));
        }, a, b);
    }

    static Tensor div(Tensor a, Tensor b) {
        if (!same(a, b)) return div(broadcast("div", a, b), broadcast("div", b, a));
        float[] x = a.values(), y = b.values();
        return Tape.record("div", map2(a, b, Elementwise::over), a.lengths(), g -> {
            float[] d = g.get(0);
            if (a.requiresGradient()) {
                float[] da = new float[d.length];
                for (int i = 0; i < d.length; i++) da[i] = d[i] == 0 ? 0 : d[i] / y[i];
                a.take(da);
            }
            if (b.requiresGradient()) {
                float[] db = new float[d.length];
                for (int i = 0; i < d.length; i++) db[i] = d[i] == 0 ? 0 : -d[i] * x[i] / (y[i] * y[i]);
                b.take(db);
            }
        }, a, b);
    }

    /** The larger of two; where they are equal each gets half of the gradient, as in PyTorch. */
    static Tensor maximum(Tensor a, Tensor b) {
        if (!same(a, b)) return maximum(broadcast("maximum", a, b), broadcast("maximum", b, a));
        float[] x = a.values(), y = b.values();
        return Tape.record("maximum", map2(a, b, Elementwise::larger), a.lengths(), g -> {
            float[] d = g.get(0), da = new float[d.length], db = new float[d.length];
            for (int i = 0; i < d.length; i++) {
                float share = x[i] > y[i] ? 1 : x[i] < y[i] ? 0 : .5f;
                da[i] = share * d[i];
                db[i] = (1 - share) * d[i];
            }
            if (a.requiresGradient()) a.take(da);
            if (b.requiresGradient()) b.take(db);
        }, a, b);
    }

    private static Tensor addRow(Tensor a, Tensor row) {
        float[] y = a.values().clone();
        int n = row.size();
        Rows.addToEach(y, row.values());
        return Tape.record("add", y, a.lengths(), g -> {
            float[] d = g.get(0);
            if (row.requiresGradient()) row.take(Rows.sum(d, n));
            if (a.requiresGradient()) a.take(d);
        }, a, row);
    }

    private static Tensor mulRow(Tensor a, Tensor row) {
        float[] x = a.values(), r = row.values(), y = x.clone();
        int n = row.size();
        Rows.multiplyEach(y, r);
        return Tape.record("mul", y, a.lengths(), g -> {
            float[] d = g.get(0);
            if (row.requiresGradient()) row.take(Rows.sum(product(d, x), n));
            if (!a.requiresGradient()) return;
            Rows.multiplyEach(d, r);
            a.take(d);
        }, a, row);
    }

    /** Whether b is one row that the rows of a share. */
    private static boolean isRow(Tensor b, Tensor a) {
        return b.rank() == 1 && a.rank() > 1 && a.size(-1) == b.size(0);
    }

    private static boolean same(Tensor a, Tensor b) { return Arrays.equals(a.lengths(), b.lengths()); }

    private static Tensor broadcast(String operation, Tensor t, Tensor other) {
        return Broadcast.expand(operation, t, Shape.broadcast(operation, t.lengths(), other.lengths()), t, other);
    }

    private static float[] map2(Tensor a, Tensor b, Map2 map) {
        float[] x = a.values(), y = b.values(), out = new float[x.length];
        if (Parallel.small(out.length)) map.apply(x, y, out, 0, out.length);
        else
            Parallel.ranges(out.length, (from, to) -> map.apply(x, y, out, from, to));
        return out;
    }

    private static float[] product(float[] a, float[] b) {
        float[] out = new float[a.length];
        if (Parallel.small(out.length)) times(a, b, out, 0, out.length);
        else
            Parallel.ranges(out.length, (from, to) -> times(a, b, out, from, to));
        return out;
    }

    private static void plus(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = a[i] + b[i];
    }

    private static void minus(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = a[i] - b[i];
    }

    private static void times(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = a[i] * b[i];
    }

    private static void over(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = a[i] / b[i];
    }

    private static void larger(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = Math.max(a[i], b[i]);
    }

    static void scale(float[] x, float by, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = x[i] * by;
    }
}
