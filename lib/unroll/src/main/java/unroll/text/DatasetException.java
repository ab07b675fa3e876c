package unroll.text;

import unroll.tensor.Message;

/** A data set, a text or a picture cannot be had or used. The message names it, what is wrong and what to do instead. */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Reason {
        /** The catalogue has no set of this name. */
        UNKNOWN_NAME,
        /** The set has no file of this name. */
        UNKNOWN_FILE,
        /** The catalogue itself is not well-formed. */
        BAD_CATALOGUE,
        /** A setting (UNROLL_OFFLINE, UNROLL_DATASETS, …) has a value that means nothing. */
        BAD_SETTING,
        /** The network is switched off by UNROLL_OFFLINE. */
        OFFLINE,
        /** No connection, no answer in time, or an answer that is not the file. */
        UNREACHABLE,
        /** An address, or one that it redirects to, is not HTTPS. */
        NOT_HTTPS,
        /** More bytes than stated. */
        TOO_LARGE,
        /** Fewer bytes than stated. */
        TRUNCATED,
        /** As many bytes as stated, but other ones. */
        WRONG_CHECKSUM,
        /** A file that is there cannot be read. */
        UNREADABLE,
        /** The cache folder cannot be written. */
        UNWRITABLE,
        /** The thread was interrupted while it waited. */
        INTERRUPTED,
        /** It can be read but is not of its format; the message names the line. */
        MALFORMED,
        /** Nothing, or one symbol repeated: there is nothing that a model could learn from it. */
        EMPTY,
        /** A text that does not fill one batch; the message says what would fit. */
        TOO_SHORT,
        /** A text has a symbol that the vocabulary does not have; the message says which one and where. */
        UNKNOWN_SYMBOL;

        /**
         * Whether nothing is wrong with the set itself: it is only out of reach here and now, and another corpus may
         * stand in for it.
         */
        public boolean outOfReach() {
            return this == OFFLINE || this == UNREACHABLE || this == UNWRITABLE;
        }
    }

    private final Reason reason;
    private final String detail;

    /** @param detail what happened, in one clause without the advice */
    public DatasetException(Reason reason, String detail, String message, Throwable cause) {
        super(Message.of(message), cause);
        this.reason = reason;
        this.detail = Message.of(detail);
    }

    public DatasetException(Reason reason, String message, Throwable cause) { this(reason, message, message, cause); }

    public DatasetException(Reason reason, String message) { this(reason, message, null); }

    public Reason reason() { return reason; }

    /** What happened, in one clause without the advice. */
    public String detail() { return detail; }
}
