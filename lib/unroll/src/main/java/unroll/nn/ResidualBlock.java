package unroll.nn;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * What makes a deep network of any sequence layer: normalized before it, mixed and gated after it, added to what came
 * in (the block of S4, Gu, Goel and Ré 2022, with swish for GELU).
 *
 * <pre>{@code
 * z = F(norm(x))                     F: the layer inside
 * (a, b) = swish(z) W + c            swish(z) = z σ(z)
 * y = x + dropout(a σ(b))
 *
 * SequenceLayer block = ResidualBlock.of(S4d.of(64, 32)).dropout(0.1).build(rng);
 * var out = block.apply(x);                                        // x: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * The layer inside may give another size than it reads. Nothing in the block but that layer looks at other steps, so
 * its modes, whole and step by step, are those of the layer. {@link ResidualStack} puts several on top of each other.
 */
public final class ResidualBlock extends SequenceLayer {
    private final Spec spec;
    private final SequenceLayer layer;
    private final LayerNorm norm;
    private final Linear mix;
    private final Dropout dropout;

    /**
     * The configuration of a block.
     *
     * @param layer   what is inside
     * @param dropout the probability of dropout on what is added, in [0, 1)
     */
    public record Spec(SequenceLayer.Spec layer, double dropout) implements SequenceLayer.Spec {
        public Spec {
            Objects.requireNonNull(layer, "layer");
            if (!(dropout >= 0 && dropout < 1))
                throw new IllegalArgumentException("ResidualBlock: expected a dropout in [0, 1) but got " + dropout);
        }

        public Spec dropout(double chosen) { return new Spec(layer, chosen); }

        @Override public ResidualBlock build(Rng rng) { return new ResidualBlock(this, rng); }

        @Override public int inputSize() { return layer.inputSize(); }

        @Override public String toString() { return "ResidualBlock(" + layer + ", dropout=" + dropout + ")"; }
    }

    /** What a layer around others remembers: its own last output, {@code [B, H]}, and what those inside remember. */
    record Around(Tensor h, List<State> inside) implements State {
        @Override public List<Tensor> tensors() {
            return Stream.concat(Stream.of(h), State.tensors(inside).stream()).toList();
        }

        @Override public Around with(List<Tensor> tensors) {
            return new Around(tensors.get(0), State.with(inside, tensors.subList(1, tensors.size())));
        }

        /** What those inside a layer of so many parts remember. */
        static List<State> inside(SequenceLayer owner, State state, int parts) {
            if (state instanceof Around s && s.inside.size() == parts) return s.inside;
            throw new IllegalArgumentException(
                    Message.of(owner + ": expected a state of its own kind, from initialState or an output, but got "
                            + state.getClass().getSimpleName()));
        }
    }

    private ResidualBlock(Spec spec, Rng rng) {
        this.spec = spec;
        layer = child("layer", spec.layer().build(rng.split()));
        norm = child("norm", new LayerNorm(layer.inputSize()));
        mix = child("mix", new Linear(layer.outputSize(), 2 * layer.inputSize(), rng.split()));
        dropout = child("dropout", new Dropout(spec.dropout(), rng.split()));
    }

    /** A block around a layer, without dropout. */
    public static Spec of(SequenceLayer.Spec layer) {
        return new Spec(layer, 0);
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        State start = Around.inside(this, initial, 1).get(0);
        Tensor in = norm.apply(x);
        Output inner = layer.apply(in, start, lengths);
        Tensor z = inner.states(), both = mix.apply(z.mul(z.sigmoid()));
        int H = inputSize();
        Tensor y = x.add(dropout.apply(both.columns(0, H).mul(both.columns(H, 2 * H).sigmoid())));
        y = lengths.clear(y);                                              // the bias of the mix reaches the padding
        return new Output(y, new Around(lengths.last(y), List.of(inner.last())));
    }

    @Override public State initialState(int batch) {
        return new Around(Tensor.zeros(batch, outputSize()), List.of(layer.initialState(batch)));
    }

    @Override public int inputSize() { return layer.inputSize(); }

    @Override public int outputSize() { return layer.inputSize(); }

    /** The layer inside. */
    public SequenceLayer layer() { return layer; }

    @Override public String toString() { return spec.toString(); }
}
