package unroll.model;

/** A file of word vectors cannot be read; the message names the file and the line. */
public final class WordVectorsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    WordVectorsException(String message) { super(message); }

    WordVectorsException(String message, Throwable cause) { super(message, cause); }
}
