package unroll.recurrent;

import java.util.function.IntConsumer;

import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;

/**
 * The matrices of one part of a batch, and its way through time: see {@link SequencePass}. Products that do not wait
 * for the step before are made for a stretch of time at once, short enough that its gates are still in the cache when
 * the steps use them.
 */
final class Lane {
    /** Rows of a stretch. */
    private static final int STRETCH = 256;
    /** From so many multiplications on, a product of a batch of one is worth two threads. */
    private static final int WORTH_TWO = 1 << 16;
    final GateRows gates, recurrentGates;
    private final SequencePass pass;
    private final int first, rows, stretch;
    /**
     * Rows in the order of time, then batch; h begins with h_{-1}. zh and dzh are the recurrent side: where it is not
     * apart, they are z and dz.
     */
    private final Matrix x, z, zh, h, dz, dzh, dx, dh, dw, du;
    /**
     * Where the last gate comes later: zh and dzh are the columns of the other gates, zq and dzq its own; null
     * elsewhere.
     */
    private final Matrix q, zq, dq, dzq, othersOfU, lastOfU;
    private Weight uq, uqTransposed;                                       // the part of U for the last gate
    private int T;

    Lane(SequencePass pass, int capacity, int first, int rows) {
        this.pass = pass;
        this.first = first;
        this.rows = rows;
        int I = pass.I, H = pass.H, GH = pass.G * H;
        boolean apart = pass.apart, later = pass.later;
        stretch = Math.max(1, STRETCH / rows);
        long all = (long) capacity * rows;
        x = Matrix.room(all, I);
        z = Matrix.room(all, GH);
        zh = apart ? Matrix.room(rows, GH) : later ? others(z) : z;
        h = Matrix.room(all + rows, H);
        dz = Matrix.room(all, GH);
        dzh = apart ? Matrix.room(all, GH) : later ? others(dz) : dz;
        dx = Matrix.room(Math.min(capacity, stretch) * rows, I);
        dh = Matrix.room(rows, H);
        dw = Matrix.room(I, GH);
        du = Matrix.room(H, GH);
        q = later ? Matrix.room(all, H) : null;
        zq = later ? last(z) : null;
        dq = later ? Matrix.room(rows, H) : null;
        dzq = later ? last(dz) : null;
        othersOfU = later ? others(du) : null;
        lastOfU = later ? last(du) : null;
        gates = new GateRows(z, rows, H);
        recurrentGates = apart ? new GateRows(zh, rows, H) : gates;
    }

    /** The columns of all gates but the last. */
    private Matrix others(Matrix all) {
        return all.block(0, all.rows(), 0, (pass.G - 1) * pass.H);
    }

    private Matrix last(Matrix all) { return all.block(0, all.rows(), (pass.G - 1) * pass.H, pass.H); }

    void free() {
        for (Matrix m : new Matrix[] {x, z, h, dz, dx, dh, dw, du}) m.free();
        for (Matrix m : pass.apart ? new Matrix[] {zh, dzh} : pass.later ? new Matrix[] {q, dq} : new Matrix[0])
            m.free();
    }

    void forward(int steps, float[] xs, float[] h0, Weight w, Weight u, IntConsumer step) {
        T = steps;
        int others = (pass.G - 1) * pass.H;
        Weight um = pass.later ? u.columns(0, others) : u;
        uq = pass.later ? u.columns(others, pass.H) : null;
        h.put(0, rows, 0, pass.H, h0, first * pass.H);
        for (int from = 0; from < T; from += stretch) {
            int to = Math.min(T, from + stretch);
            for (int t = from; t < to; t++) x.put(t * rows, rows, 0, pass.I, xs, (t * pass.B + first) * pass.I);
            product(z, from * rows, (to - from) * rows, x, from * rows, w, false);
            for (int t = from; t < to; t++) {
                Interrupts.check("a recurrent layer", "step", t, T);
                product(zh, pass.apart ? 0 : t * rows, rows, h, t * rows, um, !pass.apart);
                gates.read(z, t * rows);
                if (pass.apart) recurrentGates.read(zh, 0);
                step.accept(t);
            }
        }
    }

