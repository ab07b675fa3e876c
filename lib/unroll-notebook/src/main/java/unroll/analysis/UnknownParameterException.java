package unroll.analysis;

import unroll.tensor.Message;

/** The model has no parameter, or no element of a parameter, of that name; the message lists those that it has. */
public final class UnknownParameterException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownParameterException(String message) { super(Message.of(message)); }
}
