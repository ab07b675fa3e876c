package unroll.metrics;

import java.util.Locale;

/**
 * How well a set of found things agrees with the set of wanted things (van Rijsbergen 1979). A share of nothing counts
 * as 0, as in {@code conlleval}.
 *
 * @param correct how many were found and wanted
 * @param found   how many were found
 * @param wanted  how many were wanted
 */
public record PrecisionRecall(long correct, long found, long wanted) {
    public PrecisionRecall {
        if (correct < 0 || correct > found || correct > wanted)
            throw new IllegalArgumentException("PrecisionRecall: expected 0 <= correct <= found, wanted but got "
                    + correct + " correct, " + found + " found, " + wanted + " wanted");
    }

    /** Nothing found and nothing wanted. */
    public static PrecisionRecall none() {
        return new PrecisionRecall(0, 0, 0);
    }

    /** Both together. */
    public PrecisionRecall add(PrecisionRecall other) {
        return new PrecisionRecall(correct + other.correct, found + other.found, wanted + other.wanted);
    }

    /** The part of what was found that was wanted, in 0 .. 1. */
    public double precision() {
        return found == 0 ? 0 : (double) correct / found;
    }

    /** The part of what was wanted that was found, in 0 .. 1. */
    public double recall() {
        return wanted == 0 ? 0 : (double) correct / wanted;
    }

    /** The harmonic mean of the two, in 0 .. 1. */
    public double f1() {
        return correct == 0 ? 0 : 2.0 * correct / (found + wanted);
    }

    @Override public String toString() {
        return String.format(Locale.ROOT,
                "PrecisionRecall(precision %.2f %%, recall %.2f %%, F1 %.2f %%; %,d correct, %,d found, %,d wanted)",
                100 * precision(), 100 * recall(), 100 * f1(), correct, found, wanted);
    }
}
