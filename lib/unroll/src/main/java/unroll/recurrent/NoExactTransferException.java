package unroll.recurrent;

import unroll.tensor.Message;

/** No weights make the second cell the same function as the first; the message says why. */
public final class NoExactTransferException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoExactTransferException(Cell<?> from, Cell<?> to, String reason) {
        super(Message.of("WeightTransfer from " + from + " to " + to + ": " + reason));
    }
}
