package unroll.nn;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

import unroll.tensor.IntTensor;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Losses that are minimized, each one number.
 *
 * <pre>{@code
 * Tensor loss = Losses.crossEntropy(logits, targets);             // [T, B, V] and [T, B]
 * }</pre>
 */
public final class Losses {
    /** The target that does not count: padding. */
    public static final int IGNORE = -1;

    private Losses() {
    }

    /**
     * The mean of -log softmax(logits)[target] in nats, over the places whose target is not {@link #IGNORE}; 0 where
     * none counts.
     *
     * @param logits  {@code [.., V]}
     * @param targets {@code [..]}, 0 to V - 1 or {@link #IGNORE}
     */
    public static Tensor crossEntropy(Tensor logits, IntTensor targets) {
        return CrossEntropy.mean(logits, targets, null);
    }

    /**
     * The mean weighted by a mask {@code [..]} of finite numbers of at least 0: sum(mask * loss) / sum(mask). Where the
     * mask is 0 the gradient is 0, whatever the logits are.
     */
    public static Tensor crossEntropy(Tensor logits, IntTensor targets, Tensor mask) {
        if (!Arrays.equals(mask.shape(), targets.shape()))
            throw new ShapeException("crossEntropy: expected a mask of shape " + Arrays.toString(targets.shape())
                    + " but got " + Arrays.toString(mask.shape()));
        return CrossEntropy.mean(logits, targets, mask.data());
    }

    /** The mean of (prediction - target)². */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        same("meanSquaredError", prediction, target);
        return prediction.sub(target).square().mean();
    }

    /** The mean of -y log σ(z) - (1 - y) log(1 - σ(z)) in nats, from logits z and targets y in [0, 1]. */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
        same("binaryCrossEntropy", logits, targets);
        float[] z = logits.data(), y = targets.data();
        int n = Math.max(1, z.length);
        double sum = 0;
        // log(1 + exp(z)) - y z would be shorter, but for a certain and right answer it is the difference of two large
        // numbers.
        for (int i = 0; i < z.length; i++) sum += y[i] * softplus(-z[i]) + (1 - y[i]) * softplus(z[i]);
        return Tape.record("binary-cross-entropy", new float[] {(float) (sum / n)}, new int[0], g -> {
            float by = g.get(0)[0] / n;
            if (logits.requiresGradient())
                logits.take(times(by, z.length, i -> (1 - y[i]) / (1 + Math.exp(-z[i])) - y[i] / (1 + Math.exp(z[i]))));
            if (targets.requiresGradient()) targets.take(times(by, z.length, i -> -z[i]));
        }, logits, targets);
    }

    private static double softplus(double z) { return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))); }

    private static float[] times(float by, int n, IntToDoubleFunction slope) {
        float[] d = new float[n];
        for (int i = 0; i < n; i++) d[i] = (float) (by * slope.applyAsDouble(i));
        return d;
    }

    private static void same(String loss, Tensor a, Tensor b) {
        if (!Arrays.equals(a.shape(), b.shape()))
            throw new ShapeException(loss + ": expected two tensors of one shape but got " + Arrays.toString(a.shape())
                    + " and " + Arrays.toString(b.shape()));
    }
}
