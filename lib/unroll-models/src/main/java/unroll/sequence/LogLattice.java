package unroll.sequence;

import unroll.tensor.Interrupts;

/** The same sums by logarithms: for scores of any size. */
final class LogLattice extends Lattice {
    private final int K, T;
    private final double[] alpha;                                          // [B, T, K]: logarithms

    LogLattice(CrfScores scores) {
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
                emissions[scores.place(t, b) + k] = (float) (weight * Math.exp(alpha[at(b, t, k)] + beta[k] - whole));
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
