package unroll.recurrent;

import java.util.function.Function;

import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/**
 * Memory, threads and matrix products of one pass over a sequence, for recurrences of G gates of H units that see x_t W
 * + h_{t-1} U: added up, or (apart) each product by itself, or (later) with the last gate's product of U not with
 * h_{t-1} but with a q_t that the other gates make.
 *
 * <p>The batch is cut in two parts that run through all of time on their own, so no thread waits for another between
 * steps; a batch of one is one part, whose products are cut by columns. The cut depends on sizes only.
 */
final class SequencePass {
    final int B, I, H, G;
    final boolean apart, later;
    final Part[] parts;
    private final int capacity;
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
        int half = (B + 1) / 2;
        parts = B == 1
                ? new Part[] {new Part(0, 0, 1)}
                : new Part[] {new Part(0, 0, half), new Part(1, half, B - half)};
    }

    int capacity() { return capacity; }

    /** Whether it has room for such a batch without wasting most of it. */
    boolean fits(int steps, int batch) {
        return batch == B && steps <= capacity && capacity <= 2 * steps + 32;
    }

    void free() { for (Part part : parts) part.lane.free(); }

    /** What a layer does in a part of the batch at one time. */
    @FunctionalInterface
    interface Work {
        void run(Part part, int t);
    }

    /** Rows first .. first + rows - 1 of the batch. Arrays of a part hold {@code rows * H} numbers. */
    final class Part {
        final int number, first, rows, size;
        private final Lane lane;

        private Part(int number, int first, int rows) {
            this.number = number;
            this.first = first;
            this.rows = rows;
            size = rows * H;
            lane = new Lane(SequencePass.this, capacity, first, rows);
        }

        /** One gate of x_t W + h_{t-1} U; only of x_t W, where the recurrent side is apart. */
        void gate(int gate, float[] to) {
            lane.gates.get(gate, to);
        }

        /** One gate of h_{t-1} U, where it is apart. */
        void recurrentGate(int gate, float[] to) {
            lane.recurrentGates.get(gate, to);
        }

        /** Where the last gate comes later: x_t W + q_t U of that gate. */
        void lastGate(int t, float[] q, float[] to) {
            lane.lastGate(t, q, to);
        }

        /** Takes ∂L/∂ of what {@link #lastGate} gave, and gives what of it reaches q_t through Uᵀ. */
        void lastGateGradient(int t, float[] from, float[] to) {
            lane.gates.put(G - 1, from);
            lane.lastGateGradient(t, from, to);
        }

        /** ∂L/∂ of what {@link #gate} gave. */
        void gateGradient(int gate, float[] from) { lane.gates.put(gate, from); }

        /** ∂L/∂ of what {@link #recurrentGate} gave. */
        void recurrentGateGradient(int gate, float[] from) {
            lane.recurrentGates.put(gate, from);
        }

        /** h_t, for the product of the next step. */
        void state(int t, float[] from) { lane.state(t, from); }

        /** What reaches h_{t-1} through the product with U, after the work of time t. */
        void stateGradient(float[] to) {
            lane.stateGradient(to);
        }
    }

    /** For t = 0, 1, …: x_t W and h_{t-1} U, and the work that makes h_t of them. */
    void forward(int steps, float[] x, float[] h0, Parameter w, Parameter u, Work step) {
        T = steps;
        Weight wm = Weight.of(w, B), um = Weight.of(u, B);
        Parallel.run(parts.length, p -> parts[p].lane.forward(T, x, h0, wm, um, t -> step.run(parts[p], t)));
    }

    /**
     * For t = T-1, T-2, …: the work that makes the gradients of the gates, then what of them reaches h_{t-1} through
     * Uᵀ.
     *
     * @param dx takes ∂L/∂x = ∂L/∂z Wᵀ, or null where nobody asks for it; may be an array of which the work needs only
     *     what belongs to times before
     */
    void back(Parameter w, Parameter u, float[] dx, Work step) {
        Weight wt = dx == null ? null : Weight.transposeOf(w, B), ut = Weight.transposeOf(u, B);
        Parallel.run(parts.length, p -> parts[p].lane.back(wt, ut, dx, t -> step.run(parts[p], t)));
    }

    /** Adds ∂L/∂W = Σ_t x_tᵀ ∂L/∂z_t. */
    void addInputWeightGradient(float[] to) {
        add(to, Lane::inputWeightGradient);
    }

    /** Adds ∂L/∂U = Σ_t h_{t-1}ᵀ ∂L/∂z_t, of the recurrent side; where the last gate comes later, with q_t for it. */
    void addRecurrentWeightGradient(float[] to) {
        add(to, Lane::recurrentWeightGradient);
    }

    /** A row after the other, that of each part in turn. */
    private void add(float[] to, Function<Lane, Matrix> gradient) {
        int n = G * H, rows = to.length / n, half = rows < 32 ? rows : (rows + 1) / 2;
        Parallel.run(half < rows ? 2 : 1, p -> {
            float[] row = new float[n], sum = new float[n];
            for (int r = p * half; r < Math.min(rows, (p + 1) * half); r++) {
                System.arraycopy(to, r * n, sum, 0, n);
                for (Part part : parts) {
                    gradient.apply(part.lane).get(r, 1, 0, n, row, 0);
                    VectorMath.add(sum, row, 0, n);
                }
                System.arraycopy(sum, 0, to, r * n, n);
            }
        });
    }

    /** ∂L/∂z of all steps, {@code [T, B, G H]}, after the way back. */
    float[] gateGradients() {
        float[] g = new float[T * B * G * H];
        for (Part part : parts) part.lane.gateGradients(T, g);
        return g;
    }

    /** The same of the recurrent side. */
    float[] recurrentGateGradients() {
        if (!apart) return gateGradients();
        float[] g = new float[T * B * G * H];
        for (Part part : parts) part.lane.recurrentGateGradients(T, g);
        return g;
    }
}
