package unroll.data;

import unroll.tensor.Message;

/** A picture cannot be read; the message names it, and what is wrong with it. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ImageException(String name, String reason, Throwable cause) {
        super(Message.of("Image " + name + ": " + reason), cause);
    }
}
