package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of a recurrent layer: {@link Rnn#of}, {@link Lstm#of} and {@link Gru#of} give one. Immutable: each setting gives a new one.
 *
 * <pre>{@code
 * SequenceLayer layer = Lstm.of(64, 256).layers(2).dropout(0.2).build(rng);
 * }</pre>
 */
public final class RecurrentSpec implements SequenceLayer.Spec {
    /** Makes one layer. */
    @FunctionalInterface
    interface Kind {
        SequenceLayer layer(int inputSize, int hiddenSize, Rng rng);
    }

    private final String name;
    private final Kind kind;
    private final int inputSize, hiddenSize, layers;
    private final double dropout;

    RecurrentSpec(String name, Kind kind, int inputSize, int hiddenSize, int layers, double dropout) {
        this.name = name;
        this.kind = kind;
        this.inputSize = Sizes.positive(name, "input size", inputSize);
        this.hiddenSize = Sizes.positive(name, "hidden size", hiddenSize);
        this.layers = Sizes.positive(name, "number of layers", layers);
        this.dropout = dropout;
    }

    /** So many layers on top of each other: {@link Stacked}. */
    public RecurrentSpec layers(int layers) {
        return new RecurrentSpec(name, kind, inputSize, hiddenSize, layers, dropout);
    }

    /** The probability of dropout between layers. */
    public RecurrentSpec dropout(double p) {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException(name + ": expected a dropout probability in [0, 1) but got " + p);
        return new RecurrentSpec(name, kind, inputSize, hiddenSize, layers, p);
    }

    @Override public SequenceLayer build(Rng rng) {
        List<SequenceLayer> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) all.add(kind.layer(l == 0 ? inputSize : hiddenSize, hiddenSize, rng.split()));
        return layers == 1 ? all.get(0) : new Stacked(all, dropout, rng);
    }

    @Override public int inputSize() { return inputSize; }

    @Override public String toString() {
        return name + "(input=" + inputSize + ", hidden=" + hiddenSize + (layers > 1 ? ", layers=" + layers : "")
                + (dropout > 0 ? ", dropout=" + dropout : "") + ")";
    }
}
