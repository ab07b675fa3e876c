package unroll.model;

import java.util.Objects;
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
 * @param injection    where what is known of the whole source enters
 * @param evenness     λ of {@link #doublyStochastic}; 0 without it
 * @param dropout      the probability of dropout on the symbols' vectors and before the output
 */
public record DecoderSpec(SequenceLayer.Spec layer, Optional<Attention.Kind> attention, boolean inputFeeding,
        Injection injection, double evenness,
        double dropout) {
    public DecoderSpec {
        Objects.requireNonNull(injection, "injection");
        if (evenness != 0 && attention.isEmpty())
            throw new IllegalArgumentException(
                    "Decoder: doubly stochastic attention needs attention; choose attention(..) first");
        if (!(evenness >= 0 && evenness < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(
                    "Decoder: expected a factor of doubly stochastic attention of at least 0 but got " + evenness);
        if (inputFeeding && attention.isEmpty())
            throw new IllegalArgumentException(
                    "Decoder: input feeding feeds what attention found; choose attention(..) first");
        if (!(dropout >= 0 && dropout < 1))
            throw new IllegalArgumentException("Decoder: expected a dropout probability in [0, 1) but got " + dropout);
    }

    /**
     * A decoder without attention and dropout: all it knows of the source is its first state, as it is with
     * {@link Injection#INITIAL_STATE}.
     */
    public static DecoderSpec of(SequenceLayer.Spec layer) {
        return new DecoderSpec(layer, Optional.empty(), false, Injection.INITIAL_STATE, 0, 0);
    }

    /** It looks at all states of the source before each symbol. */
    public DecoderSpec attention(Attention.Kind kind) {
        return new DecoderSpec(layer, Optional.of(kind), inputFeeding, injection, evenness, dropout);
    }

    /**
     * What attention found is an input of the next step (Luong et al. 2015, section 3.3), so that it knows where it has
     * looked. The layer's input size is then that of a symbol's vector and the layer's output together. Slower: such a
     * decoder cannot run over a whole sequence at once.
     */
    public DecoderSpec withInputFeeding() {
        return new DecoderSpec(layer, attention, true, injection, evenness, dropout);
    }

    /** Where what is known of the whole source enters. */
    public DecoderSpec injection(Injection place) {
        return new DecoderSpec(layer, attention, inputFeeding, place, evenness, dropout);
    }

    /**
     * In training the loss has a term more, λ times the mean of (1 - Σ_t a_ts)² over the places s and the sources: each
     * place is to be looked at about once (doubly stochastic attention of Xu et al. 2015, equation 14, who take the sum
     * over the places).
     */
    public DecoderSpec doublyStochastic(double lambda) {
        return new DecoderSpec(layer, attention, inputFeeding, injection, lambda, dropout);
    }

    /** Dropout on the symbols' vectors and before the output, in training. */
    public DecoderSpec dropout(double p) {
        return new DecoderSpec(layer, attention, inputFeeding, injection, evenness, p);
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
                + (injection == Injection.INITIAL_STATE ? "" : ", source " + injection)
                + (evenness > 0 ? ", doubly stochastic " + evenness : "")
                + (dropout > 0 ? ", dropout=" + dropout : "");
    }
}
