package unroll.statespace;

import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import unroll.statespace.FourierPlan.Tile;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The causal convolution over time, a kernel for each channel, as one operation.
 *
 * <pre>{@code
 * y_t = sum over l of k_l u_{t-l},   l = 0 .. min(t, L - 1)
 *
 * Tensor y = CausalConvolution.apply(u, k);                        // u: [T, B, H], k: [L, H] → [T, B, H]
 * }</pre>
 *
 * It is a product of spectra, O(T log T): a convolution of a length that leaves room for zeros. Each channel of each
 * sequence has a transform of its own, so what stands in one changes nothing in another. Within one, rounding errors
 * are relative to the largest of its numbers: each y_t is exact to about 1e-6 of the largest product that the whole
 * sequence makes, and a NaN or an infinity anywhere makes all its y_t NaN, earlier ones too. The way back is two
 * correlations:
 *
 * <pre>{@code
 * ∂L/∂u_t = sum over s ≥ t of k_{s-t} ∂L/∂y_s            ∂L/∂k_l = sum over t ≥ l of u_{t-l} ∂L/∂y_t
 * }</pre>
 *
 * Working memory: 128 bytes for each of the 2 T to 4 T points of a transform, for each thread and for each 16 channels;
 * not for each sequence. Equal to the last bit for any number of threads.
 */
public final class CausalConvolution {
    // parts to have at least, where the batch allows
    private static final int LANES = FourierPlan.LANES, PARTS = 8;

    private final int T, B, H, L, groups, chunks;
    private final FourierPlan plan;
    private final float[] u;
    // a spectrum for each group of channels, divided by n
    private final Tile[] kernels;

    private CausalConvolution(float[] u, float[] k, int T, int B, int H, int L) {
        this.T = T;
        this.B = B;
        this.H = H;
        this.L = Math.min(L, T);
        this.u = u;
        groups = (H + LANES - 1) / LANES;
        chunks = Math.min(B, (PARTS + groups - 1) / groups);
        plan = new FourierPlan(length(T + (long) this.L - 1) / 2);
        kernels = new Tile[groups];
        Parallel.run(groups, group -> {
            Tile tile = plan.new Tile();
            tile.load(k, group * LANES, H, this.L, channels(group));
            tile.forward();
            tile.normalize();
            kernels[group] = tile;
        });
    }

    private static int length(long needed) {
        if (needed > 1 << 24)
            throw new IllegalArgumentException("CausalConvolution: one transform over " + needed
                    + " steps is more than 16777216; cut the sequence");
        int n = 2;
        while (n < needed) n *= 2;
        return n;
    }

    /**
     * y = k * u.
     *
     * @param u {@code [T, B, H]}
     * @param k {@code [L, H]}; what lies beyond T is not used
     * @return {@code [T, B, H]}
     * @throws ShapeException when the shapes do not fit each other
     */
    public static Tensor apply(Tensor u, Tensor k) {
        if (u.rank() != 3 || k.rank() != 2 || u.size(2) != k.size(1) || u.size() == 0 || k.size() == 0)
            throw new ShapeException("CausalConvolution: expected u of shape [T, B, H] and k of shape [L, H] but got "
                    + Arrays.toString(u.shape())
                    + " and " + Arrays.toString(k.shape()));
        var c = new CausalConvolution(u.data(), k.data(), u.size(0), u.size(1), u.size(2), k.size(0));
        return Tape.record("causalConvolution", c.forward(), u.shape(), g -> c.back(g.get(0), u, k), u, k);
    }

    private int channels(int group) { return Math.min(LANES, H - group * LANES); }

    private interface Work {
        void accept(int group, int chunk, Deque<Tile> free);
    }

    /**
     * Each group of channels, and parts of the batch where there are few groups. Tiles that one part is done with serve
     * the next: to make one costs as much as a transform.
     */
    private void parts(Work work) {
        Deque<Tile> free = new ConcurrentLinkedDeque<>();
        Parallel.run(groups * chunks, part -> work.accept(part / chunks, part % chunks, free));
    }

    private Tile taken(Deque<Tile> free) {
        Tile tile = free.poll();
        return tile == null ? plan.new Tile() : tile;
    }

    private int firstRow(int chunk) { return (int) ((long) chunk * B / chunks); }

    private float[] forward() {
        float[] y = new float[u.length];
        parts((group, chunk, free) -> {
            Tile tile = taken(free);
            for (int b = firstRow(chunk); b < firstRow(chunk + 1); b++) {
                load(u, group, b, tile);
                tile.forward();
                tile.multiply(kernels[group], 1);
                tile.backward(T > plan.n);
                store(y, group, b, tile);
            }
            free.push(tile);
        });
        return y;
    }

    private void back(float[] g, Tensor u, Tensor k) {
        float[] du = u.requiresGradient() ? new float[g.length] : null,
                dk = k.requiresGradient() ? new float[k.size()] : null;
        Tile[] sums = new Tile[groups * chunks];
        parts((group, chunk, free) -> {
            Tile tile = taken(free), other = dk == null ? null : taken(free),
                    sum = dk == null ? null : taken(free);
            if (sum != null) sum.clear();
            for (int b = firstRow(chunk); b < firstRow(chunk + 1); b++) {
                load(g, group, b, tile);
                tile.forward();
                if (sum != null) {
                    load(this.u, group, b, other);
                    other.forward();
                    other.multiply(tile, -1);
                    sum.add(other, -1);                                    // tile times the conjugate of other
                }
                if (du == null) continue;
                tile.multiply(kernels[group], -1);
                tile.backward(T > plan.n);
                store(du, group, b, tile);
            }
            free.push(tile);
            if (sum == null) return;
            free.push(other);
            if (chunks > 1) {
                sums[group * chunks + chunk] = sum;
            } else {
                kernelGradient(sum, group, dk);
                free.push(sum);
            }
        });
        if (dk != null && chunks > 1)
            Parallel.run(groups, group -> {
                Tile all = sums[group * chunks];
                for (int c = 1; c < chunks; c++) all.add(sums[group * chunks + c], 1);
                kernelGradient(all, group, dk);
            });
        if (du != null) u.take(du);
        if (dk != null) k.take(dk);
    }

    private void kernelGradient(Tile sum, int group, float[] dk) {
        sum.normalize();
        sum.backward(L > plan.n);
        sum.store(dk, group * LANES, H, L, channels(group));
    }

    private void load(float[] x, int group, int row, Tile tile) {
        tile.load(x, row * H + group * LANES, B * H, T, channels(group));
    }

    private void store(float[] x, int group, int row, Tile tile) {
        tile.store(x, row * H + group * LANES, B * H, T, channels(group));
    }
}
