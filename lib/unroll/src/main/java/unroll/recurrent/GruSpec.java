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

    private final Gates gates;
    private final GruConvention convention;                                // null where none was chosen

    GruSpec(int inputSize, int hiddenSize) { this(new Common("Gru", inputSize, hiddenSize), Gates.ALL, null); }

    private GruSpec(Common common, Gates gates, GruConvention convention) {
        super(common);
        this.gates = gates;
        this.convention = convention;
    }

    private GruSpec with(Gates chosen) {
        if (convention != null) throw contradiction(chosen.text + "()", "convention(..)");
        if (gates != Gates.ALL && gates != chosen) throw contradiction(chosen.text + "()", gates.text + "()");
        return new GruSpec(common(), chosen, null);
    }

    @Override GruSpec with(Common changed) { return new GruSpec(changed, gates, convention); }

    /** How the equations are written; without this as PyTorch does, {@link GruConvention#KEEPS_OLD_RESET_AFTER}. */
    public GruSpec convention(GruConvention convention) {
        Objects.requireNonNull(convention, "convention");
        if (gates != Gates.ALL) throw contradiction("convention(..)", gates.text + "()");
        return new GruSpec(common(), gates, convention);
    }

    /** An update gate and no reset gate: {@link SimplifiedGruCell}. */
    public GruSpec simplified() {
        return with(Gates.SIMPLIFIED);
    }

    /** One gate for both, the minimal gated unit (Zhou et al. 2016): {@link MinimalGatedUnitCell}. */
    public GruSpec minimal() {
        return with(Gates.MINIMAL);
    }

    @Override SequenceLayer layer(int in, Rng rng) {
        int H = hiddenSize();
        return switch (gates) {
            case ALL -> new Gru(started(new GruCell(in, H, chosen(), rng), rng), learnsInitialState(), startText());
            case SIMPLIFIED -> unrolled(started(new SimplifiedGruCell(in, H, rng), rng));
            case MINIMAL -> unrolled(started(new MinimalGatedUnitCell(in, H, rng), rng));
        };
    }

    private GruConvention chosen() { return convention == null ? GruConvention.KEEPS_OLD_RESET_AFTER : convention; }

    @Override String variant() { return gates == Gates.ALL ? chosen().suffix() : ", " + gates.text; }

    @Override boolean fused() { return gates == Gates.ALL; }
}
