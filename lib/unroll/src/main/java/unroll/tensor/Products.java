package unroll.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matrix products and their gradients: dA = dC Bᵀ, dB = Aᵀ dC. */
final class Products {
    /** With fewer rows, a weight's gradient is put off to the end of backward: see {@link Pending}. */
    private static final int FEW_ROWS = 256;
    /** A weight of no more elements gets its gradient at once: there, lists and copies cost more than products. */
    private static final int TINY = 64;

    private Products() {
    }

    static Tensor matmul(Tensor a, Tensor b) {
        if (a.rank() == 0 || b.rank() == 0 || a.size(-1) != b.size(b.rank() == 1 ? 0 : -2)) throw mismatch(a, b);
        return b.rank() <= 2 ? matrix("matmul", a, b, null) : a.rank() == 1 ? row(a, b) : batched(a, b);
    }

    /** A vector as the row of a batch of products. */
    private static Tensor row(Tensor a, Tensor b) {
        Tensor row = batched(a.reshape(1, a.size()), b);
        int[] shape = row.shape();
        shape[shape.length - 2] = shape[shape.length - 1];
        return row.reshape(Arrays.copyOf(shape, shape.length - 1));
    }

    private static ShapeException mismatch(Tensor a, Tensor b) {
        return new ShapeException("matmul: shapes " + Arrays.toString(a.shape()) + " and " + Arrays.toString(b.shape())
                + " do not fit: the last length of the first must be the next-to-last of the second, and what stands "
                + "in front must be equal or 1");
    }

    static Tensor linear(Tensor x, Tensor w, Tensor b) {
        if (x.rank() == 0 || w.rank() != 2 || x.size(-1) != w.size(0)) throw mismatch(x, w);
        if (b.rank() != 1 || b.size() != w.size(1))
            throw new ShapeException(
                    "linear: expected b of shape [" + w.size(1) + "] but got " + Arrays.toString(b.shape()));
        return matrix("linear", x, w, b);
    }

    /** [.., K] times [K, N], or times [K], and a row added to each of its rows unless it is null. */
    private static Tensor matrix(String operation, Tensor a, Tensor b, Tensor row) {
        boolean vector = b.rank() == 1;
        int[] lead = a.lengths(), shape = lead, right = b.lengths();
        int k = right[0], n = vector ? 1 : right[1], m = 1;
        for (int i = 0; i < lead.length - 1; i++) m *= lead[i];
        if (vector) shape = Arrays.copyOf(lead, lead.length - 1);
        else if (n != k) {
            shape = lead.clone();
            shape[shape.length - 1] = n;
        }
        int rows = m;
        float[] y = Shape.room(operation, shape, a, b);
        Blas.multiply(false, false, rows, n, k, a.values(), b.values(), weight(b), y, false);
        if (row != null) Rows.addToEach(y, row.values());
        Tape.Backward backward = g -> {
            float[] e = g.get(0);
            if (row != null && row.requiresGradient()) Rows.sendSum(e, row);
            if (a.requiresGradient()) a.receiveProduct(false, true, rows, k, n, e, b.values(), weight(b));
            if (!b.requiresGradient()) return;
            if (b instanceof Parameter && rows < FEW_ROWS && k * n > TINY) {
                Spare.keep(a);
                b.putOff(a.values(), e, k, n);
            } else
                b.receiveProduct(true, false, k, n, rows, a.values(), e, null);
        };
        return row == null
                ? Tape.record(operation, y, shape, backward, a, b)
                : Tape.record(operation, y, shape, backward, a, b, row);
    }

    /** Of which there may be a native copy. */
    private static Parameter weight(Tensor t) {
        return t instanceof Parameter p && t.rank() == 2 ? p : null;
    }

    /** [.., M, K] times [.., K, N] with equal or broadcast leading lengths. */
    private static Tensor batched(Tensor a, Tensor b) {
        int[] lead = lead(a, b);
        int m = a.size(-2), k = a.size(-1), n = b.size(-1), count = Shape.size("matmul", lead, a, b);
        float[] y = Shape.room("matmul", with(lead, m, n), a, b);
        Tensor x = Selection.expand("matmul", a, with(lead, m, k), a, b),
                w = Selection.expand("matmul", b, with(lead, k, n), a, b);
        multiply(count, false, false, m, n, k, x.values(), w.values(), y);
        return Tape.record("matmul", y, with(lead, m, n), g -> {
            float[] e = g.get(0);
            if (x.requiresGradient()) {
                float[] d = new float[count * m * k];
                multiply(count, false, true, m, k, n, e, w.values(), d);
                x.take(d);
            }
            if (w.requiresGradient()) {
                float[] d = new float[count * k * n];
                multiply(count, true, false, k, n, m, x.values(), e, d);
                w.take(d);
            }
        }, x, w);
    }

    private static int[] lead(Tensor a, Tensor b) {
        try {
            return Shape.broadcast("matmul", Arrays.copyOf(a.shape(), a.rank() - 2),
                    Arrays.copyOf(b.shape(), b.rank() - 2));
        } catch (ShapeException e) {
            throw mismatch(a, b);                                          // with the whole shapes
        }
    }

    /** All products of a batch. */
    private static void multiply(int count, boolean ta, boolean tb, int m, int n, int k, float[] a, float[] b,
            float[] c) {
        Parallel.run(count, i -> {
            float[] one = new float[m * n];
            Blas.multiply(ta, tb, m, n, k, Arrays.copyOfRange(a, i * m * k, (i + 1) * m * k),
                    Arrays.copyOfRange(b, i * k * n, (i + 1) * k * n), null, one, false);
            System.arraycopy(one, 0, c, i * m * n, m * n);
        });
    }

    private static int[] with(int[] lead, int m, int n) {
        int[] shape = Arrays.copyOf(lead, lead.length + 2);
        shape[lead.length] = m;
        shape[lead.length + 1] = n;
        return shape;
    }

    /**
     * The factors of a weight's gradient, gathered over its uses. A recurrent weight is used at every time step with a
     * few rows; the sum of all aᵀ e is one product of the stacked rows, and far faster than many small ones.
     */
    static final class Pending {
        // 100 steps of 64 rows and 2,048 columns fit; a heap need not have hundreds of MB in one piece
        private static final long MOST_GATHERED = 1 << 24;
        // about as many as a short loop over time has
        private static final int USES = 32;
        private final List<float[]> left = new ArrayList<>(USES), right = new ArrayList<>(USES);
        private final int k, n;
        private long rows;

        /** For a weight of k rows and n columns. */
        Pending(int k, int n) {
            this.k = k;
            this.n = n;
        }

        /** Whether these factors would make the gathered ones longer than that. */
        boolean isFull(float[] a, float[] e) {
            return left.size() > 0 && (rows + a.length / k) * Math.max(k, n) > MOST_GATHERED;
        }

        void add(float[] a, float[] e) {
            rows += a.length / k;
            left.add(a);
            right.add(e);
        }

        void settle(Tensor weight) { weight.receiveTransposed(k, n, left, right); }
    }
}
