package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/**
 * Some rows of a batch on their way through all of time, forward and back: the products, the padding and the biases of
 * G gates of H units that see x_t W + h_{t-1} U + b. A layer adds one step forward ({@link #step}) and one step back
 * ({@link #back}), on arrays of {@code rows * H} numbers. Those for all times are what the way back remembers; one
 * batch after the other uses them.
 *
 * <p>Products that do not wait for the step before are made for a stretch of time at once, short enough that its gates
 * are still in the cache when the steps use them.
 */
abstract class Recurrence {
    /** How the gates see h_{t-1} U. */
    enum RecurrentSide {
        /** Added to x_t W. */
        ADDED,
        /** By itself. */
        APART,
        /** Added, but the last gate's part of U multiplies not h_{t-1} but a q_t that the other gates make. */
        LAST_LATER
    }

    /** Rows first .. first + count - 1 of a batch. */
    record Rows(int first, int count, int batch) {
        private static final int PARTS = 2;

        /**
         * The parts of a batch, each of which goes through all of time on its own, so that no thread waits for another
         * between steps; a batch of one is one part, whose products are cut by columns. Depends on sizes only.
         */
        static List<Rows> parts(int batch) {
            List<Rows> parts = new ArrayList<>();
            int most = (batch + PARTS - 1) / PARTS;
            for (int first = 0; first < batch; first += most)
                parts.add(new Rows(first, Math.min(most, batch - first), batch));
            return parts;
        }
    }

    /** What there is room for: sequences of up to {@code capacity} steps. */
    record Room(Rows rows, int capacity, int inputs, int units) {
    }

    /** The right factor of a product, and where the batch is of one the same transposed. */
    record Factor(Matrix plain, Matrix transposed) {
        static Factor of(Parameter w, int batch) {
            return new Factor(Matrix.of(w), batch == 1 ? Matrix.transposeOf(w) : null);
        }

        /** For the way back. */
        static Factor transposeOf(Parameter w, int batch) {
            return new Factor(Matrix.transposeOf(w), batch == 1 ? Matrix.of(w) : null);
        }

        private Factor columns(int from, int count) {
            return new Factor(plain.block(0, plain.rows(), from, count),
                    transposed == null ? null : transposed.block(from, count, 0, transposed.columns()));
        }

        private Factor rows(int from, int count) {
            return new Factor(plain.block(from, count, 0, plain.columns()),
                    transposed == null ? null : transposed.block(0, transposed.rows(), from, count));
        }
    }

    /**
     * The gates of one time as a matrix holds them, row after row, in the heap: crossing over as a whole and cutting
     * here is faster than many short rows.
     */
    private final class GateRows {
        private final int distance = zs.leadingDimension();
        private final float[] all = new float[count * distance];

        void read(Matrix from, int row) { from.getRows(row, count, all); }

        void write(Matrix to, int row) { to.putRows(row, count, all); }

        void get(int gate, float[] to) {
            for (int r = 0, from = gate * H; r < count; r++, from += distance)
                System.arraycopy(all, from, to, r * H, H);
        }

        void put(int gate, float[] from) {
            for (int r = 0, to = gate * H; r < count; r++, to += distance) System.arraycopy(from, r * H, all, to, H);
        }
    }

    /** Rows of a stretch. */
    private static final int STRETCH = 256;
    /** From so many multiplications on, a product of a batch of one is worth two threads. */
    private static final int WORTH_TWO = 1 << 16;

    final Rows rows;
    final RecurrentSide side;
    final int capacity, size;
    /** h_t, which {@link #step} sets; before it, h_{t-1}. */
    final float[] h;
    /**
     * ∂L/∂h_t, which {@link #back} reads; it leaves there what reaches h_{t-1} beside the product with U (often
     * nothing, zeros).
     */
    final float[] dh;
    /** A bias for each unit, repeated for each row. */
    final float[][] bias;
    final float[][] biasGradient;
    private final int count, I, H, G, stretch, early;
    private final boolean apart, later;
    /** Rows in the order of time, then batch; hs begins with h_{-1}. */
    private final Matrix xs, zs, hs, dzs, dxs, dhs, dw, du;
    /** The recurrent side: columns of zs and dzs where it is not apart. */
    private final Matrix zhs, dzhs;
    /** Where the last gate comes later: what its part of U multiplies, and its columns. */
    private final Matrix qs, dqs, zqs, dzqs, duEarly, duLast;
    private final GateRows gates, recurrentGates;
    private final float[] arriving, held, heldMemory;
    private Factor uLast;
    private Recording.OfPass recording;

