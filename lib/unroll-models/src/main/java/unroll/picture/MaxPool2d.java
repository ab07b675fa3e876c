package unroll.picture;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Module;
import unroll.tensor.Blas;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The largest number within a square window: {@code [B, C, H, W]} gives
 * {@code [B, C, ⌊(H + 2 padding - kernel) / stride⌋ + 1, ..]}. The gradient goes to the first of the largest; what lies
 * outside the picture counts for nothing; NaN is larger than all.
 *
 * <pre>{@code
 * Tensor y = new MaxPool2d(2).apply(x);                            // [B, 32, 64, 64] gives [B, 32, 32, 32]
 * }</pre>
 */
public final class MaxPool2d extends Module {
    /** So many numbers of x are worth the way out of the heap. */
    private static final int MANY = 1 << 15;
    private final Window window;
    private final OneDnnStack stack;                                       // null where oneDNN is not there

    /** Windows side by side. */
    public MaxPool2d(int kernel) { this(kernel, kernel, 0); }

    /** @param padding at most half the kernel, so that every window sees a part of the picture */
    public MaxPool2d(int kernel, int stride, int padding) {
        window = Window.of("MaxPool2d", kernel, stride, padding);
        Message.require(2 * padding <= kernel,
                "MaxPool2d: expected a padding of at most half the kernel but got " + window);
        stack = Blas.isOneDnn()
                ? new OneDnnStack("max pool", List.of(new OneDnnStack.Stage(null, window, false, false)))
                : null;
    }

    /** @param x {@code [B, C, H, W]} */
    public Tensor apply(Tensor x) {
        window.require(this, x, -1);
        if (x.size(2) == 0 || x.size(3) == 0)
            throw new ShapeException(this + ": expected pictures that are not empty but got x of shape "
                    + Arrays.toString(x.shape()));
        boolean outside = stack != null && x.size() >= MANY && window.kernel() <= Math.min(x.size(2), x.size(3));
        // what is not finite it would hide
        Tensor pooled = outside ? stack.apply(x, false, this, Float.MAX_VALUE) : null;
        return pooled != null ? pooled : inTheHeap(x);
    }

    private Tensor inTheHeap(Tensor x) {
        int planes = x.size(0) * x.size(1), H = x.size(2), W = x.size(3), height = window.places(H),
                width = window.places(W);
        int[] shape = {x.size(0), x.size(1), height, width};
        float[] v = x.data(), y = Shape.room(this, shape, x);
        int places = height * width;
        int[] from = new int[y.length];
        Parallel.run(planes, p -> {
            if (window.kernel() == 2 && window.padding() == 0) {
                ofFour(v, p * H * W, H, W, height, width, y, from, p * places);
                return;
            }
            for (int i = 0, to = p * places; i < height; i++)
                for (int j = 0; j < width; j++, to++) {
                    from[to] = largest(v, p * H * W, H, W, i * window.stride() - window.padding(),
                            j * window.stride() - window.padding());
                    y[to] = v[from[to]];
                }
        });
        return Tape.record("max pool", y, shape, g -> {
            float[] dy = g.get(0), dx = new float[v.length];
            Parallel.run(planes, p -> {
                for (int i = p * places; i < (p + 1) * places; i++) dx[from[i]] += dy[i];
            });
            x.take(dx);
        }, x);
    }

    /** The usual window, without a branch that depends on the numbers: half of those are guessed wrong. */
    private void ofFour(float[] v, int plane, int H, int W, int height, int width, float[] y, int[] from, int to) {
        int stride = window.stride();
        for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++, to++) {
                int a = plane + i * stride * W + j * stride, c = a + W;
                int upper = v[a + 1] > v[a] ? a + 1 : a, lower = v[c + 1] > v[c] ? c + 1 : c,
                        best = v[lower] > v[upper] ? lower : upper;
                float sum = v[a] + v[a + 1] + v[c] + v[c + 1];             // NaN where one of them is
                from[to] = sum == sum ? best : largest(v, plane, H, W, i * stride, j * stride);
                y[to] = v[from[to]];
            }
    }

    Window window() { return window; }

    private int largest(float[] v, int plane, int height, int width, int top, int left) {
        int right = Math.min(width, left + window.kernel()), bottom = Math.min(height, top + window.kernel()),
                best = -1;
        for (int i = Math.max(0, top); i < bottom; i++)
            for (int j = Math.max(0, left); j < right; j++) {
                int at = plane + i * width + j;
                if (best < 0 || v[at] > v[best] || v[at] != v[at] && v[best] == v[best]) best = at;
            }
        return best;
    }

    @Override public String toString() { return "MaxPool2d(" + window + ")"; }
}
