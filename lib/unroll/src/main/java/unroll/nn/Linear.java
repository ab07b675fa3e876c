package unroll.nn;

import java.util.Arrays;

import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * y = x W + b, with W {@code [in, out]}: {@code [.., in]} gives {@code [.., out]}. Starts uniform in ±1/√in, as in
 * PyTorch.
 *
 * <pre>{@code
 * Tensor logits = new Linear(256, 65, rng).apply(states);       // [T, B, 256] gives [T, B, 65]
 * }</pre>
 */
public final class Linear extends Module {
    private final int in, out;
    private final Parameter w, b;
    private final LinearCrossEntropy crossEntropy;

    public Linear(int in, int out, Rng rng) {
        if (in < 1 || out < 1)
            throw new IllegalArgumentException(
                    "Linear: expected sizes of at least 1 but got in=" + in + ", out=" + out);
        this.in = in;
        this.out = out;
        w = parameter(new Parameter("w", Initializer.uniformFanIn().values(in, out, rng)));
        b = parameter(new Parameter("b", rng.uniform(-1 / Math.sqrt(in), 1 / Math.sqrt(in), out)));
        crossEntropy = new LinearCrossEntropy(w, b);
    }

    public Tensor apply(Tensor x) {
        requireInput(x);
        return x.linear(w, b);
    }

    /**
     * The mean of -log softmax(x W + b)[target] in nats, as {@link Losses#crossEntropy(Tensor, IntTensor)} of
     * {@link #apply}, but without an array for all logits: with many classes faster, and the memory is less than half.
     *
     * @param x       {@code [.., in]}
     * @param targets {@code [..]}, 0 to out - 1 or {@link Losses#IGNORE}
     */
    public Tensor crossEntropy(Tensor x, IntTensor targets) {
        requireInput(x);
        return crossEntropy.mean(x, targets);
    }

    private void requireInput(Tensor x) {
        if (x.rank() == 0 || x.size(-1) != in)
            throw new ShapeException(
                    this + ": expected x of shape [.., " + in + "] but got " + Arrays.toString(x.shape()));
    }

    public Parameter w() { return w; }

    public Parameter b() { return b; }

    @Override public String toString() { return "Linear(in=" + in + ", out=" + out + ")"; }
}
