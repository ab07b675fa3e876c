package unroll.sequence;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.VectorMath;

/**
 * The sums over all tag sequences of a batch, by the forward-backward algorithm (Rabiner 1989). Parts of a fixed number
 * of sequences may be worked on at once; their sums are added in order.
 */
abstract class Lattice {
    private static final int TOGETHER = 8;

    /**
     * Expected counts, each sequence times its weight: {@code [T, B, K]}, {@code [K, K]}, {@code [K]} and {@code [K]}.
     */
    record Expectations(float[] emissions, float[] transitions, float[] start, float[] end) {
    }

    final CrfScores scores;
    private final double[] logPartition;

    Lattice(CrfScores scores) {
        this.scores = scores;
        logPartition = new double[scores.B];
    }

    /** The forward pass: by products where no double can overflow, which is many times faster than by logarithms. */
    static Lattice of(CrfScores scores) {
        boolean narrow = scores.emissionRange <= Scaled.RANGE && scores.fieldRange <= Scaled.RANGE;
        Lattice lattice = narrow ? new Scaled(scores) : new Log(scores);
        Parallel.run(lattice.parts(), part -> {
            for (int b = part * TOGETHER; b < lattice.end(part); b++) lattice.logPartition[b] = lattice.forward(b);
        });
        return lattice;
    }

    private int parts() { return (scores.B + TOGETHER - 1) / TOGETHER; }

    private int end(int part) { return Math.min(scores.B, (part + 1) * TOGETHER); }

    /** log Σ exp score of each sequence; the array itself. */
    final double[] logPartition() { return logPartition; }

    /** The backward pass. */
    final Expectations expectations(double[] weights) {
        int K = scores.K;
        float[] emissions = new float[scores.emissions.length];
        double[][] sums = new double[parts()][];
        Parallel.run(parts(), part -> {
            sums[part] = new double[K * K];
            for (int b = part * TOGETHER; b < end(part); b++)
                if (weights[b] != 0) backward(b, weights[b], emissions, sums[part]);
        });
        float[] transitions = new float[K * K], start = new float[K], end = new float[K];
        for (int i = 0; i < K * K; i++) {
            double sum = 0;
            for (double[] part : sums) sum += part[i];
            transitions[i] = (float) (sum * factor(i));
        }
        for (int b = 0; b < scores.B; b++) {
            add(emissions, scores.place(0, b), start);
            add(emissions, scores.place(scores.lengths.get(b) - 1, b), end);
        }
        return new Expectations(emissions, transitions, start, end);
    }

    private static void add(float[] from, int at, float[] to) {
        for (int k = 0; k < to.length; k++) to[k] += from[at + k];
    }

    /** Fills the forward sums of sequence b and gives its log Σ exp score. */
    abstract double forward(int b);

    /**
     * Puts weight times P(y_t = k) into {@code emissions} and adds weight times Σ_t P(y_t = i, y_(t+1) = j) / factor(i,
     * j) to {@code pairs}.
     */
    abstract void backward(int b, double weight, float[] emissions, double[] pairs);

    /** What every pair of tags number i of {@code [K, K]} is multiplied with at the end. */
    abstract double factor(int i);

    /** The sums by logarithms: for scores of any size. */
    static final class Log extends Lattice {
        private final int K, T;
        private final double[] alpha;                                          // [B, T, K]: logarithms

        Log(CrfScores scores) {
            super(scores);
            K = scores.K;
            T = scores.T;
            alpha = new double[scores.emissions.length];
        }

        @Override double forward(int b) {
            double[] terms = new double[K];
            for (int t = 0; t < scores.lengths.get(b); t++) {
                Interrupts.check("Crf", "step", t, scores.lengths.get(b));
                for (int j = 0; j < K; j++) {
                    for (int i = 0; i < K; i++)
                        terms[i] = t == 0
                                ? Double.NEGATIVE_INFINITY
                                : alpha[at(b, t - 1, i)] + scores.transitions[i * K + j];
                    alpha[at(b, t, j)] = (t == 0 ? scores.start[j] : logSumExp(terms))
                            + scores.emissions[scores.place(t, b) + j];
                }
            }
            for (int k = 0; k < K; k++) terms[k] = alpha[at(b, scores.lengths.get(b) - 1, k)] + scores.end[k];
            return logSumExp(terms);
        }

        @Override void backward(int b, double weight, float[] emissions, double[] pairs) {
            double whole = logPartition()[b];
            double[] beta = new double[K], next = new double[K], terms = new double[K];
            for (int k = 0; k < K; k++) beta[k] = scores.end[k];
            for (int t = scores.lengths.get(b) - 1;; t--) {
                Interrupts.check("Crf", "step", t, scores.lengths.get(b));
                for (int k = 0; k < K; k++)
                    emissions[scores.place(t, b)
                            + k] = (float) (weight * Math.exp(alpha[at(b, t, k)] + beta[k] - whole));
                if (t == 0) return;
                for (int k = 0; k < K; k++) next[k] = beta[k] + scores.emissions[scores.place(t, b) + k];
                for (int i = 0; i < K; i++) {
                    for (int j = 0; j < K; j++) {
                        terms[j] = scores.transitions[i * K + j] + next[j];
                        pairs[i * K + j] += weight * Math.exp(alpha[at(b, t - 1, i)] + terms[j] - whole);
                    }
                    beta[i] = logSumExp(terms);
                }
            }
        }

        @Override double factor(int i) { return 1; }

        private int at(int b, int t, int k) { return (b * T + t) * K + k; }

        private static double logSumExp(double[] x) {
            double most = Double.NEGATIVE_INFINITY, sum = 0;
            for (double v : x) most = Math.max(most, v);
            if (most == Double.NEGATIVE_INFINITY) return most;                 // nothing may lead here
            for (double v : x) sum += Math.exp(v - most);
            return most + Math.log(sum);
        }
    }

    /**
     * Forward sums that are scaled to 1 at every step, so that products of exponentials stay within a double: with
     * differences of up to {@link #RANGE} the smallest sum, also of a tag that is reached only through one other, is
     * above exp(-700).
     */
    static final class Scaled extends Lattice {
        // exponentials of floats are normal numbers to 87
        static final double RANGE = 80;
        private final int K, T;
        private final double[] transition, start, end;                         // exponentials, the largest of each is 1
        private final double shiftTransition, shiftStart, shiftEnd;
        private final double[] alpha, scale;                                   // [B, T, K] and [B, T]
        // [B, T, K]: exponentials, the largest of each place is 1
        private final float[] emission;

        Scaled(CrfScores scores) {
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
            return log + Math.log(sumOfProducts(end, alpha, first + (length - 1) * K));
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
            double whole = sumOfProducts(end, alpha, first + last * K);
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
                    beta[i] = sumOfProducts(next, transition, i * K);
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

        private static double sumOfProducts(double[] x, double[] y, int from) {
            double sum = 0;
            for (int k = 0; k < x.length; k++) sum += x[k] * y[from + k];
            return sum;
        }
    }
}
