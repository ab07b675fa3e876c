package unroll.text;

import java.util.Locale;

import unroll.tensor.Message;

/**
 * How well a language model predicted a text: the sum of {@code -ln p(symbol)} over all predicted symbols, and what
 * follows from it.
 *
 * <pre>{@code
 * var held = Perplexity.none();
 * for (var batch : validation) held = held.add(meanLoss(batch), batch.symbols());
 * held.natsPerSymbol(); held.perplexity();
 * }</pre>
 *
 * Figures per symbol compare models of one vocabulary only; figures per character compare a model of words with one of
 * characters.
 *
 * @param nats       the total of {@code -ln p} in nats
 * @param symbols    how many symbols were predicted
 * @param characters how many characters these symbols stand for
 */
public record Perplexity(double nats, long symbols, long characters) {
    public Perplexity {
        if (symbols < 0 || characters < 0)
            throw new IllegalArgumentException("Perplexity: counts cannot be negative, got " + symbols + " symbols and "
                    + characters + " characters");
    }

    /** Nothing predicted yet. */
    public static Perplexity none() { return new Perplexity(0, 0, 0); }

    /**
     * Each of {@code symbols} characters was as likely as any other of the {@code vocabularySize}: what a model that
     * learned nothing reaches.
     */
    public static Perplexity uniform(int vocabularySize, long symbols) {
        if (vocabularySize < 1)
            throw new IllegalArgumentException(
                    "Perplexity: the vocabulary must have at least 1 symbol but has " + vocabularySize);
        return none().add(Math.log(vocabularySize), symbols);
    }

    /** This and {@code symbols} more characters, predicted with a mean loss of {@code meanNats} each. */
    public Perplexity add(double meanNats, long symbols) {
        return add(meanNats, symbols, symbols);
    }

    /**
     * This and {@code symbols} more symbols that stand for {@code characters} characters, with a mean loss of
     * {@code meanNats} a symbol.
     */
    public Perplexity add(double meanNats, long symbols, long characters) {
        return add(new Perplexity(symbols == 0 ? 0 : meanNats * symbols, symbols, characters));
    }

    /** Both together. */
    public Perplexity add(Perplexity other) {
        return new Perplexity(nats + other.nats, symbols + other.symbols, characters + other.characters);
    }

    public double natsPerSymbol() { return nats / counted(symbols, "symbols"); }

    public double bitsPerSymbol() { return natsPerSymbol() / Math.log(2); }

    /** {@code exp(natsPerSymbol)}: between how many equally likely symbols the model wavered. */
    public double perplexity() {
        return Math.exp(natsPerSymbol());
    }

    public double natsPerCharacter() { return nats / counted(characters, "characters"); }

    public double bitsPerCharacter() { return natsPerCharacter() / Math.log(2); }

    private static long counted(long n, String what) {
        if (n == 0)
            throw new IllegalStateException(
                    Message.of("Perplexity: no " + what + " were counted, so there is no mean; add the batches first"));
        return n;
    }

    @Override public String toString() {
        if (symbols == 0) return "Perplexity(no symbols)";
        return String.format(Locale.ROOT, "Perplexity(%.4f nats a symbol, perplexity %.2f, %,d symbols)",
                natsPerSymbol(), perplexity(), symbols);
    }
}
