package unroll.recurrent;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * A cell that is linear in its state, h_t = a_t ∘ h_{t-1} + b_t, over whole sequences as one operation. Each part of
 * the work takes a few sequences and goes through time in blocks that stay in the cache: the product for the gates, a
 * and b from them, the recurrence. On the way back, with g_t what arrives at h_t:
 *
 * <pre>{@code
 * ∂L/∂b_t = g_t      ∂L/∂a_t = g_t ∘ h_{t-1}      g_{t-1} = ∂L/∂h_{t-1} + a_t ∘ g_t
 * }</pre>
 *
 * Parts are cut by shape, and what they add to the same gradient is summed in their order: bits do not depend on the
 * number of threads. What the gates were is kept in {@link Room}s, which the next step uses again.
 */
abstract class ScanLayer extends CellLayer<Hidden> {
    // parts to have at least, and at most; the rows of a product, whose gates stay in the second-level cache
    private static final int LEAST_PARTS = 8, MOST_PARTS = 16, ROWS = 64;
    private static final int LEAST_UNITS = 64;                             // of a part

    private final Parameter w, b;
    private final int G;
    private volatile SoftReference<ConcurrentLinkedQueue<Room>> free = new SoftReference<>(null);

    /**
     * Runs the weights of a cell: W [I, G H] and b [G H].
     *
     * @param learned whether the state before the first step is learned too
     * @param more    what toString() says beside the sizes
     */
    ScanLayer(GatedCell<Hidden> weights, boolean learned, String more) {
        super(LearnedInitialState.around(weights, learned), more);
        w = weights.w();
        b = weights.b();
        G = w.size(1) / outputSize();
    }

    /**
     * a and b of n numbers from their gates, x W + b, one array a gate. What it leaves in the gates is what
     * {@link #back} finds there.
     */
    abstract void factors(float[][] gates, float[] a, float[] b, int n);

    /**
     * Replaces what {@link #factors} left in the gates by the gradients of the gates, given a and the gradients of a
     * and b.
     */
    abstract void back(float[][] gates, float[] a, float[] da, float[] db, int n);

    @Override protected final Output run(Tensor x, State initial, Lengths lengths) {
        int T = x.size(0), B = x.size(1), H = outputSize();
        Tensor h0 = checked(initial, B).h();
        Shape.size(this, new int[] {T, B, G * H}, x);
        float[] in = x.data(), start = h0.data(), h = Shape.room(this, new int[] {T, B, H}, x), end = new float[B * H];
        int groups = Math.min(B, MOST_PARTS),
                chunks = Math.max(1, Math.min(H / LEAST_UNITS, LEAST_PARTS / groups));
        Part[] parts = new Part[groups * chunks];
        for (int p = 0; p < parts.length; p++) {
            int group = p / chunks, chunk = p % chunks;
            parts[p] = new Part(lengths, T, B, first(group, B, groups), first(group + 1, B, groups),
                    first(chunk, H, chunks), first(chunk + 1, H, chunks));
        }
        Matrix weight = Matrix.of(w);
        float[] bias = b.data();
        Parallel.run(parts.length, p -> parts[p].forward(in, weight, bias, start, h, end));
        List<Tensor> out = Tape.record("scan", List.of(h, end), List.of(new int[] {T, B, H}, new int[] {B, H}),
                g -> back(parts, chunks, x, h0, in, h, g.get(0), g.get(1)), x, w, b, h0);
        if (!out.get(0).requiresGradient()) for (Part part : parts) part.done();
        return new Output(out.get(0), new Hidden(out.get(1)));
    }

    private static int first(int part, int n, int parts) {
        return (int) ((long) part * n / parts);
    }

    /** Chunks of units have gradients of x of their own. */
    private void back(Part[] parts, int chunks, Tensor x, Tensor h0, float[] in, float[] h, float[] e, float[] last) {
        float[] start = h0.data();
        float[][] dx = new float[x.requiresGradient() ? chunks : 0][];
        // a part that has all units is done with a block of e when it has the gradients of its x
        boolean inPlace = chunks == 1 && e.length == in.length;
        for (int c = 0; c < dx.length; c++) dx[c] = inPlace ? e : new float[in.length];
        Matrix transposed = x.requiresGradient() ? Matrix.transposeOf(w) : null;
        Parallel.run(parts.length, p -> parts[p].back(in, transposed, start, h, e, last,
                transposed == null ? null : dx[p % chunks]));
        float[] dw = new float[w.size()], db = new float[b.size()];
        for (Part part : parts) {
            part.addGradients(dw, db);
            part.done();
        }
        for (int c = 1; c < dx.length; c++) {
            float[] more = dx[c];
            Parallel.ranges(in.length, (from, to) -> {
                for (int i = from; i < to; i++) dx[0][i] += more[i];
            });
        }
        if (dx.length > 0) x.take(dx[0]);
        if (w.requiresGradient()) w.accumulate(dw);
        if (b.requiresGradient()) b.accumulate(db);
        if (h0.requiresGradient()) h0.take(last);                          // each part leaves ∂L/∂h_0 there
    }

