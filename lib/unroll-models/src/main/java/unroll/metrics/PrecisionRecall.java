package unroll.metrics;

import java.util.Locale;

/**
 * How well the things that were found agree with those that were wanted (van Rijsbergen 1979); {@code correct} were
 * both. A share of nothing counts as 0, as in {@code conlleval}.
 */
public record PrecisionRecall(long correct, long found, long wanted) {
    public PrecisionRecall {
        if (correct < 0 || correct > found || correct > wanted)
            throw new IllegalArgumentException("PrecisionRecall: expected 0 <= correct <= found, wanted but got "
                    + correct + " correct, " + found + " found, " + wanted + " wanted");
    }

    public static PrecisionRecall none() { return new PrecisionRecall(0, 0, 0); }

    /** Both together. */
    public PrecisionRecall add(PrecisionRecall other) {
        return new PrecisionRecall(correct + other.correct, found + other.found, wanted + other.wanted);
    }

    /** In 0 .. 1, of what was found. */
    public double precision() { return found == 0 ? 0 : (double) correct / found; }

    /** In 0 .. 1, of what was wanted. */
    public double recall() { return wanted == 0 ? 0 : (double) correct / wanted; }

    /** Their harmonic mean. */
    public double f1() { return correct == 0 ? 0 : 2.0 * correct / (found + wanted); }

    @Override public String toString() {
        return String.format(Locale.ROOT,
                "PrecisionRecall(precision %.2f %%, recall %.2f %%, F1 %.2f %%; %,d correct, %,d found, %,d wanted)",
                100 * precision(), 100 * recall(), 100 * f1(), correct, found, wanted);
    }
}
