package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * Some channels of one sequence of a {@link SelectiveScan}: the equations step by step. A row holds the channels' states, {@code [channels, N]};
 * what does not depend on n, or on the channel, is spread over a row first, so that each inner loop has one index.
 */
final class SelectivePart {
    private final SelectiveScan scan;
    private final int row, from, channels, N, m;
    private final float[] a, steps, drive, b, c, keep, h, product;         // rows

    SelectivePart(SelectiveScan scan, int row, int from, int channels) {
        this.scan = scan;
        this.row = row;
        this.from = from;
        this.channels = channels;
        N = scan.N;
        m = channels * N;
        a = Arrays.copyOfRange(scan.a, from * N, from * N + m);
        steps = new float[m];
        drive = new float[m];
        b = new float[m];
        c = new float[m];
        keep = new float[m];
        product = new float[m];
        h = Arrays.copyOfRange(scan.start, (row * scan.D + from) * N, (row * scan.D + from) * N + m);
    }

    /** Where the channels of step t begin in {@code [T, B, D]}. */
    private int at(int t) { return (t * scan.B + row) * scan.D + from; }

    private void read(int t) {
        int first = at(t), shared = (t * scan.B + row) * N;
        for (int d = 0; d < channels; d++) {
            Arrays.fill(steps, d * N, d * N + N, scan.step[first + d]);
            Arrays.fill(drive, d * N, d * N + N, scan.step[first + d] * scan.u[first + d]);
            System.arraycopy(scan.b, shared, b, d * N, N);
            System.arraycopy(scan.c, shared, c, d * N, N);
        }
    }

    /** exp(Δ A), then h = exp(Δ A) h + Δ u B. */
    private void advance() {
        for (int j = 0; j < m; j++) keep[j] = steps[j] * a[j];
        VectorMath.exp(keep, keep, 0, m);
        for (int j = 0; j < m; j++) h[j] = keep[j] * h[j] + drive[j] * b[j];
    }

    private float sumOfChannel(float[] x, int d) {
        float sum = 0;
        for (int j = d * N; j < d * N + N; j++) sum += x[j];
        return sum;
    }

    void forward(float[] y, float[] end) {
        for (int t = 0; t < scan.T; t++) {
            read(t);
            advance();
            for (int j = 0; j < m; j++) product[j] = c[j] * h[j];
            int first = at(t);
            for (int d = 0; d < channels; d++) y[first + d] = sumOfChannel(product, d) + scan.skip[from + d] * scan.u[first + d];
        }
        System.arraycopy(h, 0, end, (row * scan.D + from) * N, m);
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
        float[] g = Arrays.copyOfRange(dEnd, (row * scan.D + from) * N, (row * scan.D + from) * N + m);
        for (int t = T - 1; t >= 0; t--) {
            read(t);
            int first = at(t);
            for (int d = 0; d < channels; d++) Arrays.fill(arrives, d * N, d * N + N, dy[first + d]);
            addOverChannels(arrives, states[t + 1], dC, t);
            addProduct(g, arrives, c);                                     // ∂L/∂h_t
            addOverChannels(g, drive, dB, t);
            for (int j = 0; j < m; j++) product[j] = g[j] * b[j];
            for (int d = 0; d < channels; d++) {
                float dDrive = sumOfChannel(product, d), v = scan.u[first + d];
                all.u[first + d] = dDrive * scan.step[first + d] + dy[first + d] * scan.skip[from + d];
                all.step[first + d] = dDrive * v;
                dSkip[d] += dy[first + d] * v;
            }
            pass(g, kept[t], states[t], dA);
            for (int d = 0; d < channels; d++) all.step[first + d] += sumOfChannel(product, d);
        }
        System.arraycopy(g, 0, all.start, (row * scan.D + from) * N, m);
        for (int j = 0; j < m; j++) dA[j] *= a[j];                         // A = -exp(aLog): dA / d aLog = A
        return new SelectiveGradients.Shared(dA, dB, dC, dSkip);
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
        for (int d = 0; d < channels; d++) for (int n = 0; n < N; n++) to[t * N + n] += product[d * N + n];
    }
}
