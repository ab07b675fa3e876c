package unroll.recurrent;

import java.util.Objects;

import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Rng;

/**
 * The configuration of a simple recurrent network: the non-linearity, and which past the hidden units see.
 *
 * <pre>{@code
 * SequenceLayer layer = Rnn.of(16, 32).tanh().recurrentInit(Initializer.orthogonal().times(0.9)).build(rng);
 * }</pre>
 */
public final class RnnSpec extends RecurrentSpec<RnnSpec> {
    private static final Variant PREACTIVATION = new Variant("preactivation()", ", state before σ"),
            TIME_SKIP = new Variant("timeSkip()", ", skip over time"),
            INDEPENDENT = new Variant("independent()", ", independent");

    private Nonlinearity nonlinearity;                                     // null where none was chosen

    RnnSpec(int inputSize, int hiddenSize) { super("Rnn", inputSize, hiddenSize); }

    @Override void check() {
        if (variant == INDEPENDENT && recurrent != null)
            throw contradiction("recurrentInit(..), which fills a matrix U,", variant.setting());
    }

    /** σ = tanh: so it is where nothing is said. */
    public RnnSpec tanh() { return nonlinearity(Nonlinearity.TANH); }

    /** σ(z) = max(0, z). */
    public RnnSpec relu() { return nonlinearity(Nonlinearity.RELU); }

    /** σ(z) = 1 / (1 + exp(-z)). */
    public RnnSpec logistic() { return nonlinearity(Nonlinearity.LOGISTIC); }

    RnnSpec nonlinearity(Nonlinearity chosen) {
        Objects.requireNonNull(chosen, "nonlinearity");
        return with(spec -> spec.nonlinearity = chosen);
    }

    /** The state before σ: {@link PreactivationCell}. */
    public RnnSpec preactivation() {
        return choose(PREACTIVATION);
    }

    /**
     * Also the step before the last is seen, through a matrix U_2 of its own (Lin et al. 1996): {@link TimeSkipCell}.
     */
    public RnnSpec timeSkip() { return choose(TIME_SKIP); }

    /**
     * Each unit sees only its own past (Li et al. 2018), with ReLU where no non-linearity is chosen, as published:
     * {@link IndRnnCell}.
     */
    public RnnSpec independent() { return choose(INDEPENDENT); }

    @Override GatedCell<? extends State> cell(int in, Rng rng) {
        if (variant == PREACTIVATION) return new PreactivationCell(in, hiddenSize, chosen(), rng);
        if (variant == TIME_SKIP) return new TimeSkipCell(in, hiddenSize, chosen(), rng);
        if (variant == INDEPENDENT) return new IndRnnCell(in, hiddenSize, chosen(), rng);
        return new ElmanCell(in, hiddenSize, chosen(), rng);
    }

    @Override SequenceLayer whole(GatedCell<?> cell, String more) { return new Rnn((ElmanCell) cell, learned, more); }

    private Nonlinearity chosen() {
        if (nonlinearity != null) return nonlinearity;
        return variant == INDEPENDENT ? Nonlinearity.RELU : Nonlinearity.TANH;
    }

    @Override String variantText() { return ", " + chosen() + variant.text(); }
}
