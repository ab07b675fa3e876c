package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Dropout;
import unroll.nn.LayerNorm;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Spare;
import unroll.tensor.Tensor;

/**
 * Layers on top of each other, each with a memory of its own: h^{t,l} = F^l(h^{t-1,l}, h^{t,l-1}); the output is that
 * of the top. Dropout acts on the edges between layers only, not on those through time (Zaremba, Sutskever and Vinyals
 * 2014).
 *
 * <pre>{@code
 * var deep = new Stacked(List.of(first, second), 0.2, rng);
 * var out = deep.apply(x);                                         // out.last(): a Stacked.States of both layers
 * }</pre>
 */
public final class Stacked extends SequenceLayer {
    /** The states of all layers, the lowest first. */
    public record States(List<State> layers) implements State {
        public States {
            layers = List.copyOf(layers);
        }

        @Override public Tensor h() { return layers.get(layers.size() - 1).h(); }

        @Override public List<Tensor> tensors() { return State.tensors(layers); }

        @Override public States with(List<Tensor> tensors) { return new States(State.with(layers, tensors)); }
    }

    private final List<SequenceLayer> layers;
    private final List<Dropout> between = new ArrayList<>();
    private final List<LayerNorm> norms = new ArrayList<>();
    private final double dropout;
    private final boolean residual;

    /** Layers with dropout between them. */
    public Stacked(List<? extends SequenceLayer> layers, double dropout, Rng rng) {
        this(layers, dropout, false, false, rng);
    }

    /**
     * Layers with dropout between them.
     *
     * @param residual whether each layer above the first adds its input to its output, where both have one size
     * @param norm     whether what each layer gives is normalized ({@link LayerNorm}) before it goes up
     */
    public Stacked(List<? extends SequenceLayer> layers, double dropout, boolean residual, boolean norm, Rng rng) {
        if (layers.isEmpty()) throw new IllegalArgumentException("Stacked: expected at least one layer but got none");
        this.layers = List.copyOf(layers);
        this.dropout = dropout;
        this.residual = residual;
        for (int l = 0; l < layers.size(); l++) {
            child("layer" + l, layers.get(l));
            if (norm) norms.add(child("norm" + l, new LayerNorm(layers.get(l).outputSize())));
            if (l == 0) continue;
            between.add(child("dropout" + l, new Dropout(dropout, rng.split())));
            if (layers.get(l).inputSize() != layers.get(l - 1).outputSize())
                throw new IllegalArgumentException(
                        Message.of("Stacked: " + layers.get(l - 1) + " gives " + layers.get(l - 1).outputSize()
                                + " numbers but "
                                + layers.get(l) + " above it reads "
                                + layers.get(l).inputSize()));
        }
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        if (!(initial instanceof States s) || s.layers().size() != layers.size())
            throw new IllegalArgumentException(Message.of(
                    this + ": expected the states of " + layers.size() + " layers but got "
                            + initial.getClass().getSimpleName()));
        List<State> last = new ArrayList<>();
        Tensor h = x;
        for (int l = 0; l < layers.size(); l++) {
            Tensor in = l == 0 ? h : between.get(l - 1).apply(h);
            Output out = layers.get(l).apply(in, s.layers().get(l), lengths);
            // a normalized zero is the bias, also in the padding
            Tensor up = norms.isEmpty() ? out.states() : lengths.clear(norms.get(l).apply(out.states()));
            Tensor below = h;
            h = residual && l > 0 && up.size(2) == h.size(2) ? up.add(h) : up;
            if (l > 0) Spare.free(below);
            last.add(out.last());
        }
        return new Output(h, new States(last));
    }

    @Override protected boolean keepsTensors() { return false; }

    @Override public States initialState(int batch) {
        return new States(layers.stream().map(l -> l.initialState(batch)).toList());
    }

    @Override public int inputSize() { return layers.get(0).inputSize(); }

    @Override public int outputSize() { return layers.get(layers.size() - 1).outputSize(); }

    /** The layers, the lowest first. */
    public List<SequenceLayer> layers() { return layers; }

    /** Whether upper layers add their input. */
    public boolean residual() { return residual; }

    @Override public String toString() {
        return "Stacked(" + layers + (dropout > 0 ? ", dropout=" + dropout : "") + (residual ? ", residual" : "")
                + (norms.isEmpty() ? "" : ", normalized") + ")";
    }
}
