package unroll.notebook;

import unroll.tensor.Message;

/** A chart cannot take the data it was given, or cannot be drawn; the message names the chart and says what to do. */
public final class ChartException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ChartException(String message) { super(Message.of(message)); }

    public ChartException(String message, Throwable cause) { super(Message.of(message), cause); }
}
