package unroll.analysis;

import unroll.tensor.Message;

/** A state of one unit has no plane of principal components. */
public final class OneUnitException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    OneUnitException(String message) { super(Message.of(message)); }
}