    /** Some units of some sequences, over all steps. */
    private final class Part {
        private final Lengths lengths;
        private final int T, B, H = outputSize(), first, n, from, m, width;
        private Room room;

        /** Units from .. to - 1 of the sequences first .. last - 1. */
        Part(Lengths lengths, int T, int B, int first, int last, int from, int to) {
            this.lengths = lengths;
            this.T = T;
            this.B = B;
            this.first = first;
            n = last - first;
            this.from = from;
            m = to - from;
            width = n * m;
        }

        /** Where a sequence of the part stands in {@code [T, B, H]}. */
        private int at(int t, int row) {
            return (t * B + first + row) * H + from;
        }

        private boolean has(int t, int row) {
            return lengths.full() || lengths.has(t, first + row);
        }

        private int rows(int t) { return Math.min(room.steps, T - t) * n; }

        /** x of a block of steps from t on. */
        private void read(float[] x, int t) {
            int I = inputSize();
            for (int r = 0; r < rows(t); r += n) room.in.put(r, n, 0, I, x, ((t + r / n) * B + first) * I);
        }

        /** The own columns of each gate in x W, or all where the part has all units. */
        private Matrix gates(int k) {
            return m == H ? room.gates : room.gates.block(0, room.rows, k * m, m);
        }

        private int products() { return m == H ? 1 : G; }

        void forward(float[] x, Matrix weight, float[] bias, float[] start, float[] h, float[] end) {
            room = room(n, m);
            for (int r = 0; r < room.rows; r++)
                for (int k = 0; k < G; k++) System.arraycopy(bias, k * H + from, room.plane, (r * G + k) * m, m);
            float[] state = room.state, a = room.factor, b = room.row;
            for (int r = 0; r < n; r++) System.arraycopy(start, at(0, r), state, r * m, m);
            for (int t = 0; t < T; t += room.steps) {
                Interrupts.check("scan", t);
                int rows = rows(t);
                read(x, t);
                room.gates.put(0, rows, 0, G * m, room.plane, 0);
                for (int k = 0; k < products(); k++)
                    gates(k).multiply(0, rows, room.in, 0,
                            m == H ? weight : weight.block(0, inputSize(), k * H + from, m), true);
                float[][] kept = room.kept(t / room.steps);
                for (int k = 0; k < G; k++) room.gates.get(0, rows, k * m, m, kept[k], 0);
                factors(kept, kept[G], room.more, rows * m);
                beyond(t, kept[G], 1);
                beyond(t, room.more, 0);
                for (int r = 0; r < rows; r += n) {
                    System.arraycopy(kept[G], r * m, a, 0, width);
                    System.arraycopy(room.more, r * m, b, 0, width);
                    advance(state, a, b);                                  // h_t
                    for (int row = 0; row < n; row++)
                        if (has(t + r / n, row)) System.arraycopy(state, row * m, h, at(t + r / n, row), m);
                }
            }
            for (int r = 0; r < n; r++) System.arraycopy(state, r * m, end, at(0, r), m);
        }

        private static void advance(float[] x, float[] a, float[] b) {
            for (int j = 0; j < x.length; j++) x[j] = a[j] * x[j] + b[j];
        }

        /** Sets what lies beyond the lengths: a state stays as it is there, and no gradient comes from there. */
        private void beyond(int t, float[] plane, float value) {
            for (int r = 0; !lengths.full() && r < rows(t); r++)
                if (!has(t + r / n, r % n)) Arrays.fill(plane, r * m, (r + 1) * m, value);
        }