    /** @param biases how many vectors [H] are added: one a gate, and what the layer adds elsewhere */
    Recurrence(Room room, int gateCount, RecurrentSide side, int biases) {
        rows = room.rows;
        capacity = room.capacity;
        this.side = side;
        count = rows.count;
        I = room.inputs;
        H = room.units;
        G = gateCount;
        size = count * H;
        stretch = Math.max(1, STRETCH / count);
        apart = side == RecurrentSide.APART;
        later = side == RecurrentSide.LAST_LATER;
        early = (later ? G - 1 : G) * H;
        long all = (long) capacity * count;
        xs = Matrix.room(all, I);
        zs = Matrix.room(all, G * H);
        zhs = apart ? Matrix.room(count, G * H) : early(zs);
        hs = Matrix.room(all + count, H);
        dzs = Matrix.room(all, G * H);
        dzhs = apart ? Matrix.room(all, G * H) : early(dzs);
        dxs = Matrix.room(Math.min(capacity, stretch) * count, I);
        dhs = Matrix.room(count, H);
        dw = Matrix.room(I, G * H);
        du = Matrix.room(H, G * H);
        duEarly = early(du);
        qs = Matrix.room(later ? all : 0, H);
        dqs = Matrix.room(later ? count : 0, H);
        zqs = last(zs);
        dzqs = last(dzs);
        duLast = last(du);
        gates = new GateRows();
        recurrentGates = apart ? new GateRows() : gates;
        h = new float[size];
        dh = new float[size];
        bias = new float[biases][size];
        biasGradient = new float[biases][size];
        arriving = new float[size];
        held = new float[size];
        heldMemory = new float[size];
    }

    /** The columns of the gates that see h_{t-1} U. */
    private Matrix early(Matrix all) {
        return all.block(0, all.rows(), 0, early);
    }

    private Matrix last(Matrix all) { return all.block(0, all.rows(), (G - 1) * H, H); }

    /** Gives its native memory back. */
    final void free() {
        for (Matrix m : List.of(xs, zs, hs, dzs, dxs, dhs, dw, du, qs, dqs)) m.free();
        if (apart) for (Matrix m : List.of(zhs, dzhs)) m.free();
    }

    /** Whether it has room for such a batch without wasting most of it. */
    final boolean fits(int steps, int batch) {
        return batch == rows.batch && steps <= capacity && capacity <= 2 * steps + 32;
    }

    final float[][] perStep() { return new float[capacity][size]; }

    // What a layer says.

    /** Reads the gates of time t and sets h_t. */
    abstract void step(int t);

    /** Sends the gradients of the gates of time t. */
    abstract void back(int t);

    /** The values of a gate at time t, in the order of {@link FusedLayer#gates}. */
    abstract float[] values(int gate, int t);

    /**
     * What is remembered besides h, at time t (after step t - 1): the memory c of an LSTM. Null where there is nothing.
     */
    float[] memory(int t) { return null; }

    /** ∂L/∂ of it. */
    float[] memoryGradient() { return null; }

    // What it finds there.

    /** One gate of x_t W + h_{t-1} U + b. */
    final float[] gate(int gate, float[] to) {
        gates.get(gate, to);
        VectorMath.add(to, bias[gate], 0, size);
        return to;
    }

    /** Where the recurrent side is apart: x_t W. */
    final void inputGate(int gate, float[] to) { gates.get(gate, to); }

    /** And h_{t-1} U. */
    final void recurrentGate(int gate, float[] to) { recurrentGates.get(gate, to); }

    /** Where the last gate comes later: x_t W + q_t U + b of that gate. */
    final float[] lastGate(int t, float[] q, float[] to) {
        qs.put(t * count, count, 0, H, q, 0);
        product(zqs, t * count, count, qs, t * count, uLast, true);
        zqs.get(t * count, count, 0, H, to, 0);
        VectorMath.add(to, bias[G - 1], 0, size);
        return to;
    }

    /** ∂L/∂ of what {@link #gate} gave, or {@link #inputGate} with its bias. */
    final void send(int gate, float[] gradient) {
        VectorMath.add(biasGradient[gate], gradient, 0, size);
        gates.put(gate, gradient);
    }

    /** ∂L/∂ of {@link #recurrentGate}. */
    final void sendRecurrent(int gate, float[] gradient) {
        recurrentGates.put(gate, gradient);
    }

