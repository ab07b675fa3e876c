package unroll.recurrent;

import java.util.Objects;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of a simple recurrent network: the non-linearity, and which past the hidden units see.
 *
 * <pre>{@code
 * SequenceLayer layer = Rnn.of(16, 32).tanh().recurrentInit(Initializer.orthogonal().times(0.9)).build(rng);
 * }</pre>
 */
public final class RnnSpec extends RecurrentSpec<RnnSpec> {
    private enum Past {
        LAST_STATE("", ""), PREACTIVATION("preactivation()", ", state before σ"), TIME_SKIP("timeSkip()",
                ", skip over time"), INDEPENDENT("independent()", ", independent");

        private final String setting, text;

        Past(String setting, String text) {
            this.setting = setting;
            this.text = text;
        }
    }

    private Past past = Past.LAST_STATE;
    private Nonlinearity nonlinearity;                                     // null where none was chosen

    RnnSpec(int inputSize, int hiddenSize) { super("Rnn", inputSize, hiddenSize); }

    private RnnSpec choose(Past chosen) {
        if (past != Past.LAST_STATE && past != chosen) throw contradiction(chosen.setting, past.setting);
        return with(spec -> spec.past = chosen);
    }

    @Override void check() {
        if (past == Past.INDEPENDENT && recurrent != null)
            throw contradiction("recurrentInit(..), which fills a matrix U,", past.setting);
    }

    /** σ = tanh: so it is where nothing is said, except in {@link #independent()}. */
    public RnnSpec tanh() {
        return nonlinearity(Nonlinearity.TANH);
    }

    /** σ(z) = max(0, z). */
    public RnnSpec relu() {
        return nonlinearity(Nonlinearity.RELU);
    }

    /** σ(z) = 1 / (1 + exp(-z)). */
    public RnnSpec logistic() {
        return nonlinearity(Nonlinearity.LOGISTIC);
    }

    RnnSpec nonlinearity(Nonlinearity chosen) {
        Objects.requireNonNull(chosen, "nonlinearity");
        return with(spec -> spec.nonlinearity = chosen);
    }

    /** The state is what stands before the non-linearity: {@link PreactivationCell}. */
    public RnnSpec preactivation() {
        return choose(Past.PREACTIVATION);
    }

    /**
     * Also the step before the last is seen, through a matrix U_2 of its own (Lin et al. 1996): {@link TimeSkipCell}.
     */
    public RnnSpec timeSkip() {
        return choose(Past.TIME_SKIP);
    }

    /**
     * Each unit sees only its own past (Li et al. 2018), with ReLU where no non-linearity is chosen, as published:
     * {@link IndRnnCell}.
     */
    public RnnSpec independent() {
        return choose(Past.INDEPENDENT);
    }

    @Override SequenceLayer layer(int in, Rng rng) {
        int H = hiddenSize;
        return switch (past) {
            case LAST_STATE ->
                new Rnn(started(new ElmanCell(in, H, chosen(), rng), rng), learned, startText());
            case PREACTIVATION -> unrolled(new PreactivationCell(in, H, chosen(), rng), rng);
            case TIME_SKIP -> unrolled(new TimeSkipCell(in, H, chosen(), rng), rng);
            case INDEPENDENT -> unrolled(new IndRnnCell(in, H, chosen(), rng), rng);
        };
    }

    private Nonlinearity chosen() {
        if (nonlinearity != null) return nonlinearity;
        return past == Past.INDEPENDENT ? Nonlinearity.RELU : Nonlinearity.TANH;
    }

    @Override String variant() { return ", " + chosen() + past.text; }

    @Override boolean fused() { return past == Past.LAST_STATE; }
}
