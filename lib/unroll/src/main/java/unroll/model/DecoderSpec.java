package unroll.model;

import java.util.Optional;

import unroll.nn.SequenceLayer;
import unroll.sequence.Attention;
import unroll.tensor.Rng;

/**
 * The configuration of a {@link Decoder}, which {@link #of} begins. Immutable: each setting gives a new one.
 *
 * <pre>{@code
 * DecoderSpec spec = DecoderSpec.of(Lstm.of(64, 128)).attention(Attention.Kind.GENERAL).dropout(0.2);
 * }</pre>
 *
 * @param layer        in one direction
 * @param attention    how it looks at the source's states; empty where it does not
 * @param inputFeeding whether what attention found is read at the next step, beside the symbol
 * @param dropout      the probability of dropout on the symbols' vectors and before the output
 */
public record DecoderSpec(SequenceLayer.Spec layer, Optional<Attention.Kind> attention, boolean inputFeeding, double dropout) {
    public DecoderSpec {
        if (inputFeeding && attention.isEmpty())
            throw new IllegalArgumentException("Decoder: input feeding feeds what attention found; choose attention(..) first");
        if (!(dropout >= 0 && dropout < 1))
            throw new IllegalArgumentException("Decoder: expected a dropout probability in [0, 1) but got " + dropout);
    }

    /** A decoder without attention and dropout: all it knows of the source is its first state. */
    public static DecoderSpec of(SequenceLayer.Spec layer) {
        return new DecoderSpec(layer, Optional.empty(), false, 0);
    }

    /** It looks at all states of the source before each symbol. */
    public DecoderSpec attention(Attention.Kind kind) {
        return new DecoderSpec(layer, Optional.of(kind), inputFeeding, dropout);
    }

    /**
     * What attention found is an input of the next step (Luong et al. 2015, section 3.3), so that it knows where it has looked. The layer's input size is then
     * that of a symbol's vector and the layer's output together. Slower: such a decoder cannot run over a whole sequence at once.
     */
    public DecoderSpec withInputFeeding() {
        return new DecoderSpec(layer, attention, true, dropout);
    }

    /** Dropout on the symbols' vectors and before the output, in training. */
    public DecoderSpec dropout(double p) {
        return new DecoderSpec(layer, attention, inputFeeding, p);
    }

    /**
     * A decoder for encoders of these sizes.
     *
     * @param symbols     how many it can write
     * @param stateSize   H of {@link Encoded#states}
     * @param summarySize N of {@link Encoded#summary}
     */
    public Decoder build(int symbols, int stateSize, int summarySize, Rng rng) {
        return new Decoder(this, symbols, stateSize, summarySize, rng);
    }

    @Override public String toString() {
        return layer + attention.map(a -> ", " + a + " attention").orElse("") + (inputFeeding ? ", input feeding" : "")
                + (dropout > 0 ? ", dropout=" + dropout : "");
    }
}
