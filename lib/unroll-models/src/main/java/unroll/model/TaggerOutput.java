package unroll.model;

/** How a {@link SequenceTagger} chooses tags. */
public enum TaggerOutput {
    /** Each by itself. */
    SOFTMAX(""),
    /** All of a sentence together. */
    CRF(", CRF"),
    /** All of a sentence together, and only such as make whole names. */
    BIO_CRF(", BIO CRF");

    private final String text;

    TaggerOutput(String text) { this.text = text; }

    /** For toString(). */
    String text() { return text; }
}
