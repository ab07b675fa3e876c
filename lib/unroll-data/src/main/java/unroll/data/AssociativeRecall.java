package unroll.data;

import unroll.tensor.Rng;

/**
 * Associative recall in the form of Fu et al. (2023): pairs of a key and a value, where each key keeps its value
 * through the whole string but gets a new one in the next string; then a delimiter and one of the keys that occurred.
 * To be given: its value.
 *
 * <pre>{@code
 * a 2 c 4 b 3 c 4 ⇒ a  →  2
 *
 * var task = new AssociativeRecall(4, 4, 10);
 * // inputs: [22, 50, 9], 1-of-9; labels: [22, 50]
 * Batches<LabelledBatch> batches = task.training(5_000, 50, Rng.seed(1));
 * model.accuracy(task.test(500, Rng.seed(2)));
 * }</pre>
 *
 * Keys are the symbols from 0 on, then come the values, then the delimiter.
 *
 * @param keys   how many there are, at least 1
 * @param values how many there are, at least 2
 * @param pairs  of a string, at least 1
 */
public record AssociativeRecall(int keys, int values, int pairs) implements RecallTask {
    public AssociativeRecall {
        if (keys < 1 || values < 2 || pairs < 1)
            throw new IllegalArgumentException(
                    "AssociativeRecall: expected at least 1 key, 2 values and 1 pair but got keys=" + keys + ", values="
                            + values + ", pairs=" + pairs);
    }

    /** Keys, values and the delimiter. */
    @Override public int symbols() { return keys + values + 1; }

    /** The symbol before the question. */
    public int delimiter() { return keys + values; }

    /** T: two a pair, the delimiter and the key. */
    @Override public int steps() { return 2 * pairs + 2; }

    @Override public int[] string(Rng rng) {
        int[] s = new int[steps() + 1], value = new int[keys];
        for (int k = 0; k < keys; k++) value[k] = keys + rng.nextInt(values);
        for (int p = 0; p < pairs; p++) {
            s[2 * p] = rng.nextInt(keys);
            s[2 * p + 1] = value[s[2 * p]];
        }
        s[2 * pairs] = delimiter();
        // a key that occurred, the likelier the more often it did
        s[2 * pairs + 1] = s[2 * rng.nextInt(pairs)];
        s[2 * pairs + 2] = value[s[2 * pairs + 1]];
        return s;
    }

    /** Each step has its next symbol as label: values of new keys and all keys are chance. */
    @Override public boolean everyStep() {
        return true;
    }

    /** The accuracy of who guesses among the values. */
    @Override public double chance() { return 1.0 / values; }
}
