package unroll.text;

import unroll.tensor.Message;

/** A text does not fill one batch; the message says what would fit. */
public final class TextTooShortException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    TextTooShortException(long symbols, int batchSize, int steps) {
        super(Message.of(
                "Batches: " + batchSize + " rows of " + steps + " steps need at least " + ((long) batchSize * steps + 1)
                        + " symbols but the text has "
                        + symbols + ". " + advice(symbols - 1, batchSize, steps)));
    }

    private static String advice(long predicted, int batchSize, int steps) {
        if (predicted < 1) return "Even one step needs two symbols: choose a longer text.";
        String fewerSteps = predicted >= batchSize
                ? "at most " + predicted / batchSize + " steps with " + batchSize + " rows"
                : "";
        String fewerRows = predicted >= steps ? "at most " + predicted / steps + " rows of " + steps + " steps" : "";
        if (fewerSteps.isEmpty() && fewerRows.isEmpty())
            return "One row of at most " + predicted + " steps fits; or choose a longer text.";
        return "What fits: " + fewerRows + (fewerSteps.isEmpty() || fewerRows.isEmpty() ? "" : ", or ") + fewerSteps
                + "; or choose a longer text.";
    }
}
