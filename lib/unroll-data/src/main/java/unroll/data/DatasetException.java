package unroll.data;

import unroll.tensor.Message;

/**
 * A data set, or a text file, cannot be had. The message names it, its address, what is wrong and what to do instead.
 */
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
        INTERRUPTED;

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

    DatasetException(Reason reason, String detail, String message, Throwable cause) {
        super(Message.of(message), cause);
        this.reason = reason;
        this.detail = Message.of(detail);
    }

    DatasetException(Reason reason, String message, Throwable cause) { this(reason, message, message, cause); }

    DatasetException(Reason reason, String message) { this(reason, message, null); }

    public Reason reason() { return reason; }

    /** What happened, in one clause without the advice. */
    String detail() { return detail; }

    /** The sentence that follows the source of built-in data which takes the place of what cannot be had. */
    String standIn(String name) {
        return " They stand in for " + name + ", which cannot be had here (" + reason + ": " + detail + ").";
    }
}
