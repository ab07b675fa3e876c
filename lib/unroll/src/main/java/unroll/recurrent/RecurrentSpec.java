package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of a recurrent layer: {@link Rnn#of}, {@link Lstm#of} and {@link Gru#of} give one. Immutable: each setting gives a new one.
 *
 * <pre>{@code
 * SequenceLayer layer = Lstm.of(64, 256).layers(2).bidirectional().dropout(0.2).build(rng);
 * }</pre>
 */
public final class RecurrentSpec implements SequenceLayer.Spec {
    /** Makes one layer in one direction. */
    @FunctionalInterface
    interface Kind {
        SequenceLayer layer(int inputSize, int hiddenSize, Rng rng);
    }

    private enum Directions {
        /** Forward only. */
        ONE,
        /** Both in each layer, side by side. */
        CONCATENATED,
        /** Both in each layer, added. */
        ADDED,
        /** A whole stack for each, put side by side at the top. */
        SEPARATE
    }

    private record Depth(int layers, double dropout, boolean residual, boolean norm) {
    }

    private final String name;
    private final Kind kind;
    private final int inputSize, hiddenSize;
    private final Depth depth;
    private final Directions directions;

    RecurrentSpec(String name, Kind kind, int inputSize, int hiddenSize) {
        this(name, kind, Sizes.positive(name, "input size", inputSize), Sizes.positive(name, "hidden size", hiddenSize),
                new Depth(1, 0, false, false), Directions.ONE);
    }

    private RecurrentSpec(String name, Kind kind, int inputSize, int hiddenSize, Depth depth, Directions directions) {
        this.name = name;
        this.kind = kind;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.depth = depth;
        this.directions = directions;
    }

    private RecurrentSpec with(Depth changed) { return new RecurrentSpec(name, kind, inputSize, hiddenSize, changed, directions); }

    private RecurrentSpec with(Directions changed) { return new RecurrentSpec(name, kind, inputSize, hiddenSize, depth, changed); }

    /** So many layers on top of each other: {@link Stacked}. */
    public RecurrentSpec layers(int layers) {
        return with(new Depth(Sizes.positive(name, "number of layers", layers), depth.dropout, depth.residual, depth.norm));
    }

    /** The probability of dropout between layers. */
    public RecurrentSpec dropout(double p) {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException(name + ": expected a dropout probability in [0, 1) but got " + p);
        return with(new Depth(depth.layers, p, depth.residual, depth.norm));
    }

    /** Each layer above the first adds its input to its output. */
    public RecurrentSpec residual() {
        return with(new Depth(depth.layers, depth.dropout, true, depth.norm));
    }

    /** What each layer gives is normalized before it goes up. */
    public RecurrentSpec layerNorm() {
        return with(new Depth(depth.layers, depth.dropout, depth.residual, true));
    }

    /** Each layer reads in both directions and gives both outputs side by side to the one above, as in PyTorch. */
    public RecurrentSpec bidirectional() {
        return with(Directions.CONCATENATED);
    }

    /** Each layer reads in both directions and gives the sum of both outputs to the one above. */
    public RecurrentSpec bidirectionalAdded() {
        return with(Directions.ADDED);
    }

    /** One stack reads forward, another one backward; they meet only at the top, side by side. */
    public RecurrentSpec separateDirections() {
        return with(Directions.SEPARATE);
    }

    @Override public SequenceLayer build(Rng rng) {
        if (directions == Directions.SEPARATE)
            return new Bidirectional(with(Directions.ONE).build(rng.split()), with(Directions.ONE).build(rng.split()),
                    Bidirectional.Combination.CONCATENATED);
        List<SequenceLayer> all = new ArrayList<>();
        for (int l = 0; l < depth.layers; l++) all.add(layer(l == 0 ? inputSize : all.get(l - 1).outputSize(), rng));
        return depth.layers == 1 && !depth.norm ? all.get(0) : new Stacked(all, depth.dropout, depth.residual, depth.norm, rng);
    }

    private SequenceLayer layer(int in, Rng rng) {
        SequenceLayer forward = kind.layer(in, hiddenSize, rng.split());
        if (directions == Directions.ONE) return forward;
        return new Bidirectional(forward, kind.layer(in, hiddenSize, rng.split()),
                directions == Directions.ADDED ? Bidirectional.Combination.ADDED : Bidirectional.Combination.CONCATENATED);
    }

    @Override public int inputSize() { return inputSize; }

    @Override public String toString() {
        return name + "(input=" + inputSize + ", hidden=" + hiddenSize + (depth.layers > 1 ? ", layers=" + depth.layers : "") + switch (directions) {
            case ONE -> "";
            case CONCATENATED -> ", bidirectional";
            case ADDED -> ", bidirectional added";
            case SEPARATE -> ", separate directions";
        } + (depth.dropout > 0 ? ", dropout=" + depth.dropout : "") + (depth.residual ? ", residual" : "") + (depth.norm ? ", layer norm" : "") + ")";
    }
}
