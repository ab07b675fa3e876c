package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.VectorMath;

/**
 * Some channels of one sequence of a {@link SelectiveScan}: the equations step by step. A row holds the channels'
 * states, {@code [N, channels]}; what does not depend on n, or on the channel, is spread over a row first, so that each
 * inner loop has one index.
 */
final class SelectivePart {
    // steps whose states stay in the cache on the way back
    private static final int SEGMENT = 64;

    private final SelectiveScan scan;
    private final int row, from, channels, N, m;
    private final float[] a, steps, drive, b, c, keep, h, product;         // rows
    private final float[] channel, sums;                                   // [channels]

    SelectivePart(SelectiveScan scan, int row, int from, int channels) {
        this.scan = scan;
        this.row = row;
        this.from = from;
        this.channels = channels;
        N = scan.N;
        m = channels * N;
        a = turned(scan.a, from * N);
        steps = new float[m];
        drive = new float[m];
        b = new float[m];
        c = new float[m];
        keep = new float[m];
        product = new float[m];
        h = turned(scan.start, (row * scan.D + from) * N);
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
        return (t * scan.B + row) * scan.D + from;
    }

    private void read(int t) {
        int first = at(t), shared = (t * scan.B + row) * N;
        System.arraycopy(scan.step, first, steps, 0, channels);
        System.arraycopy(scan.u, first, channel, 0, channels);
        for (int d = 0; d < channels; d++) drive[d] = steps[d] * channel[d];
        spread(steps);
        spread(drive);
        for (int n = 0; n < N; n++) Arrays.fill(b, n * channels, (n + 1) * channels, scan.b[shared + n]);
        for (int n = 0; n < N; n++) Arrays.fill(c, n * channels, (n + 1) * channels, scan.c[shared + n]);
    }

    /** Repeats what stands there for n = 0. */
    private void spread(float[] x) {
        for (int n = 1; n < N; n++) System.arraycopy(x, 0, x, n * channels, channels);
    }

    /** exp(Δ A), then h = exp(Δ A) h + Δ u B. */
    private void advance() {
        for (int j = 0; j < m; j++) keep[j] = steps[j] * a[j];
        VectorMath.exp(keep, keep, 0, m);
        for (int j = 0; j < m; j++) h[j] = keep[j] * h[j] + drive[j] * b[j];
    }

    /** The sum of {@code product} over n for each channel. */
    private void sumOverStates() {
        System.arraycopy(product, 0, sums, 0, channels);
        for (int n = 1; n < N; n++) {
            System.arraycopy(product, n * channels, channel, 0, channels);
            for (int d = 0; d < sums.length; d++) sums[d] += channel[d];
        }
    }

    /** Gives the states before steps 0, {@value #SEGMENT}, 2 · {@value #SEGMENT} and so on. */
    float[][] forward(float[] y, float[] end) {
        float[][] starts = new float[(scan.T + SEGMENT - 1) / SEGMENT][];
        for (int t = 0; t < scan.T; t++) {
            Interrupts.check("SelectiveScan", t);
            if (t % SEGMENT == 0) starts[t / SEGMENT] = h.clone();
            read(t);
            advance();
            for (int j = 0; j < m; j++) product[j] = c[j] * h[j];
            sumOverStates();
            int first = at(t);
            for (int d = 0; d < channels; d++) y[first + d] = sums[d] + scan.skip[from + d] * scan.u[first + d];
        }
        turnBack(h, end, (row * scan.D + from) * N);
        return starts;
    }

    /** Runs each segment forward again with its states kept, then back; the last segment first. */
    SelectiveGradients.Shared back(float[][] starts, float[] dy, float[] dEnd, SelectiveGradients all) {
        int T = scan.T;
        float[][] states = new float[Math.min(T, SEGMENT) + 1][m], kept = new float[Math.min(T, SEGMENT)][m];
        float[] dA = new float[m], dB = new float[T * N], dC = new float[T * N], dSkip = new float[channels],
                arrives = new float[m];
        float[] g = turned(dEnd, (row * scan.D + from) * N);
        for (int t = T - 1; t >= 0; t--) {
            Interrupts.check("SelectiveScan", t);
            int i = t % SEGMENT;
            if (t == T - 1 || i == SEGMENT - 1) runAgain(starts[t / SEGMENT], t - i, t + 1, states, kept);
            read(t);
            int first = at(t);
            System.arraycopy(dy, first, arrives, 0, channels);
            spread(arrives);
            addOverChannels(arrives, states[i + 1], dC, t);
            addProduct(g, arrives, c);                                     // ∂L/∂h_t
            addOverChannels(g, drive, dB, t);
            for (int j = 0; j < m; j++) product[j] = g[j] * b[j];
            sumOverStates();
            for (int d = 0; d < channels; d++) {
                float v = scan.u[first + d];
                all.u[first + d] = sums[d] * scan.step[first + d] + dy[first + d] * scan.skip[from + d];
                all.step[first + d] = sums[d] * v;
                dSkip[d] += dy[first + d] * v;
            }
            pass(g, kept[i], states[i], dA);
            sumOverStates();
            for (int d = 0; d < channels; d++) all.step[first + d] += sums[d];
        }
        turnBack(g, all.start, (row * scan.D + from) * N);
        for (int j = 0; j < m; j++) dA[j] *= a[j];                         // A = -exp(aLog): dA / d aLog = A
        float[] byChannel = new float[m];
        turnBack(dA, byChannel, 0);
        return new SelectiveGradients.Shared(byChannel, dB, dC, dSkip);
    }

    /** Steps begin .. end - 1, from the state before them. */
    private void runAgain(float[] start, int begin, int end, float[][] states, float[][] kept) {
        System.arraycopy(start, 0, h, 0, m);
        System.arraycopy(h, 0, states[0], 0, m);
        for (int t = begin; t < end; t++) {
            read(t);
            advance();
            System.arraycopy(h, 0, states[t - begin + 1], 0, m);
            System.arraycopy(keep, 0, kept[t - begin], 0, m);
        }
    }

    /** To h_{t-1}, and to A and Δ through exp(Δ A), whose gradient times A stays in product. */
    private void pass(float[] g, float[] kept, float[] before, float[] dA) {
        for (int j = 0; j < m; j++) g[j] *= kept[j];
        for (int j = 0; j < m; j++) product[j] = g[j] * before[j];
        addProduct(dA, product, steps);
        for (int j = 0; j < m; j++) product[j] *= a[j];
    }

    private static void addProduct(float[] to, float[] x, float[] y) {
        for (int j = 0; j < to.length; j++) to[j] += x[j] * y[j];
    }

    /** to[t, n] += the sum over channels of x y. */
    private void addOverChannels(float[] x, float[] y, float[] to, int t) {
        for (int j = 0; j < m; j++) product[j] = x[j] * y[j];
        for (int n = 0; n < N; n++) to[t * N + n] += (float) VectorMath.sum(product, n * channels, (n + 1) * channels);
    }
}
