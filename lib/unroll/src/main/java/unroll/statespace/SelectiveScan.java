package unroll.statespace;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * The selective state space (S6) of Mamba (Gu and Dao 2023) over a whole sequence as one operation: step, B and C
 * depend on the input. Zero-order hold for A, Euler for B, as there.
 *
 * <pre>{@code
 * A = -exp(aLog)
 * h_t[d,n] = exp(Δ_t[d] A[d,n]) h_{t-1}[d,n] + Δ_t[d] u_t[d] B_t[n]
 * y_t[d]   = sum over n of C_t[n] h_t[d,n] + skip[d] u_t[d]
 * }</pre>
 *
 * Of the states only those of every 64th step are kept. Each part (32 channels of one sequence) computes the others
 * again on the way back, 64 steps at a time, so they stay in the cache: two buffers of 32 · 64 N numbers for each
 * thread. Equal to the last bit for any number of threads.
 */
public final class SelectiveScan {
    private static final int BLOCK = 32;                                   // channels of a part
    private static final int SEGMENT = 64;                                 // steps whose states stay in the cache

    private final Tensor[] in;                                             // u, step, aLog, b, c, skip, h0
    private final int T, B, D, N, blocks;
    private final float[] u, step, a, b, c, skip, start;
    private final float[][][] starts;                                      // of each part the states before segments

    private SelectiveScan(Tensor... in) {
        this.in = in;
        T = in[0].size(0);
        B = in[0].size(1);
        D = in[0].size(2);
        N = in[2].size(1);
        u = in[0].data();
        step = in[1].data();
        b = in[3].data();
        c = in[4].data();
        skip = in[5].data();
        start = in[6].data();
        float[] log = in[2].data();
        a = new float[D * N];
        for (int i = 0; i < a.length; i++) a[i] = (float) -Math.exp(log[i]);
        blocks = (D + BLOCK - 1) / BLOCK;
        starts = new float[B * blocks][][];
    }

    /**
     * y {@code [T, B, D]}, and the state after the last step {@code [B, D, N]}.
     *
     * @param u    {@code [T, B, D]}
     * @param step Δ, at least 0, {@code [T, B, D]}
     * @param aLog {@code [D, N]}
     * @param b    {@code [T, B, N]}
     * @param c    {@code [T, B, N]}
     * @param skip {@code [D]}
     * @param h0   the state before the first step, {@code [B, D, N]}
     */
    public static List<Tensor> apply(Tensor u, Tensor step, Tensor aLog, Tensor b, Tensor c, Tensor skip, Tensor h0) {
        int[] x = u.shape(), m = aLog.shape();
        boolean fits = x.length == 3 && m.length == 2 && Arrays.equals(x, step.shape()) && m[0] == x[2]
                && Arrays.equals(b.shape(), new int[] {x[0], x[1], m[1]}) && Arrays.equals(c.shape(), b.shape())
                && Arrays.equals(skip.shape(), new int[] {x[2]})
                && Arrays.equals(h0.shape(), new int[] {x[1], x[2], m[1]});
        if (!fits)
            throw new ShapeException("SelectiveScan: expected u and step [T, B, D], aLog [D, N], b and c [T, B, N], "
                    + "skip [D] and h0 [B, D, N] but got " + Arrays.toString(x) + ", " + Arrays.toString(step.shape())
                    + ", " + Arrays.toString(m) + ", " + Arrays.toString(b.shape()) + ", " + Arrays.toString(c.shape())
                    + ", " + Arrays.toString(skip.shape()) + " and " + Arrays.toString(h0.shape()));
        SelectiveScan scan = new SelectiveScan(u, step, aLog, b, c, skip, h0);
        float[] y = new float[scan.u.length], end = new float[scan.start.length];
        Parallel.run(scan.starts.length, part -> scan.starts[part] = scan.new Part(part).forward(y, end));
        return Tape.record("selectiveScan", List.of(y, end), List.of(x, h0.shape()), g -> scan.back(g.get(0), g.get(1)),
                scan.in);
    }

    /**
     * The gradients of inputs; of a part those that other parts read too, aLog {@code [channels, N]}, b {@code [T, N]}.
     */
    private record Gradients(float[] aLog, float[] b, float[] c, float[] skip) {
    }

