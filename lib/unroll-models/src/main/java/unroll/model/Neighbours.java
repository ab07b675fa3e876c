package unroll.model;

import unroll.nn.Lengths;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** The vectors around each step of a sequence side by side. */
final class Neighbours {
    private Neighbours() {
    }

    /**
     * {@code [T, B, N]} gives {@code [T, B, (2 each + 1) N]}: steps t - each .. t + each, zeros beyond the ends of each
     * sequence.
     */
    static Tensor of(Tensor x, int each, Lengths lengths) {
        int T = x.size(0), B = x.size(1), n = x.size(2), width = 2 * each + 1;
        float[] v = x.data(), y = Shape.room("neighbours", new int[] {v.length, width}, x);
        copy(T, B, n, each, lengths, (from, to) -> System.arraycopy(v, from, y, to, n));
        return Tape.record("neighbours", y, new int[] {T, B, width * n}, g -> {
            float[] e = g.get(0), d = new float[v.length];
            copy(T, B, n, each, lengths, (to, from) -> {
                for (int i = 0; i < n; i++) d[to + i] += e[from + i];
            });
            x.take(d);
        }, x);
    }

    private interface Pair {
        /** A row of x and the row of the result that it goes to, by their first elements. */
        void accept(int x, int y);
    }

    private static void copy(int T, int B, int n, int each, Lengths lengths, Pair pair) {
        for (int b = 0; b < B; b++)
            for (int t = 0; t < lengths.get(b); t++)
                for (int s = Math.max(0, t - each); s <= Math.min(lengths.get(b) - 1, t + each); s++)
                    pair.accept((s * B + b) * n, ((t * B + b) * (2 * each + 1) + s - t + each) * n);
    }
}