    /** ∂L/∂ of what {@link #lastGate} gave; takes what of it reaches q_t through Uᵀ. */
    final void sendLast(int t, float[] gradient, float[] dq) {
        send(G - 1, gradient);
        dzqs.put(t * count, count, 0, H, gradient, 0);
        product(dqs, 0, count, dzqs, t * count, uLast, false);
        dqs.get(0, count, 0, H, dq, 0);
    }

    /** ∂L/∂ of the memory at time t, when all of it is there. */
    final void recordMemoryGradient(int t, float[] dc) {
        if (recording != null) recording.memoryGradient(this, t, dc);
    }

    // Time.

    /** From h_{-1}, which is in h, to the last step; y takes all h_t. */
    final void forward(FusedPass pass, Factor w, Factor u, float[] y) {
        Factor uEarly = u.columns(0, early);
        uLast = u.columns((G - 1) * H, H);
        hs.put(0, count, 0, H, h, 0);
        for (int from = 0; from < pass.T; from += stretch) {
            int to = Math.min(pass.T, from + stretch);
            for (int t = from; t < to; t++) xs.put(t * count, count, 0, I, pass.x, at(t, I));
            product(zs, from * count, (to - from) * count, xs, from * count, w, false);
            for (int t = from; t < to; t++) {
                Interrupts.check("a recurrent layer", "step", t, pass.T);
                product(zhs, apart ? 0 : t * count, count, hs, t * count, uEarly, !apart);
                gates.read(zs, t * count);
                if (apart) recurrentGates.read(zhs, 0);
                if (pass.lengths.full()) step(t);
                else
                    stepUnlessOver(pass.lengths, t);
                hs.put((t + 1) * count, count, 0, H, h, 0);
                System.arraycopy(h, 0, y, at(t, H), size);
                clear(pass.lengths, t, y, at(t, H));                       // the outputs of those that are over
            }
        }
    }

    /**
     * From the last step, whose gradient as a state is in dh, to ∂L/∂h_{-1}.
     *
     * @param dy ∂L/∂ of all h_t
     * @param dx takes ∂L/∂x, or null where nobody asks for it; may be dy, of whose times only those that are over are
     *     overwritten
     */
    final void back(FusedPass pass, Factor wTransposed, Factor uTransposed, float[] dy, float[] dx) {
        recording = pass.recording;
        Factor uEarly = uTransposed.rows(0, early);
        uLast = uTransposed.rows((G - 1) * H, H);
        for (int from = (pass.T - 1) / stretch * stretch; from >= 0; from -= stretch) {
            int to = Math.min(pass.T, from + stretch);
            for (int t = to - 1; t >= from; t--) {
                Interrupts.check("a recurrent layer on its way back", "step", t, pass.T);
                System.arraycopy(dy, at(t, H), arriving, 0, size);
                clear(pass.lengths, t, arriving, 0);                       // nothing comes from outputs set to zero
                VectorMath.add(dh, arriving, 0, size);
                if (pass.lengths.full()) recordAndBack(t);
                else
                    backUnlessOver(pass.lengths, t);
                gates.write(dzs, t * count);
                if (apart) recurrentGates.write(dzhs, t * count);
                product(dhs, 0, count, dzhs, t * count, uEarly, false);
                dhs.get(0, count, 0, H, arriving, 0);
                VectorMath.add(dh, arriving, 0, size);                     // through U, to what came past it
            }
            if (dx != null) {
                product(dxs, 0, (to - from) * count, dzs, from * count, wTransposed, false);
                for (int t = from; t < to; t++) dxs.get((t - from) * count, count, 0, I, dx, at(t, I));
            }
            weightGradients(from * count, (to - from) * count, to < pass.T);
        }
        recording = null;
    }

    /** Of these rows at time t in [T, B, n]. */
    private int at(int t, int n) {
        return (t * rows.batch + rows.first) * n;
    }

    private void recordAndBack(int t) {
        if (recording != null) recording.stateGradient(this, t, dh);
        back(t);
    }

    /** What a stretch gives to the gradients of the weights. */
    private void weightGradients(int row, int depth, boolean add) {
        transposedProduct(dw, xs, row, dzs, row, depth, add);
        transposedProduct(duEarly, hs, row, dzhs, row, depth, add);
        if (later) transposedProduct(duLast, qs, row, dzqs, row, depth, add);
    }

