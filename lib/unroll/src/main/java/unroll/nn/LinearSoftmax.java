package unroll.nn;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/**
 * softmax(x W + b) where nothing is recorded: its logarithm, or only the losses. The logits of some rows at a time are
 * made and used up in a thread's cache, so that there is no array for all of them.
 */
final class LinearSoftmax {
    /** Rows whose losses are added up by themselves, and numbers that cross into the heap together. */
    private static final int ROWS = 32, TOGETHER = 1 << 15, CHUNK = 1024;
    /** Rows of one product where the weight, which each product reads anew, does not stay in the cache. */
    private static final int MANY = 128, CACHED = 1 << 17;
    /** Up to so many products all is done on one thread. */
    private static final long SMALL = 1 << 20;
    private final Parameter w, b;
    private final int K, V, together, most;
    private final Deque<Room> free = new ConcurrentLinkedDeque<>();

    /** What one thread needs. */
    private final class Room {
        final Matrix x = Matrix.room(most, K), z = Matrix.room(most, V);
        final float[] logits = new float[together * V];
        final double[] chunk = new double[Math.min(V, CHUNK)];
    }

    LinearSoftmax(Parameter w, Parameter b) {
        this.w = w;
        this.b = b;
        K = w.size(0);
        V = w.size(1);
        most = (long) K * V > CACHED ? MANY : ROWS;
        together = Math.max(1, Math.min(ROWS, TOGETHER / V));
    }

    /** What is done with the logits of {@code count} rows from row {@code first} of x on. */
    private interface Use {
        void accept(Room room, int first, int count);
    }

    /** The weighted sum of the losses, by products of as many rows as in training: else OpenBLAS rounds differently. */
    double loss(float[] x, int[] target, float[] weight) {
        int rows = target.length;
        double[] losses = new double[(rows + ROWS - 1) / ROWS];
        each(x, rows, ROWS, (room, first, count) -> losses[first / ROWS] += CrossEntropy.losses(room.logits, V, target,
                weight, first, count));
        double sum = 0;
        for (double l : losses) sum += l;
        return sum;
    }

    /** The logarithms of all rows; NaN in the whole row where a logit is NaN or infinity. */
    void logarithm(float[] x, int rows, float[] to) {
        each(x, rows, most, (room, first, count) -> {
            float[] z = room.logits;
            for (int r = 0; r < count; r++) {
                double norm = VectorMath.logSumExp(z, r * V, r * V + V, room.chunk);
                VectorMath.subtract(z, r * V, r * V + V, norm);
            }
            System.arraycopy(z, 0, to, first * V, count * V);
        });
    }

    private void each(float[] x, int rows, int most, Use use) {
        Matrix weights = Matrix.of(w);
        // repeated for each row: loops with one index vectorize
        float[] row = b.data(), bias = new float[together * V];
        for (int r = 0; r < together; r++) System.arraycopy(row, 0, bias, r * V, V);
        int products = (rows + most - 1) / most, each = (long) rows * K * V <= SMALL ? Math.max(1, products) : 1;
        Parallel.run((products + each - 1) / each, part -> {
            Room own = free.poll(), room = own == null ? new Room() : own;
            for (int p = part * each; p < Math.min(products, part * each + each); p++) {
                int from = p * most, count = Math.min(most, rows - from);
                room.x.put(0, count, 0, K, x, from * K);
                room.z.multiply(0, count, room.x, 0, weights, false);
                for (int group = 0; group < count; group += ROWS)
                    for (int first = group; first < Math.min(count, group + ROWS); first += together) {
                        Interrupts.check("softmax", "row", from + first, rows);
                        int n = Math.min(together, Math.min(count, group + ROWS) - first);
                        room.z.get(first, n, 0, V, room.logits, 0);
                        VectorMath.add(room.logits, bias, 0, n * V);
                        use.accept(room, from + first, n);
                    }
            }
            free.push(room);
        });
    }
}
