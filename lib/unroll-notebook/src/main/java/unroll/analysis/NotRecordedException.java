package unroll.analysis;

import unroll.tensor.Message;

/** What is to be analysed was not kept when the network ran; the message says how to keep it. */
public final class NotRecordedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NotRecordedException(String message) { super(Message.of(message)); }
}
