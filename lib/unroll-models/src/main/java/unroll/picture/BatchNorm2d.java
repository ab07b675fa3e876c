package unroll.picture;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

import unroll.nn.Module;
import unroll.tensor.DivergedException;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * Batch normalization of each channel (Ioffe and Szegedy 2015): y = gain (x - mean) / √(variance + 1e-5) + bias.
 *
 * <p>In training, mean and variance (divided by n) are those of the batch, and running ones follow them by a tenth a
 * batch (there the variance is divided by n - 1), as in PyTorch. In evaluation the running ones normalize; checkpoints
 * hold them.
 *
 * <pre>{@code
 * var norm = new BatchNorm2d(32);
 * Tensor y = norm.apply(conv.apply(x)).relu();                     // [B, 32, H, W]
 * norm.eval();                                                     // from now on each picture by itself
 * }</pre>
 */
public final class BatchNorm2d extends Module {
    private static final double EPSILON = 1e-5, MOMENTUM = .1;
    private static final String MEAN = "running_mean", VARIANCE = "running_variance";
    private final int channels;
    private final Parameter gain, bias;

    public BatchNorm2d(int channels) {
        if (channels < 1)
            throw new IllegalArgumentException("BatchNorm2d: expected channels of at least 1 but got " + channels);
        this.channels = channels;
        gain = parameter(new Parameter("gain", Tensor.ones(channels)));
        bias = parameter(new Parameter("bias", Tensor.zeros(channels)));
        buffer(MEAN, Tensor.zeros(channels));
        buffer(VARIANCE, Tensor.ones(channels));
    }

    /**
     * @param x {@code [B, channels, H, W]}; in training at least two numbers a channel
     * @throws DivergedException in training, if a running statistic would not be finite any more
     */
    public Tensor apply(Tensor x) {
        if (x.rank() != 4 || x.size(1) != channels)
            throw new ShapeException(
                    this + ": expected x of shape [B, " + channels + ", H, W] but got " + Arrays.toString(x.shape()));
        int images = x.size(0), pixels = x.size(2) * x.size(3), n = images * pixels;
        boolean training = training();
        if (training && n < 2)
            throw new ShapeException(
                    this + ": in training it needs at least 2 numbers a channel, for their variance, but x has shape "
                            + Arrays.toString(x.shape()) + "; use a larger batch, or eval()");
        float[] v = x.data(), u = new float[v.length], y = new float[v.length], scale = gain.data(),
                shift = bias.data();
        float[] mean = runningMean().data().clone(), variance = runningVariance().data().clone(),
                inverse = new float[channels];
        Parallel.run(channels, c -> {
            double m = mean[c], squares = variance[c];
            if (training) {
                double average = sum(c, images, pixels, at -> VectorMath.sum(v, at, at + pixels)) / n;
                double deviations = sum(c, images, pixels,
                        at -> VectorMath.squaredDeviations(v, average, at, at + pixels));
                m = average;
                squares = deviations / n;
                mean[c] += (float) (MOMENTUM * (m - mean[c]));
                variance[c] += (float) (MOMENTUM * (deviations / (n - 1) - variance[c]));
            }
            inverse[c] = (float) (1 / Math.sqrt(squares + EPSILON));
            for (int b = 0; b < images; b++)
                normalize(v, u, y, (b * channels + c) * pixels, pixels, m, inverse[c], scale[c], shift[c]);
        });
        if (training) {
            for (int c = 0; c < channels; c++)
                if (!Float.isFinite(mean[c]) || !Float.isFinite(variance[c]))
                    throw new DivergedException(this + ": with this batch the running mean of channel " + c
                            + " would be " + mean[c] + " and its variance " + variance[c]
                            + " for ever. Does the batch hold NaN or numbers as large as 1e19?");
            buffer(MEAN, Tensor.of(mean, channels));
            buffer(VARIANCE, Tensor.of(variance, channels));
        }
        return Tape.record("batch norm", y, x.shape(), g -> back(g.get(0), u, inverse, scale, x, training), x, gain,
                bias);
    }

    private static void normalize(float[] v, float[] u, float[] y, int from, int count, double mean, float inverse,
            float scale, float shift) {
        // v - mean without doubles, which would halve the speed
        float near = (float) mean, rest = (float) (mean - near);
        for (int i = from; i < from + count; i++) {
            float normal = (v[i] - near - rest) * inverse;
            u[i] = normal;
            y[i] = scale * normal + shift;
        }
    }

    /** The sum of a figure of the pixels from .. from + pixels - 1 over all pictures, for one channel. */
    private double sum(int c, int images, int pixels, IntToDoubleFunction figure) {
        double sum = 0;
        for (int b = 0; b < images; b++) sum += figure.applyAsDouble((b * channels + c) * pixels);
        return sum;
    }

    /** With u the normalized x: dx = gain / s (dy - mean(dy) - u mean(dy u)) in training, gain / s dy in evaluation. */
    private void back(float[] dy, float[] u, float[] inverse, float[] scale, Tensor x, boolean training) {
        int images = x.size(0), pixels = x.size(2) * x.size(3), n = images * pixels;
        float[] dGain = new float[channels], dBias = new float[channels];
        Parallel.run(channels, c -> {
            double sum = sum(c, images, pixels, at -> VectorMath.sum(dy, at, at + pixels)),
                    dot = sum(c, images, pixels, at -> VectorMath.dot(dy, u, at, at + pixels));
            dGain[c] = (float) dot;
            dBias[c] = (float) sum;
            float factor = scale[c] * inverse[c], mean = training ? (float) (sum / n) : 0,
                    slope = training ? (float) (dot / n) : 0;
            for (int b = 0; b < images; b++) {
                int from = (b * channels + c) * pixels;
                for (int i = from; i < from + pixels; i++) dy[i] = factor * (dy[i] - mean - u[i] * slope);
            }
        });
        gain.take(dGain);
        bias.take(dBias);
        if (x.requiresGradient()) x.take(dy);
    }

    /** {@code [channels]}. */
    public Parameter gain() { return gain; }

    /** {@code [channels]}. */
    public Parameter bias() { return bias; }

    /** What evaluation subtracts, {@code [channels]}. */
    public Tensor runningMean() { return buffer(MEAN); }

    /** What evaluation divides by, before the root, {@code [channels]}. */
    public Tensor runningVariance() {
        return buffer(VARIANCE);
    }

    @Override public String toString() { return "BatchNorm2d(channels=" + channels + ")"; }
}