    /** Gradients of what several parts share are summed in the order of the parts. */
    private void back(float[] dy, float[] dEnd) {
        float[] du = new float[u.length], dStep = new float[u.length], dStart = new float[start.length];
        Gradients[] found = new Gradients[starts.length];
        Parallel.run(found.length, p -> found[p] = new Part(p).back(dy, dEnd, du, dStep, dStart));
        Gradients all = new Gradients(new float[a.length], new float[b.length], new float[b.length], new float[D]);
        for (int p = 0; p < found.length; p++) {
            Gradients g = found[p];
            int row = p / blocks, from = p % blocks * BLOCK;
            for (int i = 0; i < g.aLog.length; i++) all.aLog[from * N + i] += g.aLog[i];
            for (int i = 0; i < g.skip.length; i++) all.skip[from + i] += g.skip[i];
            for (int i = 0; i < g.b.length; i++) {
                int at = (i / N * B + row) * N + i % N;
                all.b[at] += g.b[i];
                all.c[at] += g.c[i];
            }
        }
        float[][] ordered = {du, dStep, all.aLog, all.b, all.c, all.skip, dStart};
        for (int i = 0; i < in.length; i++) if (in[i].requiresGradient()) in[i].take(ordered[i]);
    }

    /**
     * Some channels of one sequence: the equations step by step. A row holds the channels' states, {@code [N,
     * channels]}; what does not depend on n, or on the channel, is spread over a row first, so that each inner loop has
     * one index.
     */
    private final class Part {
        private final int part, row, from, channels, m;
        private final float[] ownA, steps, drive, ownB, ownC, keep, h, product;                     // rows
        private final float[] channel, sums;                               // [channels]

        private Part(int part) {
            this.part = part;
            row = part / blocks;
            from = part % blocks * BLOCK;
            channels = Math.min(BLOCK, D - from);
            m = channels * N;
            ownA = turned(a, from * N);
            h = turned(start, (row * D + from) * N);
            steps = new float[m];
            drive = new float[m];
            ownB = new float[m];
            ownC = new float[m];
            keep = new float[m];
            product = new float[m];
            channel = new float[channels];
            sums = new float[channels];
        }

        /** {@code [channels, N]}, from {@code at} on, as a row. */
        private float[] turned(float[] x, int at) {
            float[] to = new float[m];
            for (int d = 0; d < channels; d++) for (int n = 0; n < N; n++) to[n * channels + d] = x[at + d * N + n];
            return to;
        }

        /** The other way round. */
        private void turnBack(float[] x, float[] to, int at) {
            for (int d = 0; d < channels; d++) for (int n = 0; n < N; n++) to[at + d * N + n] = x[n * channels + d];
        }

        /** Where the channels of step t begin in {@code [T, B, D]}. */
        private int at(int t) {
            return (t * B + row) * D + from;
        }

        private void read(int t) {
            int first = at(t), shared = (t * B + row) * N;
            System.arraycopy(step, first, steps, 0, channels);
            System.arraycopy(u, first, channel, 0, channels);
            for (int d = 0; d < channels; d++) drive[d] = steps[d] * channel[d];
            spread(steps);
            spread(drive);
            for (int n = 0; n < N; n++) Arrays.fill(ownB, n * channels, (n + 1) * channels, b[shared + n]);
            for (int n = 0; n < N; n++) Arrays.fill(ownC, n * channels, (n + 1) * channels, c[shared + n]);
        }

        /** Repeats what stands there for n = 0. */
        private void spread(float[] x) {
            for (int n = 1; n < N; n++) System.arraycopy(x, 0, x, n * channels, channels);
        }

        /** exp(Δ A), then h = exp(Δ A) h + Δ u B. */
        private void advance() {
            for (int j = 0; j < m; j++) keep[j] = steps[j] * ownA[j];
            VectorMath.exp(keep, keep, 0, m);
            for (int j = 0; j < m; j++) h[j] = keep[j] * h[j] + drive[j] * ownB[j];
        }

