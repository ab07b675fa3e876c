package unroll.recurrent;

import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;

/**
 * Memory, threads and matrix products of one pass over a sequence, for recurrences of G gates of H units that see x_t W + h_{t-1} U: added up, or
 * (apart) each product by itself, or (later) added up, but for the last gate with q_t U, where q_t is made of the other gates. The batch is cut in
 * two parts that run through time on their own, so no thread waits for another between steps; the cut depends on the batch size only. The products
 * with x of all steps are one, and so are those for each weight's gradient.
 */
final class SequencePass {
    final int B, I, H, G;
    final Part[] parts;
    private final int capacity;
    private final boolean apart, later;
    /** Rows in the order of time, then batch; h begins with h_{-1}. zh and dzh are the recurrent side: where it is not apart, they are z and dz. */
    private final Matrix x, z, zh, h, dz, dzh, dx, dh, dw, du;
    /** Where the last gate comes later, zh and dzh are the columns of the other gates, zq and dzq its own; elsewhere these four are null. */
    private final Matrix q, zq, dq, dzq;
    private Matrix uq, uqTransposed;                                       // the part of U for the last gate
    private int T;

    /** Room for sequences of up to {@code capacity} steps. */
    SequencePass(int capacity, int B, int I, int H, int G, boolean apart, boolean later) {
        this.capacity = capacity;
        this.B = B;
        this.I = I;
        this.H = H;
        this.G = G;
        this.apart = apart;
        this.later = later;
        x = Matrix.room(capacity * B, I);
        z = Matrix.room(capacity * B, G * H);
        zh = apart ? Matrix.room(B, G * H) : later ? others(z) : z;
        h = Matrix.room((capacity + 1) * B, H);
        dz = Matrix.room(capacity * B, G * H);
        dzh = apart ? Matrix.room(capacity * B, G * H) : later ? others(dz) : dz;
        dx = Matrix.room(capacity * B, I);
        dh = Matrix.room(B, H);
        dw = Matrix.room(I, G * H);
        du = Matrix.room(H, G * H);
        q = later ? Matrix.room(capacity * B, H) : null;
        zq = later ? last(z) : null;
        dq = later ? Matrix.room(B, H) : null;
        dzq = later ? last(dz) : null;
        int half = (B + 1) / 2;
        parts = B == 1 ? new Part[] {new Part(0, 0, 1)} : new Part[] {new Part(0, 0, half), new Part(1, half, B - half)};
    }

    int capacity() { return capacity; }

    /** Whether it has room for such a batch without wasting most of it. */
    boolean fits(int steps, int batch) {
        return batch == B && steps <= capacity && capacity <= 2 * steps + 32;
    }

    void free() {
        for (Matrix m : new Matrix[] {x, z, h, dz, dx, dh, dw, du}) m.free();
        for (Matrix m : apart ? new Matrix[] {zh, dzh} : later ? new Matrix[] {q, dq} : new Matrix[0]) m.free();
    }

    /** The columns of all gates but the last. */
    private Matrix others(Matrix gates) { return gates.block(0, gates.rows(), 0, (G - 1) * H); }

    private Matrix last(Matrix gates) { return gates.block(0, gates.rows(), (G - 1) * H, H); }

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

        /** Where the last gate comes later: x_t W + q_t U of that gate. */
        void lastGate(int t, float[] qs, float[] to) {
            int row = t * B + first;
            q.put(row, rows, 0, H, qs, 0);
            zq.multiply(row, rows, q, row, uq, true);
            zq.get(row, rows, 0, H, to, 0);
        }

        /** Takes ∂L/∂ of what {@link #lastGate} gave, and gives what of it reaches q_t through Uᵀ. */
        void lastGateGradient(int t, float[] from, float[] to) {
            int row = t * B + first;
            dzq.put(row, rows, 0, H, from, 0);
            dq.multiply(first, rows, dzq, row, uqTransposed, false);
            dq.get(first, rows, 0, H, to, 0);
        }

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
        Matrix wm = Matrix.of(w), all = Matrix.of(u), um = later ? others(all) : all;
        uq = later ? last(all) : null;
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
        Matrix all = Matrix.transposeOf(u), ut = later ? all.block(0, (G - 1) * H, 0, H) : all;
        uqTransposed = later ? all.block((G - 1) * H, H, 0, H) : null;
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
    float[] inputWeightGradient() {
        return weightGradient(dw, (from, count) -> dw.multiplyTransposed(from, count, x, 0, dz, 0, T * B));
    }

    /** ∂L/∂U = Σ_t h_{t-1}ᵀ ∂L/∂z_t, of the recurrent side; where the last gate comes later, with q_t for it. */
    float[] recurrentWeightGradient() {
        if (!later) return weightGradient(du, (from, count) -> du.multiplyTransposed(from, count, h, 0, dzh, 0, T * B));
        Matrix others = others(du), last = last(du);
        return weightGradient(du, (from, count) -> {
            others.multiplyTransposed(from, count, h, 0, dzh, 0, T * B);
            last.multiplyTransposed(from, count, q, 0, dzq, 0, T * B);
        });
    }

    private float[] weightGradient(Matrix d, Rows product) {
        float[] g = new float[d.rows() * d.columns()];
        rows(d.rows(), (from, count) -> {
            product.run(from, count);
            d.get(from, count, 0, d.columns(), g, from * d.columns());
        });
        return g;
    }

    /** ∂L/∂z of all steps, {@code [T, B, G H]}, after the way back. */
    float[] gateGradients() { return all(dz); }

    /** The same of the recurrent side, with the last gate where that comes later. */
    float[] recurrentGateGradients() {
        return all(apart ? dzh : dz);
    }

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
