package unroll.recurrent;

import unroll.tensor.Message;

/**
 * A layer has no counterpart among PyTorch's {@code nn.RNN}, {@code nn.LSTM} and {@code nn.GRU}; the message says why.
 */
public final class NoTorchLayoutException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    NoTorchLayoutException(String message) { super(Message.of(message)); }
}
