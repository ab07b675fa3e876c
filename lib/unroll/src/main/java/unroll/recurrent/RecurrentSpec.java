package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

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
public abstract sealed class RecurrentSpec<Self extends RecurrentSpec<Self>> implements SequenceLayer.Spec, Cloneable
        permits LstmSpec, GruSpec, RnnSpec, ScanSpec {
    /** Forward only, both in each layer side by side or added, or a whole stack for each, side by side at the top. */
    enum Directions {
        ONE(""), CONCATENATED(", bidirectional"), ADDED(", bidirectional added"), SEPARATE(", separate directions");

        private final String text;

        Directions(String text) { this.text = text; }
    }

    /** One of the recurrences of a kind: the setting that chooses it, and what toString() says of it. */
    record Variant(String setting, String text) {
        static final Variant USUAL = new Variant("", "");
    }

    final String name;
    final int inputSize, hiddenSize;
    // set in a copy that nobody else has seen yet
    Variant variant = Variant.USUAL;
    int layers = 1;
    double dropout;
    boolean residual, norm;
    Directions directions = Directions.ONE;
    Initializer input, recurrent;                                          // null for what the cell does by itself
    boolean learned;

    RecurrentSpec(String name, int inputSize, int hiddenSize) {
        this.name = name;
        this.inputSize = GatedCell.positive(name, "input size", inputSize);
        this.hiddenSize = GatedCell.positive(name, "hidden size", hiddenSize);
    }

    /** The same with a change, which is made in a copy. */
    @SuppressWarnings("unchecked") // a clone is of the same class
    final Self with(Consumer<Self> change) {
        try {
            Self copy = (Self) clone();
            change.accept(copy);
            copy.check();
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Throws where two settings contradict each other. */
    void check() {}

    /** A cell of this recurrence; upper layers read another size than the lowest. */
    abstract GatedCell<? extends State> cell(int in, Rng rng);

    /** The layer of the usual recurrence, which needs no {@link Unrolled}. */
    abstract SequenceLayer whole(GatedCell<?> cell, String more);

    /** For toString(): {@code ", peepholes"}. */
    String variantText() { return variant.text; }

    /** Another recurrence than the usual one. */
    final Self choose(Variant chosen) {
        if (variant != Variant.USUAL && variant != chosen) throw contradiction(chosen.setting, variant.setting);
        return with(spec -> spec.variant = chosen);
    }

    /** So many layers on top of each other: {@link Stacked}. */
    public final Self layers(int layers) {
        GatedCell.positive(name, "number of layers", layers);
        return with(spec -> spec.layers = layers);
    }

    /** The probability of dropout between layers. */
    public final Self dropout(double p) {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException(
                    Message.of(name + ": expected a dropout probability in [0, 1) but got " + p));
        return with(spec -> spec.dropout = p);
    }

    /** Upper layers add their input. */
    public final Self residual() { return with(spec -> spec.residual = true); }

    /** What layers give is normalized. */
    public final Self layerNorm() { return with(spec -> spec.norm = true); }

    /** Each layer reads in both directions and gives both outputs side by side to the one above, as in PyTorch. */
    public final Self bidirectional() {
        return with(spec -> spec.directions = Directions.CONCATENATED);
    }

    /** Each layer reads in both directions and gives the sum of both outputs to the one above. */
    public final Self bidirectionalAdded() {
        return with(spec -> spec.directions = Directions.ADDED);
    }

    /** One stack reads forward, another one backward; they meet only at the top, side by side. */
    public final Self separateDirections() {
        return with(spec -> spec.directions = Directions.SEPARATE);
    }

    /** How W, which x is multiplied with, starts: each gate gets a matrix {@code [I, H]} of its own. */
    public final Self inputInit(Initializer initializer) {
        Objects.requireNonNull(initializer, "initializer");
        return with(spec -> spec.input = initializer);
    }

    /** How U, which the last state is multiplied with, starts: each gate gets a matrix {@code [H, H]} of its own. */
    public final Self recurrentInit(Initializer initializer) {
        Objects.requireNonNull(initializer, "initializer");
        return with(spec -> spec.recurrent = initializer);
    }

    /**
     * The state before the first step is learned with the weights, and starts in zeros: {@link LearnedInitialState}.
     */
    public final Self learnedInitialState() { return with(spec -> spec.learned = true); }

    @Override public final SequenceLayer build(Rng rng) {
        if (directions == Directions.SEPARATE) {
            Self one = with(spec -> spec.directions = Directions.ONE);
            return new Bidirectional(one.build(rng.split()), one.build(rng.split()),
                    Bidirectional.Combination.CONCATENATED);
        }
        List<SequenceLayer> all = new ArrayList<>();
        for (int l = 0; l < layers; l++)
            all.add(bothDirections(l == 0 ? inputSize : all.get(l - 1).outputSize(), rng));
        return layers == 1 && !norm ? all.get(0) : new Stacked(all, dropout, residual, norm, rng);
    }

    private SequenceLayer bothDirections(int in, Rng rng) {
        SequenceLayer forward = layer(in, rng.split());
        if (directions == Directions.ONE) return forward;
        return new Bidirectional(forward, layer(in, rng.split()),
                directions == Directions.ADDED
                        ? Bidirectional.Combination.ADDED
                        : Bidirectional.Combination.CONCATENATED);
    }

    private SequenceLayer layer(int in, Rng rng) {
        GatedCell<?> cell = cell(in, rng);
        start(cell, rng);
        return variant == Variant.USUAL ? whole(cell, startText()) : unrolled(cell);
    }

    private <S extends State> SequenceLayer unrolled(GatedCell<S> cell) {
        return new Unrolled<>(LearnedInitialState.around(cell, learned), text(cell.inputSize(), ""));
    }

    /** What is drawn here comes after the cell's own draws, so that other weights stay as they are. */
    private void start(GatedCell<?> cell, Rng rng) {
        List<Parameter> matrices = cell.recurrentMatrices();
        if (recurrent != null && matrices.isEmpty())
            throw new IllegalArgumentException(Message.of(this + ": recurrentInit(..) has no matrix U to fill here"));
        if (input != null) fill(cell.w(), input, rng);
        if (recurrent != null) for (Parameter u : matrices) fill(u, recurrent, rng);
    }

    /** Gate by gate. */
    private void fill(Parameter weight, Initializer initializer, Rng rng) {
        List<Tensor> gates = new ArrayList<>();
        for (int from = 0; from < weight.size(1); from += hiddenSize)
            gates.add(initializer.values(weight.size(0), hiddenSize, rng));
        weight.set(Tensor.concat(1, gates));
    }

    /** How weights and states begin, for toString(), where that was chosen. */
    private String startText() {
        return (input == null ? "" : ", inputInit=" + text(input))
                + (recurrent == null ? "" : ", recurrentInit=" + text(recurrent))
                + (learned ? ", learned initial state" : "");
    }

    /** A lambda's own name would differ from run to run. */
    private static String text(Initializer init) {
        return init.getClass().isHidden() ? "own function" : init.toString();
    }

    /** That two settings were chosen which no published recurrence has together. */
    final IllegalArgumentException contradiction(String chosen, String before) {
        return new IllegalArgumentException(
                Message.of(this + ": " + chosen + " contradicts " + before + "; choose one of the two"));
    }

    @Override public final int inputSize() { return inputSize; }

    private String text(int in, String more) {
        return name + "(input=" + in + ", hidden=" + hiddenSize + variantText() + startText() + more
                + (variant == Variant.USUAL ? "" : "; unrolled") + ")";
    }

    @Override public final String toString() {
        return text(inputSize, (layers > 1 ? ", layers=" + layers : "") + directions.text
                + (dropout > 0 ? ", dropout=" + dropout : "") + (residual ? ", residual" : "")
                + (norm ? ", layer norm" : ""));
    }
}
