package unroll.data;

import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;

/**
 * The induction head task (Olsson et al. 2022, in the form of Fu et al. 2023): random symbols, among them once a
 * trigger, and a trigger at the end. To be given: the symbol that stood behind the first one.
 *
 * <pre>{@code
 * a b c ⊢ d e f ... ⊢  →  d
 *
 * var task = new InductionHead(20, 30);
 * // inputs: [30, 50, 20], 1-of-20; labels: [30, 50]
 * Batches<LabelledBatch> batches = task.training(5_000, 50, Rng.seed(1));
 * model.accuracy(task.test(500, Rng.seed(2)));
 * }</pre>
 *
 * @param symbols  with the trigger, which is the last of them; at least 3
 * @param steps    T, with both triggers; at least 3
 */
public record InductionHead(int symbols, int steps) {
    public InductionHead {
        if (symbols < 3 || steps < 3)
            throw new IllegalArgumentException("InductionHead: expected at least 3 symbols and 3 steps but got symbols="
                    + symbols + ", steps=" + steps);
    }

    /** The symbol that announces what is to be remembered. */
    public int trigger() { return symbols - 1; }

    /** One string and its answer: T + 1 symbols. */
    int[] string(Rng rng) {
        int[] s = new int[steps + 1];
        for (int t = 0; t < steps - 1; t++) s[t] = rng.nextInt(symbols - 1);
        int at = rng.nextInt(steps - 2);
        s[at] = s[steps - 1] = trigger();
        s[steps] = s[at + 1];
        return s;
    }

    /**
     * A fixed number of strings to learn from. Only the answer has a label: all other symbols are chance. (Fu et al.
     * train on them too, for longer.)
     */
    public Batches<LabelledBatch> training(int strings, int batchSize, Rng rng) {
        return new RecallStrings(symbols, this::string).training(strings, batchSize, false, rng);
    }

    /** Strings to be tested on: only the answer, after the last step, has a label. */
    public LabelledBatch test(int strings, Rng rng) {
        return new RecallStrings(symbols, this::string).test(strings, rng);
    }

    /** The accuracy of who guesses. */
    public double chance() { return 1.0 / (symbols - 1); }
}
