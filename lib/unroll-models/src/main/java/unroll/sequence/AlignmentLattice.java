package unroll.sequence;

import java.util.Arrays;

import unroll.tensor.Interrupts;

/**
 * All ways to cut the phonemes of one word into one piece a letter: place (i, j) is behind i letters and j phonemes.
 */
final class AlignmentLattice {
    private final PieceTable theta;
    private final int[] letters, phonemes;
    private final int n, m;

    AlignmentLattice(PieceTable theta, int[] letters, int[] phonemes) {
        this.theta = theta;
        this.letters = letters;
        this.phonemes = phonemes;
        n = letters.length;
        m = phonemes.length;
    }

    /**
     * P(the first j phonemes | the first i letters), each row divided by its sum; the logarithms of these sums go into
     * {@code scales}.
     */
    private double[][] forward(double[] scales) {
        double[][] alpha = new double[n + 1][m + 1];
        alpha[0][0] = 1;
        for (int i = 0; i < n; i++) {
            Interrupts.check("LetterAligner", "letter", i, n);
            double sum = 0;
            for (int j = 0; j <= m; j++) {
                for (int size = 0; size <= Math.min(2, j); size++)
                    alpha[i + 1][j] += alpha[i][j - size] * theta.get(letters[i], phonemes, j - size, size);
                sum += alpha[i + 1][j];
            }
            scales[i] = sum;
            if (sum > 0) for (int j = 0; j <= m; j++) alpha[i + 1][j] /= sum;
        }
        return alpha;
    }

    double logLikelihood() {
        double[] scales = new double[n];
        return log(forward(scales), scales);
    }

    private double log(double[][] alpha, double[] scales) {
        double log = Math.log(alpha[n][m]);
        for (double scale : scales) log += Math.log(scale);
        return log;
    }

    /** Adds how often each letter is expected to say each piece; gives log P(phonemes | letters). */
    double addCounts(PieceTable counts) {
        double[] scales = new double[n];
        double[][] alpha = forward(scales);
        // divided by the same sums, and by P, so that counts come out
        double[] beta = new double[m + 1];
        beta[m] = 1 / alpha[n][m];
        for (int i = n - 1; i >= 0; i--) {
            Interrupts.check("LetterAligner", "letter", i, n);
            double[] before = new double[m + 1];
            for (int j = 0; j <= m; j++)
                for (int size = 0; size <= Math.min(2, m - j); size++) {
                    double way = theta.get(letters[i], phonemes, j, size) * beta[j + size] / scales[i];
                    before[j] += way;
                    counts.add(letters[i], phonemes, j, size, alpha[i][j] * way);
                }
            beta = before;
        }
        return log(alpha, scales);
    }

    /**
     * The sizes of the pieces of the most probable way, where no piece counts less than the floor; of equals the one
     * that gives later letters less.
     */
    int[] best(double floor) {
        double[][] most = new double[n + 1][m + 1];                        // logarithms
        int[][] last = new int[n + 1][m + 1];
        for (double[] row : most) Arrays.fill(row, Double.NEGATIVE_INFINITY);
        most[0][0] = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= m; j++)
                for (int size = 0; size <= Math.min(2, j); size++) {
                    double log = most[i][j - size]
                            + Math.log(Math.max(floor, theta.get(letters[i], phonemes, j - size, size)));
                    if (log > most[i + 1][j]) {
                        most[i + 1][j] = log;
                        last[i + 1][j] = size;
                    }
                }
        int[] sizes = new int[n];
        for (int i = n, j = m; i > 0; j -= sizes[--i]) sizes[i - 1] = last[i][j];
        return sizes;
    }
}
