package unroll.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A deep network for sequences: a linear map to the width of the blocks, {@link ResidualBlock}s on top of each other,
 * and a normalization at the top.
 *
 * <pre>{@code
 * var deep = ResidualStack.of(28, 2, S4d.of(64, 32)).dropout(0.1);            // reads [T, B, 28], gives [T, B, 64]
 * var model = new SequenceClassifier(deep, 10, Rng.seed(42));
 * }</pre>
 */
public final class ResidualStack extends SequenceLayer {
    private final Spec spec;
    private final Linear in;
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;

    /**
     * The configuration of a stack.
     *
     * @param inputSize the size of what it reads
     * @param depth     the number of blocks, at least 1
     * @param layer     what is inside each block; its input size is the width
     * @param dropout   that of each block, in [0, 1)
     */
    public record Spec(int inputSize, int depth, SequenceLayer.Spec layer,
            double dropout) implements SequenceLayer.Spec {
        public Spec {
            Objects.requireNonNull(layer, "layer");
            if (inputSize < 1 || depth < 1)
                throw new IllegalArgumentException(
                        "ResidualStack: expected an input size and a depth of at least 1 but got inputSize=" + inputSize
                                + ", depth=" + depth);
            if (!(dropout >= 0 && dropout < 1))
                throw new IllegalArgumentException("ResidualStack: expected a dropout in [0, 1) but got " + dropout);
        }

        public Spec dropout(double chosen) { return new Spec(inputSize, depth, layer, chosen); }

        @Override public ResidualStack build(Rng rng) { return new ResidualStack(this, rng); }

        @Override public String toString() {
            return "ResidualStack(input=" + inputSize + ", depth=" + depth + ", " + layer
                    + (dropout == 0 ? "" : ", dropout=" + dropout) + ")";
        }
    }

    private ResidualStack(Spec spec, Rng rng) {
        this.spec = spec;
        int width = spec.layer().inputSize();
        in = child("in", new Linear(spec.inputSize(), width, rng.split()));
        for (int i = 0; i < spec.depth(); i++)
            blocks.add(child("block" + i, ResidualBlock.of(spec.layer()).dropout(spec.dropout()).build(rng.split())));
        norm = child("norm", new LayerNorm(width));
    }

    /** {@code depth} blocks around layers of one kind, without dropout. */
    public static Spec of(int inputSize, int depth, SequenceLayer.Spec layer) {
        return new Spec(inputSize, depth, layer, 0);
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        List<State> before = ResidualBlock.Around.inside(this, initial, blocks.size()), after = new ArrayList<>();
        Tensor h = in.apply(x);
        for (int i = 0; i < blocks.size(); i++) {
            Output out = blocks.get(i).apply(h, before.get(i), lengths);
            h = out.states();
            after.add(out.last());
        }
        Tensor y = lengths.clear(norm.apply(h));                           // a normalized zero is the bias
        return new Output(y, new ResidualBlock.Around(lengths.last(y), after));
    }

    @Override public State initialState(int batch) {
        return new ResidualBlock.Around(Tensor.zeros(batch, outputSize()),
                blocks.stream().map(b -> b.initialState(batch)).toList());
    }

    @Override public int inputSize() { return spec.inputSize(); }

    @Override public int outputSize() { return spec.layer().inputSize(); }

    /** The blocks, the lowest first. */
    public List<ResidualBlock> blocks() { return List.copyOf(blocks); }

    @Override public String toString() { return spec.toString(); }
}
