package unroll.recurrent;

import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;

/**
 * Memory, threads and matrix products of one pass over a sequence, for recurrences of G gates of H units that see x_t W + h_{t-1} U: added up, or
 * (apart) each product by itself. The batch is cut in two parts that run through time on their own, so no thread waits for another between steps;
 * the cut depends on the batch size only. The products with x of all steps are one, and so are those for each weight's gradient.
 */
final class SequencePass {
    final int B, I, H, G;
    final Part[] parts;
    private final int capacity;
    private final boolean apart;
    /** Rows in the order of time, then batch; h begins with h_{-1}. zh and dzh are the recurrent side: where it is not apart, they are z and dz. */
    private final Matrix x, z, zh, h, dz, dzh, dx, dh, dw, du;
    private int T;

    /** Room for sequences of up to {@code capacity} steps. */
    SequencePass(int capacity, int B, int I, int H, int G, boolean apart) {
        this.capacity = capacity;
        this.B = B;
        this.I = I;
        this.H = H;
        this.G = G;
        this.apart = apart;
        x = Matrix.room(capacity * B, I);
        z = Matrix.room(capacity * B, G * H);
        zh = apart ? Matrix.room(B, G * H) : z;
        h = Matrix.room((capacity + 1) * B, H);
        dz = Matrix.room(capacity * B, G * H);
        dzh = apart ? Matrix.room(capacity * B, G * H) : dz;
        dx = Matrix.room(capacity * B, I);
        dh = Matrix.room(B, H);
        dw = Matrix.room(I, G * H);
        du = Matrix.room(H, G * H);
        int half = (B + 1) / 2;
        parts = B == 1 ? new Part[] {new Part(0, 0, 1)} : new Part[] {new Part(0, 0, half), new Part(1, half, B - half)};
    }

    int capacity() { return capacity; }

    /** Whether it has room for such a batch without wasting most of it. */
    boolean fits(int steps, int batch) {
        return batch == B && steps <= capacity && capacity <= 2 * steps + 32;
    }

    void free() { for (Matrix m : new Matrix[] {x, z, zh, h, dz, dzh, dx, dh, dw, du}) m.free(); }

    /** What a layer does in a part of the batch at one time. */
    @FunctionalInterface
    interface Work {
        void run(Part part, int t);
    }

    /** Rows first .. first + rows - 1 of the batch. Arrays of a part hold {@code rows * H} numbers. */
    final class Part {
        final int number, first, rows, size;

        private Part(int number, int first, int rows) {
            this.number = number;
            this.first = first;
            this.rows = rows;
            this.size = rows * H;
        }

        /** One gate of x_t W + h_{t-1} U; only of x_t W, where the recurrent side is apart. */
        void gate(int t, int gate, float[] to) {
            z.get(t * B + first, rows, gate * H, H, to, 0);
        }

        /** One gate of h_{t-1} U, where it is apart. */
        void recurrentGate(int gate, float[] to) { zh.get(first, rows, gate * H, H, to, 0); }

        /** ∂L/∂ of what {@link #gate} gave. */
        void gateGradient(int t, int gate, float[] from) { dz.put(t * B + first, rows, gate * H, H, from, 0); }

        /** ∂L/∂ of what {@link #recurrentGate} gave. */
        void recurrentGateGradient(int t, int gate, float[] from) {
            dzh.put(t * B + first, rows, gate * H, H, from, 0);
        }

        /** h_t, for the product of the next step. */
        void state(int t, float[] from) { h.put((t + 1) * B + first, rows, 0, H, from, 0); }

        /** What reaches h_{t-1} through the product with U, after the work of time t. */
        void stateGradient(float[] to) {
            dh.get(first, rows, 0, H, to, 0);
        }
    }

    /** All x_t W, then for t = 0, 1, …: h_{t-1} U, and the work that makes h_t of it. */
    void forward(int steps, float[] xs, float[] h0, Parameter w, Parameter u, Work step) {
        T = steps;
        Matrix wm = Matrix.of(w), um = Matrix.of(u);
        h.put(0, B, 0, H, h0, 0);
        rows(T * B, (from, count) -> {
            x.put(from, count, 0, I, xs, from * I);
            z.multiply(from, count, x, from, wm, false);
        });
        Parallel.run(parts.length, p -> {
            Part part = parts[p];
            for (int t = 0; t < T; t++) {
                zh.multiply((apart ? 0 : t * B) + part.first, part.rows, h, t * B + part.first, um, !apart);
                step.run(part, t);
            }
        });
    }

    /** For t = T-1, T-2, …: the work that makes the gradients of the gates, then what of it reaches h_{t-1} through Uᵀ. */
    void back(Parameter u, Work step) {
        Matrix ut = Matrix.transposeOf(u);
        Parallel.run(parts.length, p -> {
            Part part = parts[p];
            for (int t = T - 1; t >= 0; t--) {
                step.run(part, t);
                dh.multiply(part.first, part.rows, dzh, t * B + part.first, ut, false);
            }
        });
    }

    /** ∂L/∂x = ∂L/∂z Wᵀ, all steps at once; in an array that is no longer needed, if that has the size. */
    float[] inputGradient(Parameter w, float[] room) {
        Matrix wt = Matrix.transposeOf(w);
        float[] g = room.length == T * B * I ? room : new float[T * B * I];
        rows(T * B, (from, count) -> {
            dx.multiply(from, count, dz, from, wt, false);
            dx.get(from, count, 0, I, g, from * I);
        });
        return g;
    }

    /** ∂L/∂W = Σ_t x_tᵀ ∂L/∂z_t. */
    float[] inputWeightGradient() { return weightGradient(dw, x, dz); }

    /** ∂L/∂U = Σ_t h_{t-1}ᵀ ∂L/∂z_t, of the recurrent side. */
    float[] recurrentWeightGradient() { return weightGradient(du, h, dzh); }

    private float[] weightGradient(Matrix d, Matrix left, Matrix right) {
        float[] g = new float[d.rows() * d.columns()];
        rows(d.rows(), (from, count) -> {
            d.multiplyTransposed(from, count, left, 0, right, 0, T * B);
            d.get(from, count, 0, d.columns(), g, from * d.columns());
        });
        return g;
    }

    /** ∂L/∂z of all steps, {@code [T, B, G H]}, after the way back. */
    float[] gateGradients() { return all(dz); }

    /** The same of the recurrent side. */
    float[] recurrentGateGradients() { return all(dzh); }

    private float[] all(Matrix gates) {
        float[] g = new float[T * B * G * H];
        gates.get(0, T * B, 0, G * H, g, 0);
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
