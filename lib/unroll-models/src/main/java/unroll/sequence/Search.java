package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * How a sequence is chosen from a model that gives the probabilities of its next symbol: {@link BeamSearch} or
 * {@link Sampling}.
 */
public abstract sealed class Search permits BeamSearch, Sampling {
    final int limit;

    Search(int limit) {
        if (limit < 1)
            throw new IllegalArgumentException(Message
                    .of(getClass().getSimpleName() + ": expected a limit of at least 1 symbol but got " + limit));
        this.limit = limit;
    }

    /**
     * Writes for several sources side by side.
     *
     * @param step    the model
     * @param start   its states before the first symbol, one row a source
     * @param sources how many there are
     * @param begin   the symbol that is read first
     * @param end     the symbol after which a sequence is over
     * @return for each source what was found, the best first; at least one each
     * @throws unroll.tensor.LoopInterruptedException at the next symbol, when its thread is interrupted
     */
    public abstract <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end);

    /** The most symbols of a sequence, the end counted. */
    public final int limit() { return limit; }

    /** One step of the model, unless the thread was interrupted. */
    final <S> StepFunction.Next<S> step(StepFunction<S> step, S states, int[] symbols, int t) {
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException("The search was interrupted before symbol " + t + ", counted from 0.");
        return step.step(states, symbols);
    }

    /** The log probabilities of one step, checked. */
    static final class Rows {
        private final float[] values;
        final int symbols;

        Rows(Search search, Tensor logProbabilities, int rows, int begin, int end) {
            if (logProbabilities.rank() != 2 || logProbabilities.size(0) != rows)
                throw new ShapeException(search + ": expected log probabilities [" + rows + ", V] but got "
                        + Arrays.toString(logProbabilities.shape()));
            values = logProbabilities.data();
            symbols = logProbabilities.size(1);
            if (begin < 0 || begin >= symbols || end < 0 || end >= symbols)
                throw new IndexOutOfBoundsException(
                        Message.of(search + ": the symbols that begin and end a sequence are " + begin + " and " + end
                                + ", but the model knows 0 to " + (symbols - 1)));
            for (int i = 0; i < values.length; i++)
                // rounding may lift a certain symbol a little above 0
                if (!(values[i] <= 1e-3f))
                    throw new IllegalArgumentException(Message.of(search
                            + ": expected log probabilities of at most 0 but symbol " + i % symbols + " of row "
                            + i / symbols + " has " + values[i] + "; are these logits, or has training diverged?"));
        }

        float get(int row, int symbol) { return values[row * symbols + symbol]; }

        float[] row(int row) { return Arrays.copyOfRange(values, row * symbols, (row + 1) * symbols); }
    }
}
