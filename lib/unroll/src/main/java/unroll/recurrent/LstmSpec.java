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

    private enum Gates {
        ALL("", ""), NO_FORGET_GATE("withoutForgetGate()", ", without forget gate"), PEEPHOLES("peepholes()",
                ", peepholes"), COUPLED("coupledGates()", ", coupled gates");

        private final String setting, text;

        Gates(String setting, String text) {
            this.setting = setting;
            this.text = text;
        }
    }

    private Gates gates = Gates.ALL;
    private Double forgetBias;                                             // null where it starts like the other biases

    LstmSpec(int inputSize, int hiddenSize) { super("Lstm", inputSize, hiddenSize); }

    private LstmSpec choose(Gates chosen) {
        if (gates != Gates.ALL && gates != chosen) throw contradiction(chosen.setting, gates.setting);
        return with(spec -> spec.gates = chosen);
    }

    @Override void check() {
        if (forgetBias != null && (gates == Gates.NO_FORGET_GATE || gates == Gates.COUPLED))
            throw contradiction("forgetBias(..)", gates.setting);
    }

    /**
     * As first published (Hochreiter and Schmidhuber 1997), what is written to the memory stays there:
     * {@link NoForgetGateLstmCell}.
     */
    public LstmSpec withoutForgetGate() {
        return choose(Gates.NO_FORGET_GATE);
    }

    /** Each gate sees its own memory cell (Gers and Schmidhuber 2000): {@link PeepholeLstmCell}. */
    public LstmSpec peepholes() {
        return choose(Gates.PEEPHOLES);
    }

    /** The forget gate is 1 - i, one minus the input gate (Greff et al. 2017): {@link CoupledLstmCell}. */
    public LstmSpec coupledGates() {
        return choose(Gates.COUPLED);
    }

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

    @Override SequenceLayer layer(int in, Rng rng) {
        int H = hiddenSize;
        return switch (gates) {
            case ALL -> {
                LstmCell cell = started(new LstmCell(in, H, rng), rng);
                setForgetBias(cell);
                yield new Lstm(cell, learned, variant() + startText());
            }
            case PEEPHOLES -> {
                PeepholeLstmCell cell = new PeepholeLstmCell(in, H, rng);
                setForgetBias(cell);
                yield unrolled(cell, rng);
            }
            case NO_FORGET_GATE -> unrolled(new NoForgetGateLstmCell(in, H, rng), rng);
            case COUPLED -> unrolled(new CoupledLstmCell(in, H, rng), rng);
        };
    }

    private void setForgetBias(GatedCell<LstmState> cell) {
        if (forgetBias == null) return;
        cell.b().update(b -> Arrays.fill(b, FORGET * hiddenSize, (FORGET + 1) * hiddenSize, forgetBias.floatValue()));
    }

    @Override String variant() { return gates.text + (forgetBias == null ? "" : ", forgetBias=" + forgetBias); }

    @Override boolean fused() { return gates == Gates.ALL; }
}
