package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * Some channels of one sequence of a {@link SelectiveScan}: the equations step by step. A row holds the channels' states, {@code [N, channels]};
 * what does not depend on n, or on the channel, is spread over a row first, so that each inner loop has one index.
 */
final class SelectivePart {
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
    private int at(int t) { return (t * scan.B + row) * scan.D + from; }

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

    void forward(float[] y, float[] end) {
        for (int t = 0; t < scan.T; t++) {
            read(t);
            advance();
            for (int j = 0; j < m; j++) product[j] = c[j] * h[j];
            sumOverStates();
            int first = at(t);
            for (int d = 0; d < channels; d++) y[first + d] = sums[d] + scan.skip[from + d] * scan.u[first + d];
        }
        turnBack(h, end, (row * scan.D + from) * N);
    }

    /** Runs forward again with all states kept, then back. */
    SelectiveGradients.Shared back(float[] dy, float[] dEnd, SelectiveGradients all) {
        int T = scan.T;
        float[][] states = new float[T + 1][], kept = new float[T][];
        states[0] = h.clone();
        for (int t = 0; t < T; t++) {
            read(t);
            advance();
            states[t + 1] = h.clone();
            kept[t] = keep.clone();
        }
        float[] dA = new float[m], dB = new float[T * N], dC = new float[T * N], dSkip = new float[channels], arrives = new float[m];
        float[] g = turned(dEnd, (row * scan.D + from) * N);
        for (int t = T - 1; t >= 0; t--) {
            read(t);
            int first = at(t);
            System.arraycopy(dy, first, arrives, 0, channels);
            spread(arrives);
            addOverChannels(arrives, states[t + 1], dC, t);
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
            pass(g, kept[t], states[t], dA);
            sumOverStates();
            for (int d = 0; d < channels; d++) all.step[first + d] += sums[d];
        }
        turnBack(g, all.start, (row * scan.D + from) * N);
        for (int j = 0; j < m; j++) dA[j] *= a[j];                         // A = -exp(aLog): dA / d aLog = A
        float[] byChannel = new float[m];
        turnBack(dA, byChannel, 0);
        return new SelectiveGradients.Shared(byChannel, dB, dC, dSkip);
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
