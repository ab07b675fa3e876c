package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * A batch on its way through all of time, forward and back: the products and the padding of G gates of H units that see
 * x_t W + h_{t-1} U + b. A layer adds one step forward ({@link #step}) and one step back ({@link #back}), on arrays of
 * {@code B * H} numbers. Those for all times are what the way back remembers; one batch after the other uses them.
 *
 * <p>A large batch goes through time in parts ({@link Rows}), each on a thread of its own that waits for nobody between
 * steps; in a small one, each product is cut by columns, and those with x_t are made for a stretch of time at once. So
 * are on the way back those that no step waits for, the gradients of the weights by blocks of the result. No number
 * depends on how it was cut: a row of a product does not depend on the rows beside it ({@link Matrix#parts}).
 *
 * <p>The biases are a row of the weights, [W; b; U], and the number after every x_t is 1.
 */
abstract class Recurrence {
    /** How the gates see h_{t-1} U. */
    enum RecurrentSide {
        /** Added to x_t W. */
        ADDED,
        /** By itself, with a bias of its own. */
        APART,
        /** Added, but the last gate's part of U multiplies not h_{t-1} but a q_t that the other gates make. */
        LAST_LATER
    }

    /**
     * What there is room for: sequences of up to {@code capacity} steps.
     *
     * @param kept whether what the way back needs is kept of every step; else, of the last one
     */
    record Room(int capacity, int batch, int inputs, int units, boolean kept) {
    }

    /** Sequences first .. first + count - 1 of a batch, and their numbers from .. to - 1 in arrays of {@code B * H}. */
    record Rows(int first, int count, int from, int to) {
    }

    /** What one thread takes through time, and what of it a step treats together. */
    private record Part(Rows all, List<Rows> pieces) {
    }

    /** Fewer rows are slower than a cut by columns; from so many sequences on, x_t and h_{t-1} have one product. */
    private static final int LEAST_ROWS = 8, ONE_PRODUCT = 32;
    /** Gates of a stretch, which stay in the cache from the products to the steps and back, and its rows. */
    private static final int GATES = 1 << 19, LEAST_STRETCH = 1024, MOST_STRETCH = 2048;
    /** Units that a step treats together: what it reads and writes stays in the first cache. */
    private static final int TOGETHER = 1024;

    final RecurrentSide side;
    final int B, H;
    /** h_t, which {@link #step} sets; before it, h_{t-1}. */
    final float[] h;
    /**
     * ∂L/∂h_t, which {@link #back} reads; it leaves there what reaches h_{t-1} beside the product with U (often
     * nothing, zeros).
     */
    final float[] dh;
    private final int capacity, I, G, stretch, early;
    private final boolean apart, later;
    final boolean kept;
    /**
     * Of a stretch, in the order of time, then batch: a row of the inputs is x_t, 1 and h_{t-1}. The gates of zs make
     * way for their gradients.
     */
    private final Matrix inputs, xs, hs, zs, dxs, dhs, gradients, dw, du;
    /** The recurrent side: columns of zs where it is not apart. */
    private final Matrix zhs;
    /** Where the last gate comes later: what its part of U multiplies, and its columns. */
    private final Matrix qs, dqs, zqs;
    /** The gates of one time as a matrix holds them: crossing as a whole and cutting in the heap is faster. */
    private final float[] gates, recurrentGates, arriving, held, heldMemory;
    private final int distance;
    private int T;
    private boolean oneProduct;
    private Lengths lengths;
    private float[] x, h0, y;
    private InputTable.Read read;                                          // in place of x, or null
    private Matrix weights, uEarly, uLast;
    private Recording.OfPass recording;

    Recurrence(Room room, int gateCount, RecurrentSide side) {
        this.side = side;
        capacity = room.capacity;
        kept = room.kept;
        B = room.batch;
        I = room.inputs;
        H = room.units;
        G = gateCount;
        apart = side == RecurrentSide.APART;
        later = side == RecurrentSide.LAST_LATER;
        early = (later ? G - 1 : G) * H;
        stretch = Math.max(1, Math.max(LEAST_STRETCH, Math.min(MOST_STRETCH, GATES / (G * H))) / B);
        long all = (long) Math.min(capacity, stretch) * B;
        inputs = Matrix.room(all + B, I + 1 + (apart ? H + 1 : H));
        xs = inputs.block(0, inputs.rows(), 0, I + 1);
        hs = inputs.block(0, inputs.rows(), I + 1, inputs.columns() - I - 1);
        zs = Matrix.room(all, G * H);
        zhs = apart ? Matrix.room(all, G * H) : zs.block(0, zs.rows(), 0, early);
        dxs = Matrix.room(all, I);
        dhs = Matrix.room(B, H);
        gradients = Matrix.room(inputs.columns(), G * H);
        dw = gradients.block(0, I + 1, 0, G * H);
        du = gradients.block(I + 1, hs.columns(), 0, G * H);
        qs = Matrix.room(later ? all : 0, H);
        dqs = Matrix.room(later ? B : 0, H);
        zqs = zs.block(0, zs.rows(), (G - 1) * H, H);
        float[] ones = new float[inputs.rows()];
        Arrays.fill(ones, 1);
        inputs.put(0, inputs.rows(), I, 1, ones, 0);
        if (apart) hs.put(0, hs.rows(), H, 1, ones, 0);
        distance = zs.leadingDimension();
        gates = new float[B * distance];
        recurrentGates = apart ? new float[B * distance] : gates;
        h = perUnit();
        dh = perUnit();
        arriving = perUnit();
        held = perUnit();
        heldMemory = perUnit();
    }

    /** Gives its native memory back. */
    final void free() {
        for (Matrix m : List.of(inputs, zs, dxs, dhs, gradients, qs, dqs)) m.free();
        if (apart) zhs.free();
    }

    /** Lets go of the arrays of its batch. */
    final void forget() {
        x = null;
        read = null;
        h0 = null;
        y = null;
    }

    /** Whether it has room for such a batch without wasting most of it. */
    final boolean fits(int steps, int batch, boolean kept) {
        return batch == B && kept == this.kept && steps <= capacity && capacity <= 2 * steps + 32;
    }

    final float[] perUnit() { return new float[B * H]; }

    final float[][] perStep() { return new float[kept ? capacity : 1][B * H]; }

    /** Where of that time t is. */
    final int slot(int t) { return kept ? t : 0; }

    // What a layer says.

    /** Reads the gates of time t and sets h_t. */
    abstract void step(int t, Rows rows);

    /** Sends the gradients of the gates of time t. */
    abstract void back(int t, Rows rows);

    /** The values of a gate at time t, in the order of {@link FusedLayer#gates}. */
    abstract float[] values(int gate, int t);

    /**
     * What is remembered besides h, at time t (after step t - 1): the memory c of an LSTM. Null where there is nothing.
     */
    float[] memory(int t) { return null; }

    /** ∂L/∂ of it. */
    float[] memoryGradient() { return null; }

    // What it finds there.

    /** One gate of x_t W + h_{t-1} U + b; of x_t W + b where the recurrent side is apart. */
    final float[] gate(int gate, Rows rows, float[] to) {
        return cut(gates, gate, rows, to);
    }

    /** Where the recurrent side is apart: h_{t-1} U and its own bias. */
    final float[] recurrentGate(int gate, Rows rows, float[] to) {
        return cut(recurrentGates, gate, rows, to);
    }

    private float[] cut(float[] all, int gate, Rows rows, float[] to) {
        for (int r = rows.first, from = r * distance + gate * H; r < rows.first + rows.count; r++, from += distance)
            System.arraycopy(all, from, to, r * H, H);
        return to;
    }

    /** Where the last gate comes later: x_t W + q_t U + b of that gate. */
    final float[] lastGate(int t, float[] q, Rows rows, float[] to) {
        int row = within(t, rows);
        qs.put(row, rows.count, 0, H, q, rows.from);
        zqs.multiply(row, rows.count, qs, row, uLast, true);
        zqs.get(row, rows.count, 0, H, to, rows.from);
        return to;
    }

    /** ∂L/∂ of what {@link #gate} gave. */
    final void send(int gate, Rows rows, float[] gradient) {
        paste(gates, gate, rows, gradient);
    }

    /** ∂L/∂ of {@link #recurrentGate}. */
    final void sendRecurrent(int gate, Rows rows, float[] gradient) {
        paste(recurrentGates, gate, rows, gradient);
    }

    private void paste(float[] all, int gate, Rows rows, float[] from) {
        for (int r = rows.first, to = r * distance + gate * H; r < rows.first + rows.count; r++, to += distance)
            System.arraycopy(from, r * H, all, to, H);
    }

    /** ∂L/∂ of what {@link #lastGate} gave for q; takes what of it reaches q_t through Uᵀ. */
    final void sendLast(int t, float[] gradient, float[] q, Rows rows, float[] dq) {
        send(G - 1, rows, gradient);
        int row = within(t, rows);
        qs.put(row, rows.count, 0, H, q, rows.from);
        zqs.put(row, rows.count, 0, H, gradient, rows.from);
        dqs.multiply(rows.first, rows.count, zqs, row, uLast, false);
        dqs.get(rows.first, rows.count, 0, H, dq, rows.from);
    }

    /** h_{t-1} on the way back. */
    final void previous(int t, Rows rows, float[] to) {
        if (t == 0) System.arraycopy(h0, rows.from, to, rows.from, rows.count * H);
        else
            output(t - 1, rows, to);
    }

    /** h_t on the way back; zeros where a sequence is over. */
    final void output(int t, Rows rows, float[] to) {
        System.arraycopy(y, t * B * H + rows.from, to, rows.from, rows.count * H);
    }

    /** ∂L/∂ of the memory at time t, when all of it is there. */
    final void recordMemoryGradient(int t, Rows rows, float[] dc) {
        if (recording != null) recording.memoryGradient(t, rows, dc);
    }

    // Time.

    /**
     * From the initial state to the last step. Many sequences take x_t and h_{t-1} to the gates in one product, and no
     * part of them waits for another before the end; of few, the products with x_t are made before, for a stretch of
     * time. A single step is one product too.
     *
     * @param read  in place of x where that pays, else null
     * @param w     [W; b; U], or [W; b] where the recurrent side is apart
     * @param u     [U; c] where it is apart, else null
     * @param start h, and the memory where there is one
     * @param y     takes all h_t
     */
    final void forward(Tensor x, InputTable.Read read, Lengths lengths, Matrix w, Matrix u, List<Tensor> start,
            float[] y) {
        T = x.size(0);
        this.x = read == null ? x.data() : null;
        this.read = read;
        this.y = y;
        this.lengths = lengths;
        h0 = start.get(0).data();
        oneProduct = read == null && side == RecurrentSide.ADDED && (B >= ONE_PRODUCT || T == 1);
        weights = w;
        uEarly = apart ? u : w.block(I + 1, H, 0, early);
        uLast = later ? w.block(I + 1, H, early, H) : null;
        System.arraycopy(h0, 0, h, 0, h.length);
        if (start.size() > 1) System.arraycopy(start.get(1).data(), 0, memory(0), 0, h.length);
        List<Part> parts = parts();
        Matrix inputWeights = w.block(0, I + 1, 0, G * H);
        boolean before = !oneProduct && read == null;                      // the products with x_t
        int step = before ? stretch : T;
        for (int from = 0; from < T; from += step) {
            int first = from, end = Math.min(T, from + step), n = (end - first) * B;
            if (before) Parallel.cut(n, Matrix.parts(n, LEAST_ROWS), (r, to) -> {
                xs.put(r, to - r, 0, I, this.x, (first * B + r) * I);
                zs.multiply(r, to - r, xs, r, inputWeights, false);
            });
            Parallel.run(parts.size(), p -> {
                for (int t = first; t < end; t++) forward(t, parts.get(p));
            });
        }
    }

    private void forward(int t, Part part) {
        Interrupts.check("a recurrent layer", "step", t, T);
        Rows all = part.all;
        int row = within(t, all);
        if (t % stretch == 0) hs.put(row, all.count, 0, H, h, all.from);
        if (oneProduct) {
            xs.put(row, all.count, 0, I, x, (t * B + all.first) * I);
            zs.multiply(row, all.count, inputs, row, weights, false);
        } else {
            if (read != null) read.put(zs, row, all.count, t * B + all.first);
            zhs.multiply(row, all.count, hs, row, uEarly, !apart);
        }
        for (Rows rows : part.pieces) {
            row = within(t, rows);
            zs.getRows(row, rows.count, gates, rows.first * distance);
            if (apart) zhs.getRows(row, rows.count, recurrentGates, rows.first * distance);
            if (lengths.full()) step(t, rows);
            else
                stepUnlessOver(t, rows);
            hs.put(row + B, rows.count, 0, H, h, rows.from);
            System.arraycopy(h, rows.from, y, t * B * H + rows.from, rows.count * H);
            clear(t, rows, y, t * B * H + rows.from);                      // the outputs of those that are over
        }
    }

    /** Where the first of these rows at time t is in a stretch. */
    private int within(int t, Rows rows) {
        return t % stretch * B + rows.first;
    }

    /**
     * From the last step back to ∂L/∂h_{-1}, which is left in dh.
     *
     * @param dy ∂L/∂ of all h_t; then of the last one as a state, and of the last memory where there is one
     * @param w  Wᵀ, if a gradient of the inputs is asked for
     * @param u  Uᵀ
     * @param dx takes ∂L/∂x, or null where nobody asks for it; may be ∂L/∂ of all h_t, of whose times only those that
     *     are over are overwritten
     */
    final void back(List<float[]> dy, Matrix w, Matrix u, float[] dx, Recording.OfPass recording) {
        this.recording = recording;
        uEarly = u.block(0, early, 0, H);
        uLast = later ? u.block(early, H, 0, H) : null;
        System.arraycopy(dy.get(1), 0, dh, 0, dh.length);
        if (memoryGradient() != null) System.arraycopy(dy.get(2), 0, memoryGradient(), 0, dh.length);
        List<Part> parts = parts();
        for (int from = (T - 1) / stretch * stretch; from >= 0; from -= stretch) {
            int first = from, end = Math.min(T, from + stretch), n = (end - first) * B;
            Parallel.run(parts.size(), p -> {
                for (int t = end - 1; t >= first; t--) back(t, parts.get(p), dy.get(0));
            });
            if (recording != null) recording.gateGradients(first, end, zs, apart ? zhs : zs);
            Parallel.cut(n, Matrix.parts(n, LEAST_ROWS), (r, to) -> {
                if (T > stretch) {                                         // the inputs of another one lie there
                    if (x != null) xs.put(r, to - r, 0, I, x, (first * B + r) * I);
                    for (int i = r; i < to; i++) putBefore(first * B + i, i);
                }
                if (dx == null) return;
                dxs.multiply(r, to - r, zs, r, w, false);
                dxs.get(r, to - r, 0, I, dx, (first * B + r) * I);
            });
            if (read != null) read.add(zs, n, first * B, end == T);
            weightGradients(n, end < T);
        }
        if (read != null) read.back(dw, w);
        this.recording = null;
    }

    private void back(int t, Part part, float[] dy) {
        Interrupts.check("a recurrent layer on its way back", "step", t, T);
        Rows all = part.all;
        for (Rows rows : part.pieces) {
            int row = within(t, rows);
            System.arraycopy(dy, t * B * H + rows.from, arriving, rows.from, rows.count * H);
            clear(t, rows, arriving, rows.from);                           // nothing comes from outputs set to zero
            VectorMath.add(dh, arriving, rows.from, rows.to);
            if (lengths.full()) recordAndBack(t, rows);
            else
                backUnlessOver(t, rows);
            zs.putRows(row, rows.count, gates, rows.first * distance);
            if (apart) zhs.putRows(row, rows.count, recurrentGates, rows.first * distance);
        }
        dhs.multiply(all.first, all.count, zhs, within(t, all), uEarly, false);
        dhs.get(all.first, all.count, 0, H, arriving, all.from);
        VectorMath.add(dh, arriving, all.from, all.to);                    // through U, to what came past it
    }

    private void recordAndBack(int t, Rows rows) {
        if (recording != null) recording.stateGradient(t, rows, dh);
        back(t, rows);
    }

    // Sequences that end before others of their batch: their rows stand still while time goes on.

    /** Rows that are over stay as they were. */
    private void stepUnlessOver(int t, Rows rows) {
        System.arraycopy(h, rows.from, held, rows.from, rows.count * H);
        step(t, rows);
        putBack(t, rows, held, h);
        if (memory(t) != null) putBack(t, rows, memory(t), memory(t + 1));
    }

    /** Their gradients pass by the equations unchanged, which see zeros there. */
    private void backUnlessOver(int t, Rows rows) {
        float[] dc = memoryGradient();
        System.arraycopy(dh, rows.from, held, rows.from, rows.count * H);
        clear(t, rows, dh, rows.from);
        if (dc != null) {
            System.arraycopy(dc, rows.from, heldMemory, rows.from, rows.count * H);
            clear(t, rows, dc, rows.from);
        }
        recordAndBack(t, rows);
        putBack(t, rows, held, dh);
        if (dc != null) putBack(t, rows, heldMemory, dc);
    }

    private void putBack(int t, Rows rows, float[] from, float[] to) {
        for (int r = rows.first; r < rows.first + rows.count; r++)
            if (!lengths.has(t, r)) System.arraycopy(from, r * H, to, r * H, H);
    }

    /** Zeros in the rows of sequences that are over; the first row is at {@code from}. */
    private void clear(int t, Rows rows, float[] values, int from) {
        if (lengths.full()) return;
        for (int r = 0; r < rows.count; r++)
            if (!lengths.has(t, rows.first + r)) Arrays.fill(values, from + r * H, from + r * H + H, 0f);
    }

    // Work for many threads.

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (Rows rows : cut(new Rows(0, B, 0, B * H), Matrix.parts(B, LEAST_ROWS))) {
            int pieces = later ? 1 : Math.max(1, Math.min(rows.count, rows.count * H / TOGETHER));
            parts.add(new Part(rows, cut(rows, pieces)));
        }
        return parts;
    }

    private List<Rows> cut(Rows rows, int parts) {
        List<Rows> all = new ArrayList<>(parts);
        for (int p = 0; p < parts; p++) {
            int first = rows.first + (int) ((long) rows.count * p / parts),
                    end = rows.first + (int) ((long) rows.count * (p + 1) / parts);
            all.add(new Rows(first, end - first, first * H, end * H));
        }
        return all;
    }

    /** Row number {@code row} of all h_{t-1}. */
    private void putBefore(int row, int to) {
        if (row < B) hs.put(to, 1, 0, H, h0, row * H);
        else
            hs.put(to, 1, 0, H, y, (row - B) * H);
    }

    /** Of a stretch of n rows. */
    private void weightGradients(int n, boolean add) {
        if (side == RecurrentSide.ADDED && read == null) {
            gradients.multiplyTransposed(inputs, 0, zs, 0, n, add);
            return;
        }
        if (read == null) dw.multiplyTransposed(xs, 0, zs, 0, n, add);
        du.block(0, du.rows(), 0, early).multiplyTransposed(hs, 0, zhs, 0, n, add);
        if (later) du.block(0, H, early, H).multiplyTransposed(qs, 0, zqs, 0, n, add);
    }

    // What it has found in the end.

    /** Adds Σ_t x_tᵀ ∂L/∂z_t to the gradients of W and b. */
    final void giveInputGradients(Parameter w, Parameter b) {
        w.accumulate(dw.block(0, I, 0, G * H));
        b.accumulate(dw.block(I, 1, 0, G * H));
    }

    /** Adds Σ_t h_{t-1}ᵀ ∂L/∂z_t, for the last gate perhaps q_tᵀ, to that of U, and where it is apart its bias's. */
    final void giveRecurrentGradients(Parameter u, Parameter c) {
        u.accumulate(du.block(0, H, 0, G * H));
        if (apart) c.accumulate(du.block(H, 1, (G - 1) * H, H));
    }
}
