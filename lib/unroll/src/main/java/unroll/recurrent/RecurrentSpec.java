package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import unroll.nn.Initializer;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * The configuration of a recurrent layer: {@link Rnn#of}, {@link Lstm#of} and {@link Gru#of} give one. Immutable: each
 * setting gives a new one, of the same kind, so that settings of the kind and those of all layers mix in any order.
 *
 * <pre>{@code
 * SequenceLayer layer = Lstm.of(64, 256).peepholes().layers(2).bidirectional().dropout(0.2).build(rng);
 * }</pre>
 *
 * Weights start as the documentation of the cells says, unless an initializer is given; biases always do.
 *
 * @param <Self> the kind of configuration
 */
public abstract sealed class RecurrentSpec<Self extends RecurrentSpec<Self>> implements SequenceLayer.Spec
        permits LstmSpec, GruSpec, RnnSpec, CellSpec {
    private enum Directions {
        /** Forward only. */
        ONE(""),
        /** Both in each layer, side by side. */
        CONCATENATED(", bidirectional"),
        /** Both in each layer, added. */
        ADDED(", bidirectional added"),
        /** A whole stack for each, put side by side at the top. */
        SEPARATE(", separate directions");

        private final String text;

        Directions(String text) { this.text = text; }
    }

    private record Depth(int layers, double dropout, boolean residual, boolean norm) {
    }

    /** How weights and states begin; null for what the cell does by itself. */
    private record Start(Initializer input, Initializer recurrent, boolean learned) {
    }

    /** What all kinds have in common. */
    record Common(String name, int inputSize, int hiddenSize, Depth depth, Directions directions, Start start) {
        Common(String name, int inputSize, int hiddenSize) {
            this(name, Sizes.positive(name, "input size", inputSize), Sizes.positive(name, "hidden size", hiddenSize),
                    new Depth(1, 0, false, false),
                    Directions.ONE, new Start(null, null, false));
        }

        private Common with(Depth changed) {
            return new Common(name, inputSize, hiddenSize, changed, directions, start);
        }

        private Common with(Directions changed) {
            return new Common(name, inputSize, hiddenSize, depth, changed, start);
        }

        private Common with(Start changed) {
            return new Common(name, inputSize, hiddenSize, depth, directions, changed);
        }
    }

    private final Common common;
    private final Depth depth;
    private final Start start;

    RecurrentSpec(Common common) {
        this.common = common;
        depth = common.depth;
        start = common.start;
    }

    /** The same kind with other common settings. */
    abstract Self with(Common changed);

    /** One layer in one direction; upper ones read another size than the lowest. */
    abstract SequenceLayer layer(int in, Rng rng);

    /** Which recurrence it is, for toString(): {@code ", peepholes"}. Empty for the usual one. */
    abstract String variant();

    /** Whether the layers have a backward pass of their own. */
    abstract boolean fused();

    /** So many layers on top of each other: {@link Stacked}. */
    public final Self layers(int layers) {
        return with(common.with(new Depth(Sizes.positive(common.name, "number of layers", layers), depth.dropout,
                depth.residual, depth.norm)));
    }

    /** The probability of dropout between layers. */
    public final Self dropout(double p) {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException(
                    Message.of(common.name + ": expected a dropout probability in [0, 1) but got " + p));
        return with(common.with(new Depth(depth.layers, p, depth.residual, depth.norm)));
    }

    /** Each layer above the first adds its input to its output. */
    public final Self residual() {
        return with(common.with(new Depth(depth.layers, depth.dropout, true, depth.norm)));
    }

    /** What each layer gives is normalized before it goes up. */
    public final Self layerNorm() {
        return with(common.with(new Depth(depth.layers, depth.dropout, depth.residual, true)));
    }

    /** Each layer reads in both directions and gives both outputs side by side to the one above, as in PyTorch. */
    public final Self bidirectional() {
        return with(common.with(Directions.CONCATENATED));
    }

    /** Each layer reads in both directions and gives the sum of both outputs to the one above. */
    public final Self bidirectionalAdded() {
        return with(common.with(Directions.ADDED));
    }

    /** One stack reads forward, another one backward; they meet only at the top, side by side. */
    public final Self separateDirections() {
        return with(common.with(Directions.SEPARATE));
    }

    /** How W, which x is multiplied with, starts: each gate gets a matrix {@code [I, H]} of its own. */
    public final Self inputInit(Initializer initializer) {
        return with(common
                .with(new Start(Objects.requireNonNull(initializer, "initializer"), start.recurrent, start.learned)));
    }

    /** How U, which the last state is multiplied with, starts: each gate gets a matrix {@code [H, H]} of its own. */
    public final Self recurrentInit(Initializer initializer) {
        return with(
                common.with(new Start(start.input, Objects.requireNonNull(initializer, "initializer"), start.learned)));
    }

    /**
     * The state before the first step is learned with the weights, and starts in zeros: {@link LearnedInitialState}.
     */
    public final Self learnedInitialState() {
        return with(common.with(new Start(start.input, start.recurrent, true)));
    }

    @Override public final SequenceLayer build(Rng rng) {
        if (common.directions == Directions.SEPARATE) {
            Self one = with(common.with(Directions.ONE));
            return new Bidirectional(one.build(rng.split()), one.build(rng.split()),
                    Bidirectional.Combination.CONCATENATED);
        }
        List<SequenceLayer> all = new ArrayList<>();
        for (int l = 0; l < depth.layers; l++)
            all.add(bothDirections(l == 0 ? common.inputSize : all.get(l - 1).outputSize(), rng));
        return depth.layers == 1 && !depth.norm
                ? all.get(0)
                : new Stacked(all, depth.dropout, depth.residual, depth.norm, rng);
    }

    private SequenceLayer bothDirections(int in, Rng rng) {
        SequenceLayer forward = layer(in, rng.split());
        if (common.directions == Directions.ONE) return forward;
        return new Bidirectional(forward, layer(in, rng.split()),
                common.directions == Directions.ADDED
                        ? Bidirectional.Combination.ADDED
                        : Bidirectional.Combination.CONCATENATED);
    }

    /**
     * A cell whose weights start as this says. What is drawn here comes after the cell's own draws, so the others stay
     * as they are.
     */
    final <C extends Cell<?>> C started(C cell, Rng rng) {
        boolean recurrent = false;
        for (Parameter p : cell.parameters()) {
            if (p.rank() != 2) continue;
            recurrent |= p.name().startsWith("u");
            Initializer init = p.name().equals("w") ? start.input : p.name().startsWith("u") ? start.recurrent : null;
            if (init == null) continue;
            List<Tensor> gates = new ArrayList<>();
            for (int from = 0; from < p.size(1); from += cell.hiddenSize())
                gates.add(init.values(p.size(0), cell.hiddenSize(), rng));
            p.set(Tensor.concat(1, gates));
        }
        if (start.recurrent != null && !recurrent)
            throw new IllegalArgumentException(Message.of(this + ": recurrentInit(..) has no matrix U to fill here"));
        return cell;
    }

    /** A layer that runs a cell without a backward pass of its own. */
    final <S extends State> SequenceLayer unrolled(Cell<S> cell) {
        return new Unrolled<>(LearnedInitialState.around(cell, start.learned), text(cell.inputSize(), "", false));
    }

    final Common common() { return common; }

    final int hiddenSize() { return common.hiddenSize; }

    final boolean learnsInitialState() { return start.learned; }

    final boolean choosesRecurrentInit() { return start.recurrent != null; }

    /** How weights and states begin, for toString(), where that was chosen. */
    final String startText() {
        return (start.input == null ? "" : ", inputInit=" + name(start.input))
                + (start.recurrent == null ? "" : ", recurrentInit=" + name(start.recurrent))
                + (start.learned ? ", learned initial state" : "");
    }

    /** A lambda's own name would differ from run to run. */
    private static String name(Initializer init) {
        return init.getClass().isHidden() ? "own function" : init.toString();
    }

    /** That two settings were chosen which no published recurrence has together. */
    final IllegalArgumentException contradiction(String chosen, String before) {
        return new IllegalArgumentException(
                Message.of(this + ": " + chosen + " contradicts " + before + "; choose one of the two"));
    }

    @Override public final int inputSize() { return common.inputSize; }

    private String text(int in, String more, boolean fused) {
        return common.name + "(input=" + in + ", hidden=" + common.hiddenSize + variant() + startText() + more
                + (fused ? "" : "; unrolled") + ")";
    }

    @Override public final String toString() {
        return text(common.inputSize, (depth.layers > 1 ? ", layers=" + depth.layers : "") + common.directions.text
                + (depth.dropout > 0 ? ", dropout=" + depth.dropout : "") + (depth.residual ? ", residual" : "")
                + (depth.norm ? ", layer norm" : ""),
                fused());
    }
}
