package unroll.model;

import unroll.text.Vocabulary;
import unroll.nn.SequenceLayer;
import unroll.sequence.Attention;
import unroll.tensor.Rng;

/**
 * The configuration of a {@link Seq2Seq}, which {@link Seq2Seq#of} begins. Immutable: each setting gives a new one.
 *
 * @param source      the symbols that are read
 * @param target      the symbols that are written, BOS and EOS among them: {@link Ends}
 * @param encoder     any layer; its input size is that of the source's symbols
 * @param decoder     how it writes
 * @param reversed    whether a source is read from its end
 * @param sourceLimit the most symbols that a source may have
 */
public record Seq2SeqSpec(Vocabulary source, Vocabulary target, SequenceLayer.Spec encoder, DecoderSpec decoder,
        boolean reversed, int sourceLimit) {
    public Seq2SeqSpec {
        Ends.of(target);
        if (sourceLimit < 1)
            throw new IllegalArgumentException(
                    "Seq2Seq: expected a source limit of at least 1 symbol but got " + sourceLimit);
    }

    /** The decoder looks at all states of the encoder before each symbol. */
    public Seq2SeqSpec attention(Attention.Kind kind) {
        return with(decoder.attention(kind));
    }

    /** What attention found is read at the next step: {@link DecoderSpec#withInputFeeding}. */
    public Seq2SeqSpec inputFeeding() {
        return with(decoder.withInputFeeding());
    }

    /**
     * Dropout on the symbols' vectors of both sides and before the output, in training; that between layers is a
     * setting of the layers.
     */
    public Seq2SeqSpec dropout(double p) {
        return with(decoder.dropout(p));
    }

    /**
     * Sources are read from their end, so that their first symbols are near the first ones that are written (Sutskever,
     * Vinyals and Le 2014).
     */
    public Seq2SeqSpec reversedSource() {
        return new Seq2SeqSpec(source, target, encoder, decoder, true, sourceLimit);
    }

    /** The most symbols that a source may have; {@value Seq2Seq#SOURCE_LIMIT} where nothing is said. */
    public Seq2SeqSpec sourceLimit(int symbols) {
        return new Seq2SeqSpec(source, target, encoder, decoder, reversed, symbols);
    }

    private Seq2SeqSpec with(DecoderSpec changed) {
        return new Seq2SeqSpec(source, target, encoder, changed, reversed, sourceLimit);
    }

    public Seq2Seq build(Rng rng) { return new Seq2Seq(this, rng); }

    @Override public String toString() {
        return "Seq2Seq(" + source.size() + " symbols to " + target.size() + ", encoder " + encoder
                + (reversed ? " reversed" : "") + ", decoder "
                + decoder + ")";
    }
}
