package unroll.text;

import unroll.tensor.Message;

/** A text holds a symbol that the vocabulary does not have; the message says which one, where, and what can be done. */
public final class UnknownSymbolException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final String symbol;
    private final int position;

    UnknownSymbolException(String symbol, int position, int vocabularySize) {
        super(Message.of("Vocabulary: symbol " + Symbols.describe(symbol) + " at position " + position
                + " is not one of the " + vocabularySize
                + " symbols of this vocabulary. Leave it out of the text, or build the vocabulary withUnknown() (and "
                + "the model from that)."));
        this.symbol = symbol;
        this.position = position;
    }

    public String symbol() { return symbol; }

    /** The index of the symbol in the text, counted in symbols from 0. */
    public int position() { return position; }
}
