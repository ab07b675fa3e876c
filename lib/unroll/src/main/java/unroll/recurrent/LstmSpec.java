package unroll.recurrent;

import java.util.Arrays;

import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * The configuration of a long short-term memory: the usual one of {@link LstmCell}, or another published one.
 *
 * <pre>{@code
 * SequenceLayer layer = Lstm.of(64, 256).peepholes().forgetBias(1).layers(2).build(rng);
 * }</pre>
 */
public final class LstmSpec extends RecurrentSpec<LstmSpec> {
    private static final int FORGET = 1;                                   // its place among the gates i, f, g, o

    private static final Variant NO_FORGET_GATE = new Variant("withoutForgetGate()", ", without forget gate"),
            PEEPHOLES = new Variant("peepholes()", ", peepholes"),
            COUPLED = new Variant("coupledGates()", ", coupled gates");

    private Double forgetBias;                                             // null where it starts like the other biases

    LstmSpec(int inputSize, int hiddenSize) { super("Lstm", inputSize, hiddenSize); }

    @Override void check() {
        if (forgetBias != null && (variant == NO_FORGET_GATE || variant == COUPLED))
            throw contradiction("forgetBias(..)", variant.setting());
    }

    /**
     * As first published (Hochreiter and Schmidhuber 1997), what is written to the memory stays there:
     * {@link NoForgetGateLstmCell}.
     */
    public LstmSpec withoutForgetGate() { return choose(NO_FORGET_GATE); }

    /** Gates see the memory too: {@link PeepholeLstmCell}. */
    public LstmSpec peepholes() { return choose(PEEPHOLES); }

    /** The forget gate is 1 - i: {@link CoupledLstmCell}. */
    public LstmSpec coupledGates() { return choose(COUPLED); }

    /**
     * The bias of the forget gate starts at this number in all units. At 1 or 2 the memory is kept at first, so that
     * gradients reach far back (Gers et al. 2000, Jozefowicz et al. 2015).
     *
     * @throws IllegalArgumentException where there is no forget gate with a bias of its own
     */
    public LstmSpec forgetBias(double bias) {
        if (!Double.isFinite(bias))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a finite bias of the forget gate but got " + bias));
        return with(spec -> spec.forgetBias = bias);
    }

    @Override GatedCell<LstmState> cell(int in, Rng rng) {
        if (variant == NO_FORGET_GATE) return new NoForgetGateLstmCell(in, hiddenSize, rng);
        if (variant == COUPLED) return new CoupledLstmCell(in, hiddenSize, rng);
        GatedCell<LstmState> cell = variant == PEEPHOLES
                ? new PeepholeLstmCell(in, hiddenSize, rng)
                : new LstmCell(in, hiddenSize, rng);
        if (forgetBias != null)
            cell.b().update(b -> Arrays.fill(b, FORGET * hiddenSize, (FORGET + 1) * hiddenSize,
                    forgetBias.floatValue()));
        return cell;
    }

    @Override SequenceLayer whole(GatedCell<?> cell, String more) {
        return new Lstm((LstmCell) cell, learned, variantText() + more);
    }

    @Override String variantText() { return variant.text() + (forgetBias == null ? "" : ", forgetBias=" + forgetBias); }
}
