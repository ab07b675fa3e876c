package unroll.picture;

import java.util.Arrays;
import java.util.stream.IntStream;

import unroll.nn.Module;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The mean within as many windows as asked for, whatever the size of the picture: {@code [B, C, H, W]} gives
 * {@code [B, C, height, width]}. Window i of n over a length L goes from ⌊i L / n⌋ to ⌈(i + 1) L / n⌉, as in PyTorch.
 *
 * <pre>{@code
 * Tensor features = new AdaptiveAvgPool2d(1, 1).apply(x).reshape(B, 64);     // [B, 64, H, W]: the mean of each channel
 * }</pre>
 */
public final class AdaptiveAvgPool2d extends Module {
    private final int height, width;

    public AdaptiveAvgPool2d(int height, int width) {
        if (height < 1 || width < 1)
            throw new IllegalArgumentException(
                    "AdaptiveAvgPool2d: expected sizes of at least 1 but got height=" + height + ", width=" + width);
        this.height = height;
        this.width = width;
    }

    /** @param x {@code [B, C, H, W]} */
    public Tensor apply(Tensor x) {
        if (x.rank() != 4 || x.size(2) == 0 || x.size(3) == 0)
            throw new ShapeException(
                    this + ": expected x of shape [B, C, H, W] with pictures that are not empty but got "
                            + Arrays.toString(x.shape()));
        int planes = x.size(0) * x.size(1), pixels = x.size(2) * x.size(3), W = x.size(3), places = height * width;
        int[] tops = starts(height, x.size(2)), bottoms = ends(height, x.size(2)), lefts = starts(width, W),
                rights = ends(width, W), shape = {x.size(0), x.size(1), height, width};
        float[] v = x.data(), y = Shape.room(this, shape, x);
        Parallel.run(planes, p -> {
            for (int i = 0, to = p * places; i < height; i++)
                for (int j = 0; j < width; j++, to++) {
                    double sum = 0;
                    for (int r = tops[i]; r < bottoms[i]; r++)
                        for (int c = lefts[j]; c < rights[j]; c++) sum += v[p * pixels + r * W + c];
                    y[to] = (float) (sum / ((bottoms[i] - tops[i]) * (rights[j] - lefts[j])));
                }
        });
        return Tape.record("average pool", y, shape, g -> {
            float[] dy = g.get(0), dx = new float[v.length];
            Parallel.run(planes, p -> {
                for (int i = 0, from = p * places; i < height; i++)
                    for (int j = 0; j < width; j++, from++) {
                        float share = dy[from] / ((bottoms[i] - tops[i]) * (rights[j] - lefts[j]));
                        for (int r = tops[i]; r < bottoms[i]; r++)
                            for (int c = lefts[j]; c < rights[j]; c++) dx[p * pixels + r * W + c] += share;
                    }
            });
            x.take(dx);
        }, x);
    }

    private static int[] starts(int n, int length) {
        return IntStream.range(0, n).map(i -> (int) ((long) i * length / n)).toArray();
    }

    private static int[] ends(int n, int length) {
        return IntStream.range(0, n).map(i -> (int) (((i + 1L) * length + n - 1) / n)).toArray();
    }

    @Override public String toString() { return "AdaptiveAvgPool2d(height=" + height + ", width=" + width + ")"; }
}
