package unroll.sequence;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.VectorMath;

/**
 * Forward sums that are scaled to 1 at every step, so that products of exponentials stay within a double: with
 * differences of up to {@link #RANGE} the smallest sum, also of a tag that is reached only through one other, is above
 * exp(-700).
 */
final class ScaledLattice extends Lattice {
    // exponentials of floats are normal numbers to 87
    static final double RANGE = 80;
    private final int K, T;
    private final double[] transition, start, end;                         // exponentials, the largest of each is 1
    private final double shiftTransition, shiftStart, shiftEnd;
    private final double[] alpha, scale;                                   // [B, T, K] and [B, T]
    // [B, T, K]: exponentials, the largest of each place is 1
    private final float[] emission;

    ScaledLattice(CrfScores scores) {
        super(scores);
        K = scores.K;
        T = scores.T;
        shiftTransition = largest(scores.transitions, 0, K * K);
        shiftStart = largest(scores.start, 0, K);
        shiftEnd = largest(scores.end, 0, K);
        transition = exp(scores.transitions, shiftTransition);
        start = exp(scores.start, shiftStart);
        end = exp(scores.end, shiftEnd);
        alpha = new double[scores.emissions.length];
        scale = new double[scores.B * T];
        emission = new float[scores.emissions.length];
    }

    private static float largest(float[] x, int from, int to) {
        float most = x[from];
        for (int i = from; i < to; i++) most = Math.max(most, x[i]);
        return most;
    }

    private static double[] exp(float[] x, double shift) {
        double[] e = new double[x.length];
        for (int i = 0; i < e.length; i++) e[i] = Math.exp(x[i] - shift);  // of minus infinity: 0
        return e;
    }

    @Override double forward(int b) {
        int length = scores.lengths.get(b), first = b * T * K;
        double log = shiftStart + shiftEnd + (length - 1) * shiftTransition + exponentials(b);
        double[] sums = start.clone();
        for (int t = 0; t < length; t++) {
            Interrupts.check("Crf", "step", t, length);
            int at = first + t * K;
            if (t > 0) {
                Arrays.fill(sums, 0);
                for (int i = 0; i < K; i++) addTimes(sums, alpha[at - K + i], transition, i * K);
            }
            double sum = 0;
            for (int k = 0; k < K; k++) sum += sums[k] * emission[at + k];
            for (int k = 0; k < K; k++) alpha[at + k] = sums[k] * emission[at + k] / sum;
            scale[b * T + t] = sum;
            log += Math.log(sum);
        }
        return log + Math.log(sumOfProducts(end, 0, alpha, first + (length - 1) * K));
    }

    /** Emissions of b to their exponentials; gives the sum of what was taken off. */
    private double exponentials(int b) {
        double taken = 0;
        int length = scores.lengths.get(b), first = b * T * K;
        for (int t = 0; t < length; t++) {
            Interrupts.check("Crf", "step", t, length);
            int from = scores.place(t, b), to = first + t * K;
            float most = largest(scores.emissions, from, from + K);
            for (int k = 0; k < K; k++) emission[to + k] = scores.emissions[from + k] - most;
            taken += most;
        }
        VectorMath.exp(emission, emission, first, first + length * K);
        return taken;
    }

    @Override void backward(int b, double weight, float[] emissions, double[] pairs) {
        int last = scores.lengths.get(b) - 1, first = b * T * K;
        double[] beta = end.clone(), next = new double[K];
        double whole = sumOfProducts(end, 0, alpha, first + last * K);
        for (int k = 0; k < K; k++) beta[k] *= weight / whole;
        for (int t = last;; t--) {
            Interrupts.check("Crf", "step", t, last + 1);
            int at = first + t * K, to = scores.place(t, b);
            for (int k = 0; k < K; k++) emissions[to + k] = (float) (alpha[at + k] * beta[k]);
            if (t == 0) return;
            double by = 1 / scale[b * T + t];
            for (int k = 0; k < K; k++) next[k] = beta[k] * emission[at + k] * by;
            for (int i = 0; i < K; i++) {
                addTimes(pairs, i * K, alpha[at - K + i], next);
                beta[i] = sumOfProducts(next, 0, transition, i * K);
            }
        }
    }

    @Override double factor(int i) { return transition[i]; }

    private static void addTimes(double[] sums, double by, double[] row, int from) {
        for (int j = 0; j < sums.length; j++) sums[j] += by * row[from + j];
    }

    private static void addTimes(double[] rows, int from, double by, double[] x) {
        for (int j = 0; j < x.length; j++) rows[from + j] += by * x[j];
    }

    private static double sumOfProducts(double[] x, int from, double[] y, int start) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) sum += x[from + k] * y[start + k];
        return sum;
    }
}
