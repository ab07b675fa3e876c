package unroll.nn;

import java.util.Arrays;

import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What becomes of a sequence when its time axis goes. In a batch of different lengths each function sees the steps of a
 * sequence only: what stands in the padding, be it NaN, changes neither a value nor a gradient.
 *
 * <pre>{@code
 * Tensor average = OverTime.mean(states, lengths);               // [T, B, H] gives [B, H]
 * Tensor weights = OverTime.softmax(scores, lengths);            // [T, B] gives [T, B]; each column sums to 1
 * Tensor context = OverTime.weightedSum(states, weights, lengths);
 * }</pre>
 */
public final class OverTime {
    private OverTime() {
    }

    /** The mean of the steps of each sequence: {@code [T, B, H]} gives {@code [B, H]}. */
    public static Tensor mean(Tensor x, Lengths given) {
        Lengths lengths = require("mean", x, 3, given);
        int B = lengths.batchSize();
        float[] each = new float[x.size(0) * B];
        for (int t = 0; t < x.size(0); t++)
            for (int b = 0; b < B; b++) each[t * B + b] = lengths.has(t, b) ? 1f / lengths.get(b) : 0;
        return weightedSum(x, Tensor.of(each, x.size(0), B), lengths);
    }

    /**
     * The largest value of each column over the steps of its sequence: {@code [T, B, H]} gives {@code [B, H]}; of equal
     * ones the first.
     */
    public static Tensor max(Tensor x, Lengths given) {
        Lengths lengths = require("max", x, 3, given);
        int B = lengths.batchSize(), H = x.size(2);
        float[] v = x.data(), y = new float[B * H];
        int[] at = new int[B * H];
        for (int b = 0; b < B; b++)
            for (int h = 0; h < H; h++) {
                int best = b * H + h;
                for (int t = 1, p = best + B * H; lengths.has(t, b); t++, p += B * H)
                    if (Float.compare(v[p], v[best]) > 0) best = p;
                at[b * H + h] = best;
                y[b * H + h] = v[best];
            }
        return Tape.record("max-over-time", y, new int[] {B, H}, g -> {
            float[] d = x.gradientRoom(), e = g.get(0);
            for (int i = 0; i < e.length; i++) d[at[i]] += e[i];
        }, x);
    }

    /** exp(s_t) / Σ exp(s_t) over the steps of each sequence, 0 in its padding: {@code [T, B]} gives {@code [T, B]}. */
    public static Tensor softmax(Tensor scores, Lengths given) {
        Lengths lengths = require("softmax", scores, 2, given);
        int T = scores.size(0), B = lengths.batchSize();
        float[] s = scores.data(), y = new float[s.length];
        for (int b = 0; b < B; b++) {
            double most = Double.NEGATIVE_INFINITY, sum = 0;
            for (int t = 0; lengths.has(t, b); t++) most = Math.max(most, s[t * B + b]);
            for (int t = 0; lengths.has(t, b); t++) sum += Math.exp(s[t * B + b] - most);
            for (int t = 0; lengths.has(t, b); t++) y[t * B + b] = (float) (Math.exp(s[t * B + b] - most) / sum);
        }
        return Tape.record("softmax-over-time", y, new int[] {T, B}, g -> {
            float[] e = g.get(0), d = new float[y.length];
            for (int b = 0; b < B; b++) {
                double dot = 0;
                for (int t = 0; lengths.has(t, b); t++) dot += e[t * B + b] * y[t * B + b];
                for (int t = 0; lengths.has(t, b); t++) d[t * B + b] = y[t * B + b] * (float) (e[t * B + b] - dot);
            }
            scores.take(d);
        }, scores);
    }

    /** Σ a_t x_t over the steps of each sequence: {@code [T, B, H]} and weights {@code [T, B]} give {@code [B, H]}. */
    public static Tensor weightedSum(Tensor x, Tensor weights, Lengths given) {
        Lengths lengths = require("weightedSum", x, 3, given);
        int T = x.size(0), B = lengths.batchSize(), H = x.size(2);
        if (!Arrays.equals(weights.shape(), new int[] {T, B}))
            throw new ShapeException("OverTime.weightedSum: expected weights [" + T + ", " + B + "] but got "
                    + Arrays.toString(weights.shape()));
        float[] v = x.data(), a = weights.data(), y = new float[B * H];
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++) if (lengths.has(t, b)) addTimes(y, b * H, v, (t * B + b) * H, a[t * B + b], H);
        return Tape.record("weighted-sum-over-time", y, new int[] {B, H}, g -> {
            float[] e = g.get(0);
            if (x.requiresGradient()) {
                float[] d = x.gradientRoom();
                for (int t = 0; t < T; t++)
                    for (int b = 0; b < B; b++)
                        if (lengths.has(t, b)) addTimes(d, (t * B + b) * H, e, b * H, a[t * B + b], H);
            }
            if (weights.requiresGradient()) {
                float[] d = new float[a.length];
                for (int t = 0; t < T; t++)
                    for (int b = 0; b < B; b++)
                        if (lengths.has(t, b)) d[t * B + b] = dot(v, (t * B + b) * H, e, b * H, H);
                weights.take(d);
            }
        }, x, weights);
    }

    private static void addTimes(float[] y, int to, float[] x, int from, float a, int n) {
        for (int j = 0; j < n; j++) y[to + j] += a * x[from + j];
    }

    private static float dot(float[] x, int at, float[] y, int from, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double) x[at + j] * y[from + j];
        return (float) sum;
    }

    private static Lengths require(String operation, Tensor x, int rank, Lengths lengths) {
        if (x.rank() != rank || lengths.batchSize() == 0)
            throw new ShapeException("OverTime." + operation + ": expected " + (rank == 3 ? "[T, B, H]" : "[T, B]")
                    + " and B lengths, at least one, but got " + Arrays.toString(x.shape()) + " and "
                    + lengths.batchSize() + " lengths");
        return lengths.in("OverTime." + operation, x.size(0), x.size(1));
    }
}
