package unroll.notebook;

import unroll.tensor.Message;

/** A claim that a notebook makes does not hold; the message is the claim. */
public final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClaimFailedException(String claim) { super(Message.of(claim)); }
}
