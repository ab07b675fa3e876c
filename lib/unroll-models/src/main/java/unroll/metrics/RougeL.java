package unroll.metrics;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Interrupts;

/**
 * How much of a reference a text has in the same order (ROUGE-L, Lin 2004): the longest common subsequence, as a share
 * of what was written (precision) and of the reference (recall), and the harmonic mean of both. Over several texts, the
 * means.
 *
 * <pre>{@code
 * RougeL rouge = RougeL.none().add(List.of("police", "kill", "the", "gunman"), List.of("police", "killed", "the", "gunman"));
 * rouge.recall();                                                  // 0.75
 * }</pre>
 *
 * @param precisions the sum over all texts
 * @param recalls    the sum over all texts
 * @param scores     the sum of the harmonic means
 * @param texts      how many there are
 */
public record RougeL(double precisions, double recalls, double scores, long texts) {
    /** No text yet. */
    public static RougeL none() { return new RougeL(0, 0, 0, 0); }

    /** One text more; an empty one has nothing in common with any. */
    public RougeL add(List<?> written, List<?> reference) {
        int common = longestCommonSubsequence(written, reference);
        double p = common == 0 ? 0 : (double) common / written.size(),
                r = common == 0 ? 0 : (double) common / reference.size();
        return add(new RougeL(p, r, common == 0 ? 0 : 2 * p * r / (p + r), 1));
    }

    /** Both together. */
    public RougeL add(RougeL other) {
        return new RougeL(precisions + other.precisions, recalls + other.recalls, scores + other.scores,
                texts + other.texts);
    }

    private static int longestCommonSubsequence(List<?> a, List<?> b) {
        // row[j]: of the first i of a and the first j of b
        int[] row = new int[b.size() + 1];
        for (Object x : a) {
            Interrupts.check("RougeL");
            int diagonal = 0;
            for (int j = 1; j < row.length; j++) {
                Interrupts.check("RougeL", j);
                int above = row[j];
                row[j] = x.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }

    /** The mean precision, in 0 .. 1. */
    public double precision() { return mean(precisions); }

    /** The mean recall, in 0 .. 1. */
    public double recall() { return mean(recalls); }

    /** The mean of the harmonic means, in 0 .. 1. */
    public double score() { return mean(scores); }

    private double mean(double sum) {
        if (texts == 0)
            throw new IllegalStateException("RougeL: no texts were counted, so there is no score; add them first");
        return sum / texts;
    }

    @Override public String toString() {
        return texts == 0
                ? "RougeL(none)"
                : String.format(Locale.ROOT, "RougeL(%.2f %%: precision %.2f, recall %.2f %%, %,d texts)",
                        100 * score(), 100 * precision(), 100 * recall(), texts);
    }
}