    // Sequences that end before others of their batch: their rows stand still while time goes on.

    /** Rows that are over stay as they were. */
    private void stepUnlessOver(Lengths lengths, int t) {
        System.arraycopy(h, 0, held, 0, size);
        step(t);
        putBack(lengths, t, held, h);
        if (memory(t) != null) putBack(lengths, t, memory(t), memory(t + 1));
    }

    /** Their gradients pass by the equations unchanged, which see zeros there. */
    private void backUnlessOver(Lengths lengths, int t) {
        float[] dc = memoryGradient();
        System.arraycopy(dh, 0, held, 0, size);
        clear(lengths, t, dh, 0);
        if (dc != null) {
            System.arraycopy(dc, 0, heldMemory, 0, size);
            clear(lengths, t, dc, 0);
        }
        recordAndBack(t);
        putBack(lengths, t, held, dh);
        if (dc != null) putBack(lengths, t, heldMemory, dc);
    }

    private void putBack(Lengths lengths, int t, float[] from, float[] to) {
        for (int r = 0; r < count; r++)
            if (!lengths.has(t, rows.first + r)) System.arraycopy(from, r * H, to, r * H, H);
    }

    /** Zeros in the rows of sequences that are over. */
    private void clear(Lengths lengths, int t, float[] values, int from) {
        if (lengths.full()) return;
        for (int r = 0; r < count; r++)
            if (!lengths.has(t, rows.first + r)) Arrays.fill(values, from + r * H, from + r * H + H, 0f);
    }

    // Products.

    /**
     * Rows of {@code to} = or += rows of a, times b. A batch of one has no second part for the other thread: there, it
     * takes half of each product.
     */
    private void product(Matrix to, int row, int n, Matrix a, int aRow, Factor b, boolean add) {
        int all = n > 1 ? n : b.plain().columns(), half = (all / 2 + 15) / 16 * 16;
        if (rows.batch > 1 || half >= all || (long) n * b.plain().columns() * b.plain().rows() < WORTH_TWO)
            to.multiply(row, n, a, aRow, b.plain(), add);
        else if (n > 1)
            Parallel.run(2,
                    p -> to.multiply(row + p * half, p == 0 ? half : all - half, a, aRow + p * half, b.plain(), add));
        else
            Parallel.run(2, p -> to.multiplyByTransposed(row, 1, p * half, p == 0 ? half : all - half, a, aRow,
                    b.transposed(), add));
    }

    private void transposedProduct(Matrix to, Matrix a, int aRow, Matrix b, int bRow, int depth, boolean add) {
        int n = to.rows(), half = (n / 2 + 15) / 16 * 16;
        if (rows.batch > 1 || half >= n) to.multiplyTransposed(0, n, a, aRow, b, bRow, depth, add);
        else
            Parallel.run(2,
                    p -> to.multiplyTransposed(p * half, p == 0 ? half : n - half, a, aRow, b, bRow, depth, add));
    }

    // What it has found in the end.

    /** Σ_t x_tᵀ ∂L/∂z_t of these rows. */
    final Matrix inputWeightGradient() { return dw; }

    /** Σ_t h_{t-1}ᵀ ∂L/∂z_t, for the last gate perhaps q_tᵀ. */
    final Matrix recurrentWeightGradient() { return du; }

    /** ∂L/∂z to [T, B, G H]. */
    final void gateGradients(int steps, float[] to) { scatter(dzs, steps, to); }

    /** The same of the recurrent side. */
    final void recurrentGateGradients(int steps, float[] to) {
        scatter(apart ? dzhs : dzs, steps, to);
    }

    private void scatter(Matrix from, int steps, float[] to) {
        for (int t = 0; t < steps; t++) from.get(t * count, count, 0, G * H, to, at(t, G * H));
    }

    /** Sets the biases, which lie behind each other, and forgets the gradients of the last batch. */
    final void begin(float[] biases) {
        for (int k = 0; k < bias.length; k++) {
            for (int r = 0; r < count; r++) System.arraycopy(biases, k * H, bias[k], r * H, H);
            Arrays.fill(biasGradient[k], 0);
        }
    }

    /** Adds up what each row gives to the biases. */
    final void addBiasGradient(float[] to) {
        for (int k = 0; k < bias.length; k++)
            for (int r = 0; r < count; r++) for (int j = 0; j < H; j++) to[k * H + j] += biasGradient[k][r * H + j];
    }
}
