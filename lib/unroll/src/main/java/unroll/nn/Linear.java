package unroll.nn;

import java.util.Arrays;

import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

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
    private final LinearSoftmax softmax;

    public Linear(int in, int out, Rng rng) {
        if (in < 1 || out < 1)
            throw new IllegalArgumentException(
                    "Linear: expected sizes of at least 1 but got in=" + in + ", out=" + out);
        this.in = in;
        this.out = out;
        w = parameter(new Parameter("w", Initializer.uniformFanIn().values(in, out, rng)));
        b = parameter(new Parameter("b", rng.uniform(-1 / Math.sqrt(in), 1 / Math.sqrt(in), out)));
        crossEntropy = new LinearCrossEntropy(w, b);
        softmax = new LinearSoftmax(w, b);
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
        return Tape.isRecording() ? crossEntropy.mean(x, targets) : mean(x, targets);
    }

    /** The same to the bit where no gradient is wanted. */
    private Tensor mean(Tensor x, IntTensor targets) {
        if (!Arrays.equals(Arrays.copyOf(x.shape(), x.rank() - 1), targets.shape()))
            throw new ShapeException("crossEntropy: expected states [.., " + in + "] and targets [..] but got "
                    + Arrays.toString(x.shape()) + " and " + Arrays.toString(targets.shape()));
        float[] weight = CrossEntropy.weights(targets.data(), null, out);
        double total = VectorMath.sum(weight, 0, weight.length), sum = softmax.loss(x.data(), targets.data(), weight);
        return Tensor.scalar((float) ((total == 0 ? 0 : 1 / total) * sum));
    }

    /**
     * log softmax(x W + b) as a model needs it that writes symbol by symbol: without recording, into an array of the
     * caller's, who may use it again. Equal to {@code apply(x).logSoftmax()}.
     *
     * @param x  {@code [.., in]}
     * @param to room for {@code [.., out]}; a whole row becomes NaN where a logit is NaN or infinity
     */
    public void logSoftmax(Tensor x, float[] to) {
        requireInput(x);
        int rows = x.size() / in;
        if (to.length != (long) rows * out)
            throw new ShapeException(this + ": expected room for [" + rows + ", " + out + "] but got " + to.length
                    + " numbers");
        softmax.logarithm(x.data(), rows, to);
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
