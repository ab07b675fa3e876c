package unroll.statespace;

import java.util.Arrays;

import unroll.statespace.FourierPlan.Spectrum;
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
 * Working memory: 64 bytes for each of the 2 T to 4 T points of a transform, once for each 16 channels and each part of
 * the batch and four times for each thread; not for each sequence. A layer uses it again. Equal to the last bit for any
 * number of threads.
 */
public final class CausalConvolution {
    // parts to have at least, where the batch allows
    private static final int LANES = FourierPlan.LANES, PARTS = 16;

    private final int T, B, H, L, groups, chunks;
    private final FourierPlan plan;
    private final float[] u;
    // a spectrum for each group of channels, divided by n
    private final Spectrum[] kernels;

    private CausalConvolution(float[] u, float[] k, int T, int B, int H, int L, FourierPlan.Kept plans) {
        this.T = T;
        this.B = B;
        this.H = H;
        this.L = Math.min(L, T);
        this.u = u;
        groups = (H + LANES - 1) / LANES;
        chunks = Math.min(B, (PARTS + groups - 1) / groups);
        plan = plans.plan(length(T + (long) this.L - 1) / 2);
        kernels = new Spectrum[groups];
        Parallel.run(groups, group -> {
            Tile tile = plan.tile();
            tile.load(k, group * LANES, H, this.L, channels(group));
            kernels[group] = plan.spectrum();
            tile.forward(kernels[group]);
            kernels[group].normalize();
            plan.giveBack(tile);
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
        return apply(u, k, new FourierPlan.Kept());
    }

    /** The same with the plans of a layer. */
    static Tensor apply(Tensor u, Tensor k, FourierPlan.Kept plans) {
        if (u.rank() != 3 || k.rank() != 2 || u.size(2) != k.size(1) || u.size() == 0 || k.size() == 0)
            throw new ShapeException("CausalConvolution: expected u of shape [T, B, H] and k of shape [L, H] but got "
                    + Arrays.toString(u.shape())
                    + " and " + Arrays.toString(k.shape()));
        var c = new CausalConvolution(u.data(), k.data(), u.size(0), u.size(1), u.size(2), k.size(0), plans);
        Tensor y = Tape.record("causalConvolution", c.forward(), u.shape(), g -> c.back(g.get(0), u, k), u, k);
        if (!y.requiresGradient()) c.done();
        return y;
    }

    /** The spectra of the kernels are not needed any more. */
    private void done() {
        for (Spectrum kernel : kernels) plan.giveBack(kernel);
    }

    private int channels(int group) { return Math.min(LANES, H - group * LANES); }

    private interface Work {
        void accept(int group, int chunk);
    }

    /** Each group of channels, and parts of the batch where there are few groups. */
    private void parts(Work work) {
        Parallel.run(groups * chunks, part -> work.accept(part / chunks, part % chunks));
    }

    private int firstRow(int chunk) { return (int) ((long) chunk * B / chunks); }

    private float[] forward() {
        float[] y = new float[u.length];
        parts((group, chunk) -> {
            Tile tile = plan.tile();
            Spectrum spectrum = plan.spectrum();
            for (int b = firstRow(chunk); b < firstRow(chunk + 1); b++) {
                load(u, group, b, tile);
                tile.forward(spectrum);
                spectrum.multiply(kernels[group], 1);
                tile.backward(spectrum, T > plan.n);
                store(y, group, b, tile);
            }
            plan.giveBack(tile);
            plan.giveBack(spectrum);
        });
        return y;
    }

    private void back(float[] g, Tensor u, Tensor k) {
        float[] dk = new float[k.size()];
        Spectrum[] sums = new Spectrum[groups * chunks];
        parts((group, chunk) -> {
            Tile tile = plan.tile();
            Spectrum arrives = plan.spectrum(), input = plan.spectrum(), sum = plan.spectrum();
            sum.clear();
            for (int b = firstRow(chunk); b < firstRow(chunk + 1); b++) {
                load(g, group, b, tile);
                tile.forward(arrives);
                load(this.u, group, b, tile);
                tile.forward(input);
                sum.addCorrelation(arrives, input);
                if (!u.requiresGradient()) continue;
                arrives.multiply(kernels[group], -1);
                tile.backward(arrives, T > plan.n);
                store(g, group, b, tile);                                  // where it came from
            }
            plan.giveBack(tile);
            plan.giveBack(arrives);
            plan.giveBack(input);
            sums[group * chunks + chunk] = sum;
        });
        Parallel.run(groups, group -> kernelGradient(sums, group, dk));
        done();
        if (u.requiresGradient()) u.take(g);
        if (k.requiresGradient()) k.take(dk);
    }

    private void kernelGradient(Spectrum[] sums, int group, float[] dk) {
        Spectrum sum = sums[group * chunks];
        for (int c = 1; c < chunks; c++) {
            sum.add(sums[group * chunks + c]);
            plan.giveBack(sums[group * chunks + c]);
        }
        sum.normalize();
        Tile tile = plan.tile();
        tile.backward(sum, L > plan.n);
        tile.store(dk, group * LANES, H, L, channels(group));
        plan.giveBack(tile);
        plan.giveBack(sum);
    }

    private void load(float[] x, int group, int row, Tile tile) {
        tile.load(x, row * H + group * LANES, B * H, T, channels(group));
    }

    private void store(float[] x, int group, int row, Tile tile) {
        tile.store(x, row * H + group * LANES, B * H, T, channels(group));
    }
}
