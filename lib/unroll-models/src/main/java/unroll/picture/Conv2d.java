package unroll.picture;

import java.util.List;

import unroll.nn.Module;
import unroll.tensor.Blas;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * Two-dimensional convolution (LeCun et al. 1989; as everywhere in deep learning, the kernel is not turned over):
 *
 * <pre>{@code
 * y[n, o, i, j] = b[o] + Σ_c Σ_u Σ_v w[o, c, u, v] x[n, c, stride i + u - padding, stride j + v - padding]  (0 outside)
 *
 * Tensor y = new Conv2d(3, 32, 3, 2, 1, rng).apply(x).relu();     // [B, 3, 64, 64] gives [B, 32, 32, 32]
 * }</pre>
 *
 * {@code [B, in, H, W]} gives {@code [B, out, ⌊(H + 2 padding - kernel) / stride⌋ + 1, ..]}. Starts uniform in ±1/√(in
 * kernel²), as in PyTorch.
 */
public final class Conv2d extends Module {
    private final int in, out;
    private final Window window;
    private final Parameter w, b;
    private final OneDnnStack stack;                                       // null where products of matrices convolve
    private volatile Bound bound = new Bound(-1, -1, 0, 0);

    /** Stride 1, padding 0. */
    public Conv2d(int in, int out, int kernel, Rng rng) { this(in, out, kernel, 1, 0, rng); }

    /**
     * @param in      channels of x
     * @param out     channels of y
     * @param kernel  its side in pixels
     * @param stride  pixels that the kernel moves on
     * @param padding rows and columns of zeros on each side
     */
    public Conv2d(int in, int out, int kernel, int stride, int padding, Rng rng) {
        this(in, out, kernel, stride, padding, rng, Blas.isOneDnn());
    }

    /** @param oneDnn whether oneDNN convolves; else a product of matrices */
    Conv2d(int in, int out, int kernel, int stride, int padding, Rng rng, boolean oneDnn) {
        Message.require(in >= 1 && out >= 1,
                "Conv2d: expected channels of at least 1 but got in=" + in + ", out=" + out);
        this.in = in;
        this.out = out;
        window = Window.of("Conv2d", kernel, stride, padding);
        double bound = 1 / Math.sqrt((double) in * kernel * kernel);
        w = parameter(new Parameter("w", rng.uniform(-bound, bound, out, in, kernel, kernel)));
        b = parameter(new Parameter("b", rng.uniform(-bound, bound, out)));
        stack = oneDnn
                ? new OneDnnStack("conv2d", List.of(new OneDnnStack.Stage(this, window, false, false)))
                : null;
    }

    /** @param x {@code [B, in, H, W]} */
    public Tensor apply(Tensor x) { return apply(x, false); }

    /** {@code apply(x).relu()} in half the memory. */
    public Tensor applyRelu(Tensor x) { return apply(x, true); }

    private Tensor apply(Tensor x, boolean relu) {
        window.require(this, x, in);
        return stack != null ? stack.apply(x, relu, this, Float.POSITIVE_INFINITY) : byProducts(x, relu);
    }

    private Tensor byProducts(Tensor x, boolean relu) {
        int images = x.size(0);
        ColumnConvolution.Geometry g = new ColumnConvolution.Geometry(in, out, x.size(2), x.size(3), window);
        int[] shape = {images, out, g.rows(), g.columns()};
        float[] y = Shape.room(this, shape, x);
        ColumnConvolution.forward(g, images, x.data(), w, b, y);
        int each = g.outputs();
        if (relu) Parallel.run(images, i -> {
            for (int j = i * each; j < (i + 1) * each; j++) y[j] = Math.max(0, y[j]);
        });
        return Tape.record("conv2d", y, shape, upstream -> {
            float[] dy = upstream.get(0);
            if (relu) Parallel.run(images, i -> VectorMath.whereAboveZero(y, dy, i * each, (i + 1) * each));
            float[] dx = x.requiresGradient() ? new float[x.size()] : null;
            b.take(biasGradient(dy, images, g));
            ColumnConvolution.backward(g, images, x.data(), w, dy, dx, w.gradientRoom());
            if (dx != null) x.take(dx);
        }, x, w, b);
    }

    /** The sum over all pictures and places. */
    private static float[] biasGradient(float[] dy, int images, ColumnConvolution.Geometry g) {
        float[] db = new float[g.out()];
        int pixels = g.places();
        Parallel.run(g.out(), o -> {
            double sum = 0;
            for (int n = 0; n < images; n++) {
                int at = n * g.outputs() + o * pixels;
                sum += VectorMath.sum(dy, at, at + pixels);
            }
            db[o] = (float) sum;
        });
        return db;
    }

    /** The largest Σ |w| of a channel of y, and the largest |b|: |y| is at most slope |x| + rest. */
    record Bound(long w, long b, double slope, double rest) {
    }

    /** For the present weights; NaN where one of them is. */
    Bound bound() {
        Bound known = bound;
        if (known.w == w.version() && known.b == b.version()) return known;
        double slope = 0, rest = 0;
        float[] weights = w.data(), biases = b.data();
        int each = weights.length / out;
        for (int o = 0; o < out; o++) {
            double sum = 0;
            for (int i = o * each; i < (o + 1) * each; i++) sum += Math.abs(weights[i]);
            slope = Math.max(slope, sum);
            rest = Math.max(rest, Math.abs(biases[o]));
        }
        return bound = new Bound(w.version(), b.version(), slope, rest);
    }

    int in() { return in; }

    int out() { return out; }

    Window window() { return window; }

    /** {@code [out, in, kernel, kernel]}. */
    public Parameter w() { return w; }

    /** {@code [out]}. */
    public Parameter b() { return b; }

    @Override public String toString() { return "Conv2d(in=" + in + ", out=" + out + ", " + window + ")"; }
}
