package unroll.model;

import unroll.tensor.Message;

/** A file of word vectors cannot be read; the message names the file and the line. */
public final class WordVectorsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    WordVectorsException(String message) { super(Message.of(message)); }

    WordVectorsException(String message, Throwable cause) { super(Message.of(message), cause); }
}
