package unroll.recurrent;

import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;

/**
 * Memory, threads and matrix products of one pass over a sequence, for recurrences of the form z_t = x_t W + h_{t-1} U with G gates of H units. The
 * batch is cut in two parts that run through time on their own, so no thread waits for another between steps; the cut depends on the batch size
 * only. The products with x of all steps are one, and so are those for each weight's gradient.
 */
final class SequencePass {
    final int T, B, I, H, G;
    final Part[] parts;
    private final Matrix x, z, h, dz, dx, dh, dw, du;                      // rows in the order of time, then batch; h begins with h_{-1}

    SequencePass(int T, int B, int I, int H, int G) {
        this.T = T;
        this.B = B;
        this.I = I;
        this.H = H;
        this.G = G;
        x = Matrix.room(T * B, I);
        z = Matrix.room(T * B, G * H);
        h = Matrix.room((T + 1) * B, H);
        dz = Matrix.room(T * B, G * H);
        dx = Matrix.room(T * B, I);
        dh = Matrix.room(B, H);
        dw = Matrix.room(I, G * H);
        du = Matrix.room(H, G * H);
        int half = (B + 1) / 2;
        parts = B == 1 ? new Part[] {new Part(0, 1)} : new Part[] {new Part(0, half), new Part(half, B - half)};
    }

    boolean fits(int T, int B) { return this.T == T && this.B == B; }

    /** What a layer does in a part of the batch at one time. */
    @FunctionalInterface
    interface Work {
        void run(Part part, int t);
    }

    /** Rows first .. first + rows - 1 of the batch. Arrays of a part hold {@code rows * H} numbers. */
    final class Part {
        final int first, rows, size;

        private Part(int first, int rows) {
            this.first = first;
            this.rows = rows;
            this.size = rows * H;
        }

        /** One gate of z_t. */
        void gate(int t, int gate, float[] to) { z.get(t * B + first, rows, gate * H, H, to, 0); }

        /** One gate of ∂L/∂z_t. */
        void gateGradient(int t, int gate, float[] from) { dz.put(t * B + first, rows, gate * H, H, from, 0); }

        /** h_t, for the product of the next step. */
        void state(int t, float[] from) { h.put((t + 1) * B + first, rows, 0, H, from, 0); }

        /** What reaches h_{t-1} from z_t, after {@link #back}. */
        void stateGradient(float[] to) { dh.get(first, rows, 0, H, to, 0); }
    }

    /** All z_t = x_t W, then for t = 0, 1, …: z_t += h_{t-1} U, and the work that makes h_t of it. */
    void forward(float[] xs, float[] h0, Parameter w, Parameter u, Work step) {
        Matrix wm = Matrix.of(w), um = Matrix.of(u);
        h.put(0, B, 0, H, h0, 0);
        rows(T * B, (from, count) -> {
            x.put(from, count, 0, I, xs, from * I);
            z.multiply(from, count, x, from, wm, false);
        });
        Parallel.run(parts.length, p -> {
            Part part = parts[p];
            for (int t = 0; t < T; t++) {
                z.multiply(t * B + part.first, part.rows, h, t * B + part.first, um, true);
                step.run(part, t);
            }
        });
    }

    /** For t = T-1, T-2, …: the work that makes ∂L/∂z_t, then ∂L/∂h_{t-1} = ∂L/∂z_t Uᵀ. */
    void back(Parameter u, Work step) {
        Matrix ut = Matrix.transposeOf(u);
        Parallel.run(parts.length, p -> {
            Part part = parts[p];
            for (int t = T - 1; t >= 0; t--) {
                step.run(part, t);
                dh.multiply(part.first, part.rows, dz, t * B + part.first, ut, false);
            }
        });
    }

    /** ∂L/∂x = ∂L/∂z Wᵀ, all steps at once. */
    float[] inputGradient(Parameter w) {
        Matrix wt = Matrix.transposeOf(w);
        float[] g = new float[T * B * I];
        rows(T * B, (from, count) -> {
            dx.multiply(from, count, dz, from, wt, false);
            dx.get(from, count, 0, I, g, from * I);
        });
        return g;
    }

    /** ∂L/∂W = Σ_t x_tᵀ ∂L/∂z_t. */
    float[] inputWeightGradient() { return weightGradient(dw, x); }

    /** ∂L/∂U = Σ_t h_{t-1}ᵀ ∂L/∂z_t. */
    float[] recurrentWeightGradient() { return weightGradient(du, h); }

    private float[] weightGradient(Matrix d, Matrix left) {
        float[] g = new float[d.rows() * d.columns()];
        rows(d.rows(), (from, count) -> {
            d.multiplyTransposed(from, count, left, 0, dz, 0, T * B);
            d.get(from, count, 0, d.columns(), g, from * d.columns());
        });
        return g;
    }

    @FunctionalInterface
    private interface Rows {
        void run(int from, int count);
    }

    /** Two halves, where there is enough to do; the second thread needs some rows to be worth it. */
    private static void rows(int n, Rows work) {
        int half = n < 32 ? n : (n / 2 + 15) / 16 * 16;
        Parallel.run(half < n ? 2 : 1, p -> work.run(p * half, p == 0 ? half : n - half));
    }
}