        /** The sum of x y over n for each channel. */
        private void sumOverStates(float[] x, float[] y) {
            for (int j = 0; j < m; j++) product[j] = x[j] * y[j];
            System.arraycopy(product, 0, sums, 0, channels);
            for (int n = 1; n < N; n++) {
                System.arraycopy(product, n * channels, channel, 0, channels);
                for (int d = 0; d < sums.length; d++) sums[d] += channel[d];
            }
        }

        /** to[t, n] += the sum of x y over channels. */
        private void addOverChannels(float[] x, float[] y, float[] to, int t) {
            for (int j = 0; j < m; j++) product[j] = x[j] * y[j];
            for (int n = 0; n < N; n++)
                to[t * N + n] += (float) VectorMath.sum(product, n * channels, (n + 1) * channels);
        }

        /** Gives the states before each segment. */
        private float[][] forward(float[] y, float[] end) {
            float[][] before = new float[(T + SEGMENT - 1) / SEGMENT][];
            for (int t = 0; t < T; t++) {
                Interrupts.check("SelectiveScan", t);
                if (t % SEGMENT == 0) before[t / SEGMENT] = h.clone();
                read(t);
                advance();
                sumOverStates(ownC, h);
                int first = at(t);
                for (int d = 0; d < channels; d++) y[first + d] = sums[d] + skip[from + d] * u[first + d];
            }
            turnBack(h, end, (row * D + from) * N);
            return before;
        }

        /** Runs each segment forward again with its states kept, then back; the last segment first. */
        private Gradients back(float[] dy, float[] dEnd, float[] du, float[] dStep, float[] dStart) {
            float[][] states = new float[Math.min(T, SEGMENT) + 1][m], kept = new float[Math.min(T, SEGMENT)][m];
            Gradients shared = new Gradients(new float[m], new float[T * N], new float[T * N], new float[channels]);
            float[] dA = new float[m], arrives = new float[m], g = turned(dEnd, (row * D + from) * N);
            for (int t = T - 1; t >= 0; t--) {
                Interrupts.check("SelectiveScan", t);
                int i = t % SEGMENT, first = at(t);
                if (t == T - 1 || i == SEGMENT - 1) runAgain(starts[part][t / SEGMENT], t - i, t + 1, states, kept);
                read(t);
                System.arraycopy(dy, first, arrives, 0, channels);
                spread(arrives);
                addOverChannels(arrives, states[i + 1], shared.c, t);
                addProduct(g, arrives, ownC);                              // ∂L/∂h_t
                addOverChannels(g, drive, shared.b, t);
                sumOverStates(g, ownB);
                for (int d = 0; d < channels; d++) {
                    float v = u[first + d];
                    du[first + d] = sums[d] * step[first + d] + dy[first + d] * skip[from + d];
                    dStep[first + d] = sums[d] * v;
                    shared.skip[d] += dy[first + d] * v;
                }
                pass(g, kept[i], states[i], dA);
                for (int d = 0; d < channels; d++) dStep[first + d] += sums[d];
            }
            turnBack(g, dStart, (row * D + from) * N);
            for (int j = 0; j < m; j++) dA[j] *= ownA[j];                  // A = -exp(aLog): dA / d aLog = A
            turnBack(dA, shared.aLog, 0);
            return shared;
        }

        /** Steps begin .. end - 1, from the state before them. */
        private void runAgain(float[] before, int begin, int end, float[][] states, float[][] kept) {
            System.arraycopy(before, 0, h, 0, m);
            System.arraycopy(h, 0, states[0], 0, m);
            for (int t = begin; t < end; t++) {
                read(t);
                advance();
                System.arraycopy(h, 0, states[t - begin + 1], 0, m);
                System.arraycopy(keep, 0, kept[t - begin], 0, m);
            }
        }

        /** To h_{t-1}, and to A and Δ through exp(Δ A), whose gradient times A is summed. */
        private void pass(float[] g, float[] kept, float[] before, float[] dA) {
            for (int j = 0; j < m; j++) g[j] *= kept[j];
            for (int j = 0; j < m; j++) product[j] = g[j] * before[j];
            addProduct(dA, product, steps);
            sumOverStates(product, ownA);
        }

        private static void addProduct(float[] to, float[] x, float[] y) {
            for (int j = 0; j < to.length; j++) to[j] += x[j] * y[j];
        }
    }
}
