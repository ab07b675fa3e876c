package unroll.sequence;

import java.util.Arrays;

import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** The log probabilities of one step, checked. */
final class SearchRows {
    private final float[] values;
    final int symbols;

    SearchRows(Search search, Tensor logProbabilities, int rows, int begin, int end) {
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
                throw new IllegalArgumentException(
                        Message.of(search + ": expected log probabilities of at most 0 but symbol " + i % symbols
                                + " of row "
                                + i / symbols + " has " + values[i] + "; are these logits, or has training diverged?"));
    }

    float get(int row, int symbol) { return values[row * symbols + symbol]; }

    float[] row(int row) { return Arrays.copyOfRange(values, row * symbols, (row + 1) * symbols); }

    static void requireGoOn(int t) {
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException("The search was interrupted before symbol " + t + ", counted from 0.");
    }
}