        void back(float[] x, Matrix transposed, float[] start, float[] h, float[] e, float[] last, float[] dx) {
            float[] g = room.state, next = room.factor, arrives = room.row;
            for (int r = 0; r < n; r++) System.arraycopy(last, at(0, r), g, r * m, m);
            Arrays.fill(next, 1);
            int end = (T - 1) / room.steps * room.steps;
            for (int t = end; t >= 0; t -= room.steps) {
                Interrupts.check("scan", t);
                int rows = rows(t);
                float[][] kept = room.kept(t / room.steps);
                // all at once, so that one row is on its way from memory while others are copied
                for (int r = 0; r < rows; r++) {
                    int own = t + r / n, row = r % n;
                    if (has(own, row)) System.arraycopy(e, at(own, row), room.arrives, r * m, m);
                    else
                        Arrays.fill(room.arrives, r * m, (r + 1) * m, 0f);
                }
                for (int r = 0; r < rows; r++) {
                    int own = t + r / n, row = r % n;
                    if (own > 0) System.arraycopy(h, at(own - 1, row), room.before, r * m, m);
                    else
                        System.arraycopy(start, at(0, row), room.before, r * m, m);
                }
                System.arraycopy(kept[G], 0, room.factors, 0, rows * m);
                for (int r = rows - n; r >= 0; r -= n) {
                    System.arraycopy(room.arrives, r * m, arrives, 0, width);
                    advance(g, next, arrives);
                    System.arraycopy(g, 0, room.more, r * m, width);
                    System.arraycopy(room.factors, r * m, next, 0, width);
                }
                float[] db = room.more, da = room.before;
                for (int j = 0; j < rows * m; j++) da[j] *= db[j];
                ScanLayer.this.back(kept, kept[G], da, db, rows * m);
                for (int k = 0; k < G; k++) {
                    beyond(t, kept[k], 0);
                    room.gates.put(0, rows, k * m, m, kept[k], 0);
                }
                read(x, t);
                room.dw.multiplyTransposed(room.in, 0, room.gates, 0, rows, t < end);
                room.db.multiplyTransposed(room.ones, 0, room.gates, 0, rows, t < end);
                if (dx != null) inputGradient(transposed, rows, t, dx);
            }
            for (int j = 0; j < g.length; j++) g[j] *= next[j];                                        // at h_0
            for (int r = 0; r < n; r++) System.arraycopy(g, r * m, last, at(0, r), m);
        }

        private void inputGradient(Matrix transposed, int rows, int t, float[] dx) {
            int I = inputSize();
            for (int k = 0; k < products(); k++)
                room.dIn.multiply(0, rows, gates(k), 0, m == H ? transposed : transposed.block(k * H + from, m, 0, I),
                        k > 0);
            for (int r = 0; r < rows; r += n) room.dIn.get(r, n, 0, I, dx, ((t + r / n) * B + first) * I);
        }

        /** Adds what came from this part to the gradients of W and b. */
        void addGradients(float[] dw, float[] db) {
            int rows = inputSize();
            float[] own = new float[rows * G * m], ownBias = new float[G * m];
            room.dw.get(0, rows, 0, G * m, own, 0);
            room.db.get(0, 1, 0, G * m, ownBias, 0);
            add(own, rows * G, dw);
            add(ownBias, G, db);
        }

        /** Adds rows of m numbers to the own columns of rows of H. */
        private void add(float[] own, int rows, float[] to) {
            if (m == H) VectorMath.add(to, own, 0, own.length);
            for (int q = 0; m < H && q < rows; q++) for (int j = 0; j < m; j++) to[q * H + from + j] += own[q * m + j];
        }

        /** Nobody needs its room any more. */
        void done() {
            giveBack(room);
        }
    }

    /**
     * The memory of a part with so many sequences and units: rows are those of a block of steps, step after step, each
     * the sequences of the part.
     */
    private final class Room {
        final int sequences, units, steps, rows;
        final Matrix in, gates, dIn, dw, ones, db;
        final float[] plane;                                               // the bias for each row
        final float[] state, factor, row;                                  // of one step
        final float[] more, before, arrives, factors;                      // of a block
        private final List<float[][]> kept = new ArrayList<>();

        Room(int sequences, int units) {
            this.sequences = sequences;
            this.units = units;
            steps = Math.max(1, ROWS / sequences);
            rows = steps * sequences;
            int I = inputSize();
            in = Matrix.room(rows, I);
            gates = Matrix.room(rows, G * units);
            dIn = Matrix.room(rows, I);
            dw = Matrix.room(I, G * units);
            ones = Matrix.room(rows, 1);
            db = Matrix.room(1, G * units);
            plane = Shape.room(ScanLayer.this, new int[] {rows, G * units});
            Arrays.fill(plane, 1);
            ones.put(0, rows, 0, 1, plane, 0);
            state = new float[sequences * units];
            factor = new float[sequences * units];
            row = new float[sequences * units];
            more = new float[rows * units];
            before = new float[rows * units];
            arrives = new float[rows * units];
            factors = new float[rows * units];
        }

        /** Of a block the gates, then a. */
        float[][] kept(int block) {
            if (block == kept.size()) kept.add(new float[G + 1][rows * units]);
            return kept.get(block);
        }
    }

    /** One that was given back, or a new one. */
    private Room room(int sequences, int units) {
        ConcurrentLinkedQueue<Room> rooms = free.get();
        if (rooms != null)
            for (Room room : rooms)
                if (room.sequences == sequences && room.units == units && rooms.remove(room)) return room;
        return new Room(sequences, units);
    }

    private synchronized void giveBack(Room room) {
        ConcurrentLinkedQueue<Room> rooms = free.get();
        if (rooms == null) free = new SoftReference<>(rooms = new ConcurrentLinkedQueue<>());
        rooms.add(room);
    }
}