    void back(Weight wt, Weight ut, float[] dxs, IntConsumer step) {
        int others = (pass.G - 1) * pass.H;
        Weight through = pass.later ? ut.rows(0, others) : ut;
        uqTransposed = pass.later ? ut.rows(others, pass.H) : null;
        for (int from = (T - 1) / stretch * stretch; from >= 0; from -= stretch) {
            int to = Math.min(T, from + stretch);
            for (int t = to - 1; t >= from; t--) {
                Interrupts.check("a recurrent layer on its way back", "step", t, T);
                step.accept(t);
                gates.write(dz, t * rows);
                if (pass.apart) recurrentGates.write(dzh, t * rows);
                product(dh, 0, rows, dzh, t * rows, through, false);
            }
            if (dxs != null) {
                product(dx, 0, (to - from) * rows, dz, from * rows, wt, false);
                for (int t = from; t < to; t++)
                    dx.get((t - from) * rows, rows, 0, pass.I, dxs, (t * pass.B + first) * pass.I);
            }
            weightGradients(from * rows, (to - from) * rows, to < T);
        }
    }

    /** What a stretch gives to the gradients of the weights. */
    private void weightGradients(int row, int count, boolean add) {
        transposedProduct(dw, x, row, dz, row, count, add);
        if (!pass.later) {
            transposedProduct(du, h, row, dzh, row, count, add);
            return;
        }
        transposedProduct(othersOfU, h, row, dzh, row, count, add);
        transposedProduct(lastOfU, q, row, dzq, row, count, add);
    }

    /**
     * Rows of {@code to} = or += rows of a, times b. A batch of one has no second part for the other thread: there, it
     * takes half of each product.
     */
    private void product(Matrix to, int row, int count, Matrix a, int aRow, Weight b, boolean add) {
        int n = count > 1 ? count : b.plain().columns(), half = (n / 2 + 15) / 16 * 16;
        if (pass.B > 1 || half >= n || (long) count * b.plain().columns() * b.plain().rows() < WORTH_TWO)
            to.multiply(row, count, a, aRow, b.plain(), add);
        else if (count > 1)
            Parallel.run(2,
                    p -> to.multiply(row + p * half, p == 0 ? half : n - half, a, aRow + p * half, b.plain(), add));
        else
            Parallel.run(2, p -> to.multiplyByTransposed(row, 1, p * half, p == 0 ? half : n - half, a, aRow,
                    b.transposed(), add));
    }

    private void transposedProduct(Matrix to, Matrix a, int aRow, Matrix b, int bRow, int depth, boolean add) {
        int n = to.rows(), half = (n / 2 + 15) / 16 * 16;
        if (pass.B > 1 || half >= n) to.multiplyTransposed(0, n, a, aRow, b, bRow, depth, add);
        else
            Parallel.run(2,
                    p -> to.multiplyTransposed(p * half, p == 0 ? half : n - half, a, aRow, b, bRow, depth, add));
    }

    void lastGate(int t, float[] qs, float[] to) {
        q.put(t * rows, rows, 0, pass.H, qs, 0);
        product(zq, t * rows, rows, q, t * rows, uq, true);
        zq.get(t * rows, rows, 0, pass.H, to, 0);
    }

    void lastGateGradient(int t, float[] from, float[] to) {
        dzq.put(t * rows, rows, 0, pass.H, from, 0);
        product(dq, 0, rows, dzq, t * rows, uqTransposed, false);
        dq.get(0, rows, 0, pass.H, to, 0);
    }

    void state(int t, float[] from) { h.put((t + 1) * rows, rows, 0, pass.H, from, 0); }

    void stateGradient(float[] to) { dh.get(0, rows, 0, pass.H, to, 0); }

    Matrix inputWeightGradient() { return dw; }

    Matrix recurrentWeightGradient() { return du; }

    void gateGradients(int steps, float[] to) { scatter(dz, steps, to); }

    void recurrentGateGradients(int steps, float[] to) { scatter(dzh, steps, to); }

    /** Rows of all times to {@code [T, B, G H]}. */
    private void scatter(Matrix from, int steps, float[] to) {
        int n = from.columns();
        for (int t = 0; t < steps; t++) from.get(t * rows, rows, 0, n, to, (t * pass.B + first) * n);
    }
}
