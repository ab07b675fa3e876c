package unroll.sequence;

import unroll.tensor.Tensor;

/**
 * A model that writes a sequence symbol by symbol, many sequences side by side, as a {@link BeamSearch} sees it.
 *
 * @param <S> what it remembers between two symbols, for all rows
 */
public interface StepFunction<S> {
    /** Log probabilities of each next symbol, {@code [R, V]}, -infinity where it cannot come; the states after it. */
    record Next<S>(Tensor logProbabilities, S states) {
    }

    /** Reads one symbol in each of the R rows. */
    Next<S> step(S states, int[] symbols);

    /** The states of these rows, in this order; a row may occur many times. */
    S select(S states, int[] rows);
}
