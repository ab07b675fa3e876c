package unroll.sequence;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Scores, softmax over each source, and the weighted means, for T queries of B rows as one operation. What is added up
 * stands in arrays of one length, read with one index, so that loops vectorize.
 */
final class Attend {
    private final float[] queries, keys, values;
    private final Attention.Keys source;
    private final Attention attention;
    private final Tensor weight;                                           // null where scores need none
    private final int T, B, S, K, H;
    private final int columns;                                             // how many sources the keys hold
    private final float[] weights, context;

    private Attend(Tensor q, Attention.Keys source, Attention attention) {
        this.source = source;
        this.attention = attention;
        weight = attention.weight();
        queries = q.data();
        keys = source.keys().data();
        values = source.values().data();
        T = q.size(0);
        B = q.size(1);
        K = q.size(2);
        S = source.steps();
        H = source.values().size(2);
        columns = source.keys().size(1);
        weights = Shape.room("attend: weights", new int[] {T, B, S}, q, source.keys());
        context = Shape.room("attend: context", new int[] {T, B, H}, q, source.values());
    }

    /** @param q {@code [T, B, K]} for keys {@code [S, B, K]} */
    static Attention.Result of(Tensor q, Attention.Keys source, Attention attention) {
        Attend work = new Attend(q, source, attention);
        Parallel.run(work.B, work::forward);
        List<Tensor> inputs = new ArrayList<>(List.of(q, source.keys(), source.values()));
        if (work.weight != null) inputs.add(work.weight);
        List<Tensor> out = Tape.record("attend", List.of(work.context, work.weights),
                List.of(new int[] {work.T, work.B, work.H}, new int[] {work.T, work.B, work.S}),
                g -> work.back(q, g.get(0), g.get(1)), inputs.toArray(Tensor[]::new));
        return new Attention.Result(out.get(0), out.get(1));
    }

    /** Row b of all T queries. */
    private void forward(int b) {
        int length = source.length(b), column = source.column(b);
        float[][] q = rows(queries, b, B, K, T), c = new float[T][H], w = new float[T][length];
        float[] row = new float[K];
        float[] room = new float[K];
        for (int s = 0; s < length; s++) {
            Interrupts.check("Attention", "place", s, length);
            System.arraycopy(keys, (s * columns + column) * K, row, 0, K);
            for (int t = 0; t < T; t++) w[t][s] = attention.score(q[t], row, room);
        }
        for (float[] scores : w) softmax(scores);
        row = new float[H];
        for (int s = 0; s < length; s++) {
            Interrupts.check("Attention", "place", s, length);
            System.arraycopy(values, (s * columns + column) * H, row, 0, H);
            for (int t = 0; t < T; t++) addTimes(c[t], row, w[t][s]);
        }
        for (int t = 0; t < T; t++) {
            System.arraycopy(w[t], 0, weights, (t * B + b) * S, length);
            System.arraycopy(c[t], 0, context, (t * B + b) * H, H);
        }
    }

    private static void softmax(float[] x) {
        double most = Double.NEGATIVE_INFINITY, sum = 0;
        for (float v : x) most = Math.max(most, v);
        for (float v : x) sum += Math.exp(v - most);
        for (int i = 0; i < x.length; i++) x[i] = (float) (Math.exp(x[i] - most) / sum);
    }

    private void back(Tensor q, float[] dContext, float[] dWeights) {
        float[] dq = new float[queries.length],
                dValues = source.values().requiresGradient() ? source.values().gradientRoom() : null;
        // Keys and values are one tensor where nothing is projected; then both gradients arrive in one array.
        float[] dKeys = source.keys().requiresGradient() ? source.keys().gradientRoom() : null;
        float[][] dWeight = new float[B][weight == null ? 0 : K];
        Parallel.run(B, b -> back(b, dContext, dWeights, dq, dKeys, dValues, dWeight[b]));
        if (q.requiresGradient()) q.take(dq);
        if (weight == null || !weight.requiresGradient()) return;
        for (int b = 1; b < B; b++) addTimes(dWeight[0], dWeight[b], 1);
        weight.take(dWeight[0]);
    }

    private void back(int b, float[] dContext, float[] dWeights, float[] dq, float[] dKeys, float[] dValues,
            float[] dWeight) {
        int length = source.length(b), column = source.column(b);
        float[][] e = rows(dContext, b, B, H, T), w = rows(weights, b, B, S, T), d = rows(dWeights, b, B, S, T);
        float[] row = new float[H], sum = new float[H];
        for (int s = 0; s < length; s++) {
            Interrupts.check("Attention", "place", s, length);
            int at = (s * columns + column) * H;
            System.arraycopy(values, at, row, 0, H);
            for (int t = 0; t < T; t++) d[t][s] += dot(e[t], row);
            if (dValues == null) continue;
            System.arraycopy(dValues, at, sum, 0, H);
            for (int t = 0; t < T; t++) addTimes(sum, e[t], w[t][s]);
            System.arraycopy(sum, 0, dValues, at, H);
        }
        for (int t = 0; t < T; t++) throughSoftmax(d[t], w[t], length);
        float[][] asked = rows(queries, b, B, K, T), dAsked = new float[T][K];
        float[] key = new float[K], dKey = new float[K];
        float[] room = new float[K];
        for (int s = 0; s < length; s++) {
            Interrupts.check("Attention", "place", s, length);
            int at = (s * columns + column) * K;
            System.arraycopy(keys, at, key, 0, K);
            if (dKeys != null) System.arraycopy(dKeys, at, dKey, 0, K);
            for (int t = 0; t < T; t++) attention.back(d[t][s], asked[t], key, dAsked[t], dKey, dWeight, room);
            if (dKeys != null) System.arraycopy(dKey, 0, dKeys, at, K);
        }
        for (int t = 0; t < T; t++) System.arraycopy(dAsked[t], 0, dq, (t * B + b) * K, K);
    }

    private static void throughSoftmax(float[] d, float[] w, int length) {
        double dot = 0;
        for (int s = 0; s < length; s++) dot += (double) d[s] * w[s];
        for (int s = 0; s < length; s++) d[s] = w[s] * (float) (d[s] - dot);
    }

    /** Row b of {@code [T, B, n]} at each step. */
    private static float[][] rows(float[] x, int b, int B, int n, int T) {
        float[][] rows = new float[T][n];
        for (int t = 0; t < T; t++) System.arraycopy(x, (t * B + b) * n, rows[t], 0, n);
        return rows;
    }

    static void addTimes(float[] y, float[] x, float a) { for (int j = 0; j < y.length; j++) y[j] += a * x[j]; }

    /** In eight sums: the additions of one would wait for each other. */
    static float dot(float[] x, float[] y) {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int j = 0;
        for (; j + 8 <= x.length; j += 8) {
            a += x[j] * y[j];
            b += x[j + 1] * y[j + 1];
            c += x[j + 2] * y[j + 2];
            d += x[j + 3] * y[j + 3];
            e += x[j + 4] * y[j + 4];
            f += x[j + 5] * y[j + 5];
            g += x[j + 6] * y[j + 6];
            h += x[j + 7] * y[j + 7];
        }
        for (; j < x.length; j++) a += x[j] * y[j];
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}
