package unroll.recurrent;

import java.util.Objects;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of gated recurrent units: in any {@link GruConvention}, or with fewer gates.
 *
 * <pre>{@code
 * SequenceLayer layer = Gru.of(64, 256).convention(GruConvention.KEEPS_NEW_RESET_BEFORE).layers(2).build(rng);
 * }</pre>
 */
public final class GruSpec extends RecurrentSpec<GruSpec> {
    private enum Gates {
        ALL(""), SIMPLIFIED("simplified"), MINIMAL("minimal");

        private final String text;

        Gates(String text) { this.text = text; }
    }

    private Gates gates = Gates.ALL;
    private GruConvention convention;                                      // null where none was chosen

    GruSpec(int inputSize, int hiddenSize) { super("Gru", inputSize, hiddenSize); }

    private GruSpec choose(Gates chosen) {
        if (convention != null) throw contradiction(chosen.text + "()", "convention(..)");
        if (gates != Gates.ALL && gates != chosen) throw contradiction(chosen.text + "()", gates.text + "()");
        return with(spec -> spec.gates = chosen);
    }

    /** How the equations are written; without this as PyTorch does, {@link GruConvention#KEEPS_OLD_RESET_AFTER}. */
    public GruSpec convention(GruConvention convention) {
        Objects.requireNonNull(convention, "convention");
        if (gates != Gates.ALL) throw contradiction("convention(..)", gates.text + "()");
        return with(spec -> spec.convention = convention);
    }

    /** An update gate and no reset gate: {@link SimplifiedGruCell}. */
    public GruSpec simplified() {
        return choose(Gates.SIMPLIFIED);
    }

    /** One gate for both, the minimal gated unit (Zhou et al. 2016): {@link MinimalGatedUnitCell}. */
    public GruSpec minimal() {
        return choose(Gates.MINIMAL);
    }

    @Override SequenceLayer layer(int in, Rng rng) {
        int H = hiddenSize;
        return switch (gates) {
            case ALL -> new Gru(started(new GruCell(in, H, chosen(), rng), rng), learned, startText());
            case SIMPLIFIED -> unrolled(new SimplifiedGruCell(in, H, rng), rng);
            case MINIMAL -> unrolled(new MinimalGatedUnitCell(in, H, rng), rng);
        };
    }

    private GruConvention chosen() { return convention == null ? GruConvention.KEEPS_OLD_RESET_AFTER : convention; }

    @Override String variant() { return gates == Gates.ALL ? chosen().suffix() : ", " + gates.text; }

    @Override boolean fused() { return gates == Gates.ALL; }
}
