package unroll.tensor;

import java.io.IOException;

/**
 * Not a {@code .safetensors} file, a damaged one, or one with numbers that cannot be read; the message says where and
 * what.
 */
public final class SafetensorsException extends IOException {
    private static final long serialVersionUID = 1;

    SafetensorsException(String message, Throwable cause) { super(Message.of(message), cause); }

    SafetensorsException(String message) { super(Message.of(message)); }
}
