package unroll.notebook;

import unroll.tensor.Message;

/** A claim that a notebook makes does not hold; the message says so, with the claim. */
public final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String claim;

    public ClaimFailedException(String claim) {
        super(Message.of("does not hold: " + claim));
        this.claim = Message.of(claim);
    }

    /** What does not hold. */
    public String claim() { return claim; }
}
