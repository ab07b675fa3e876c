package unroll.nn;

import java.util.Arrays;

import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/** Softmax and cross-entropy as one operation, since the gradient of both together is simply softmax - target. */
final class CrossEntropy {
    /** Rows are taken together up to so many elements: loops over short rows alone do not vectorize. */
    private static final int BLOCK = 4096;

    private CrossEntropy() {
    }

    static Tensor mean(Tensor logits, IntTensor targets, float[] mask) {
        if (logits.rank() == 0 || !Arrays.equals(Arrays.copyOf(logits.shape(), logits.rank() - 1), targets.shape()))
            throw new ShapeException("crossEntropy: expected logits [.., V] and targets [..] but got "
                    + Arrays.toString(logits.shape()) + " and " + Arrays.toString(targets.shape()));
        int n = logits.size(-1);
        if (n == 0)
            throw new ShapeException("crossEntropy: expected at least one symbol but the logits have shape "
                    + Arrays.toString(logits.shape()));
        int[] target = targets.data();
        float[] weight = weights(target, mask, n), p = new float[logits.size()];
        double total = VectorMath.sum(weight, 0, weight.length), scale = total == 0 ? 0 : 1 / total;
        float loss = (float) (scale * softmax(logits.data(), p, n, target, weight));
        return Tape.record("cross-entropy", new float[] {loss}, new int[0], g -> {
            double by = g.get(0)[0] * scale;
            Parallel.ranges(target.length, (from, to) -> {
                for (int r = from; r < to; r++) {
                    // not scaled by 0: what does not count may be NaN
                    if (weight[r] == 0) {
                        Arrays.fill(p, r * n, r * n + n, 0);
                        continue;
                    }
                    p[r * n + target[r]] -= 1;
                    scale(p, r * n, r * n + n, (float) (by * weight[r]));
                }
            });
            logits.take(p);
        }, logits);
    }

    static void scale(float[] p, int from, int to, float by) {
        for (int j = from; j < to; j++) p[j] *= by;
    }

    static float[] weights(int[] target, float[] mask, int n) {
        float[] weight = new float[target.length];
        for (int r = 0; r < weight.length; r++) {
            if (target[r] != Losses.IGNORE && (target[r] < 0 || target[r] >= n))
                throw new IndexOutOfBoundsException("crossEntropy: target " + target[r] + " at place " + r
                        + " is outside 0 to " + (n - 1) + " (and not the ignored " + Losses.IGNORE + ")");
            weight[r] = target[r] == Losses.IGNORE ? 0 : mask == null ? 1 : mask[r];
            if (!(weight[r] >= 0 && weight[r] <= Float.MAX_VALUE))
                throw new IllegalArgumentException(
                        "crossEntropy: mask " + weight[r] + " at place " + r + " is not a finite number of at least 0");
        }
        return weight;
    }

    /**
     * p = softmax of each row of v; gives the weighted sum of the losses. Blocks are of a fixed size and added in
     * order.
     */
    private static double softmax(float[] v, float[] p, int n, int[] target, float[] weight) {
        int rows = target.length, together = Math.max(1, BLOCK / n), blocks = rows == 0 ? 0 : (rows - 1) / together + 1;
        double[] losses = new double[blocks];
        // a thread should have at least some ten microseconds of work
        int group = Math.max(1, 60_000 / (together * n));
        Parallel.run((blocks + group - 1) / group, part -> {
            float[] x = new float[together * n];
            for (int b = part * group; b < Math.min(blocks, (part + 1) * group); b++) {
                Interrupts.check("crossEntropy", "block", b, blocks);
                int from = b * together, count = Math.min(together, rows - from);
                losses[b] = block(v, p, n, target, weight, x, from, count);
            }
        });
        double sum = 0;
        for (double l : losses) sum += l;
        return sum;
    }

    private static double block(float[] v, float[] p, int n, int[] target, float[] weight, float[] x, int first,
            int count) {
        System.arraycopy(v, first * n, x, 0, count * n);
        double loss = softmax(x, n, target, weight, first, count);
        System.arraycopy(x, 0, p, first * n, count * n);
        return loss;
    }

    /**
     * Makes softmaxes of the rows of x, which are rows {@code first} and on of all; gives the weighted sum of their
     * losses.
     */
    static double softmax(float[] x, int n, int[] target, float[] weight, int first, int count) {
        return softmax(x, n, target, weight, first, count, true);
    }

    /** Their losses alone, to the bit; what stays in x is not to be used. */
    static double losses(float[] x, int n, int[] target, float[] weight, int first, int count) {
        return softmax(x, n, target, weight, first, count, false);
    }

    private static double softmax(float[] x, int n, int[] target, float[] weight, int first, int count,
            boolean divide) {
        for (int r = 0; r < count; r++) add(x, r * n, r * n + n, -VectorMath.maximum(x, r * n, r * n + n));
        double loss = 0;
        for (int r = 0; r < count; r++)
            if (weight[first + r] != 0) loss -= weight[first + r] * (double) x[r * n + target[first + r]];
        VectorMath.exp(x, x, 0, count * n);
        for (int r = 0; r < count; r++) {
            double sum = VectorMath.sum(x, r * n, r * n + n);
            if (weight[first + r] != 0) loss += weight[first + r] * Math.log(sum);
            if (divide) scale(x, r * n, r * n + n, (float) (1 / sum));
        }
        return loss;
    }

    private static void add(float[] x, int from, int to, float term) {
        for (int j = from; j < to; j++) x[j] += term;
    }
}
