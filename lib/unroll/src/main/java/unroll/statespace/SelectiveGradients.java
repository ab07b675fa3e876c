package unroll.statespace;

/** The gradients of all inputs of a {@link SelectiveScan}. */
final class SelectiveGradients {
    /**
     * What one part found for inputs that other parts read too; d log A as {@code [channels, N]}, b and c as
     * {@code [T, N]}.
     */
    record Shared(float[] aLog, float[] b, float[] c, float[] skip) {
    }

    final float[] u, step, aLog, b, c, skip, start;
    private final SelectiveScan scan;

    SelectiveGradients(SelectiveScan scan) {
        this.scan = scan;
        u = new float[scan.u.length];
        step = new float[scan.u.length];
        aLog = new float[scan.a.length];
        b = new float[scan.b.length];
        c = new float[scan.b.length];
        skip = new float[scan.D];
        start = new float[scan.start.length];
    }

    /** Adds what a part found, of sequence {@code row} and channels from {@code from} on. */
    void add(Shared part, int row, int from) {
        int N = scan.N;
        for (int i = 0; i < part.aLog.length; i++) aLog[from * N + i] += part.aLog[i];
        for (int i = 0; i < part.skip.length; i++) skip[from + i] += part.skip[i];
        for (int t = 0; t < scan.T; t++)
            for (int n = 0; n < N; n++) {
                b[(t * scan.B + row) * N + n] += part.b[t * N + n];
                c[(t * scan.B + row) * N + n] += part.c[t * N + n];
            }
    }
}
