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
    private static final Variant SIMPLIFIED = new Variant("simplified()", ", simplified"),
            MINIMAL = new Variant("minimal()", ", minimal");

    private GruConvention convention;                                      // null where none was chosen

    GruSpec(int inputSize, int hiddenSize) { super("Gru", inputSize, hiddenSize); }

    /** How the equations are written; without this as PyTorch does, {@link GruConvention#KEEPS_OLD_RESET_AFTER}. */
    public GruSpec convention(GruConvention convention) {
        Objects.requireNonNull(convention, "convention");
        if (variant != Variant.USUAL) throw contradiction("convention(..)", variant.setting());
        return with(spec -> spec.convention = convention);
    }

    /** No reset gate: {@link SimplifiedGruCell}. */
    public GruSpec simplified() { return fewerGates(SIMPLIFIED); }

    /** One gate for both: {@link MinimalGatedUnitCell}. */
    public GruSpec minimal() { return fewerGates(MINIMAL); }

    private GruSpec fewerGates(Variant chosen) {
        if (convention != null) throw contradiction(chosen.setting(), "convention(..)");
        return choose(chosen);
    }

    @Override GatedCell<Hidden> cell(int in, Rng rng) {
        if (variant == SIMPLIFIED) return new SimplifiedGruCell(in, hiddenSize, rng);
        if (variant == MINIMAL) return new MinimalGatedUnitCell(in, hiddenSize, rng);
        return new GruCell(in, hiddenSize, chosen(), rng);
    }

    @Override SequenceLayer whole(GatedCell<?> cell, String more) { return new Gru((GruCell) cell, learned, more); }

    private GruConvention chosen() { return convention == null ? GruConvention.KEEPS_OLD_RESET_AFTER : convention; }

    @Override String variantText() { return variant == Variant.USUAL ? chosen().suffix() : variant.text(); }
}
