package unroll.sequence;

import unroll.tensor.Parallel;

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
        boolean narrow = scores.emissionRange <= ScaledLattice.RANGE && scores.fieldRange <= ScaledLattice.RANGE;
        Lattice lattice = narrow ? new ScaledLattice(scores) : new LogLattice(scores);
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
}
