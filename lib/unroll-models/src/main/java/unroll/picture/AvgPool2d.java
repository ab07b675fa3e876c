package unroll.picture;

import java.util.stream.IntStream;

import unroll.nn.Module;
import unroll.tensor.Tensor;

/**
 * The mean within a square window: {@code [B, C, H, W]} gives {@code [B, C, ⌊(H - kernel) / stride⌋ + 1, ..]}.
 *
 * <pre>{@code
 * Tensor y = new AvgPool2d(2).apply(x);                            // [B, 32, 64, 64] gives [B, 32, 32, 32]
 * }</pre>
 */
public final class AvgPool2d extends Module {
    private final Window window;

    /** Windows side by side. */
    public AvgPool2d(int kernel) { this(kernel, kernel); }

    public AvgPool2d(int kernel, int stride) { window = Conv2d.window("AvgPool2d", kernel, stride, 0); }

    /** @param x {@code [B, C, H, W]} */
    public Tensor apply(Tensor x) {
        window.require(this, x, -1);
        int[] tops = starts(x.size(2)), lefts = starts(x.size(3));
        return new AveragePlaces(tops, ends(tops), lefts, ends(lefts)).apply("average pool", x);
    }

    private int[] starts(int length) {
        return IntStream.range(0, window.places(length)).map(i -> i * window.stride()).toArray();
    }

    private int[] ends(int[] starts) { return IntStream.of(starts).map(s -> s + window.kernel()).toArray(); }

    @Override public String toString() {
        return "AvgPool2d(kernel=" + window.kernel() + ", stride=" + window.stride() + ")";
    }
}
