package unroll.sequence;

import java.util.Arrays;
import java.util.Locale;

/**
 * A sequence that a {@link Search} found.
 *
 * @param symbols        without the one that begins it and the one that ends it
 * @param logProbability of all its symbols, the end too, in nats
 * @param score          what the search ranks by: the log probability, divided by the length penalty where there is one
 * @param finished       whether it ended by itself and not at the limit
 */
public record Hypothesis(int[] symbols, double logProbability, double score, boolean finished) {
    @Override public boolean equals(Object other) {
        return other instanceof Hypothesis h && Arrays.equals(symbols, h.symbols) && logProbability == h.logProbability
                && score == h.score && finished == h.finished;
    }

    @Override public int hashCode() { return Arrays.hashCode(symbols); }

    @Override public String toString() {
        return String.format(Locale.ROOT, "Hypothesis(%s, log p = %.4f, score = %.4f%s)", Arrays.toString(symbols),
                logProbability, score, finished ? "" : ", cut off");
    }
}
