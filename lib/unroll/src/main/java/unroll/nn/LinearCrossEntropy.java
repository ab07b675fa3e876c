package unroll.nn;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Spare;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * The cross-entropy of softmax(x W + b) as one operation, for large vocabularies. The logits are made some rows at a
 * time, and what stays of them is their gradient, outside the heap: softmax - target.
 */
final class LinearCrossEntropy {
    /**
     * Rows whose logits are made together, and how many of their numbers cross into the heap together, so that these
     * stay in the cache.
     */
    private static final int ROWS = 32, TOGETHER = 1 << 15;
    /** The same for the gradients of the inputs, whose product is slow for few rows. */
    private static final int BACK_ROWS = 128;
    private final Parameter w, b;
    private final int K, V;
    private final Deque<Room> free = new ArrayDeque<>();
    private final Deque<Logits> idle = new ConcurrentLinkedDeque<>();

    /** What one thread needs for the logits that cross together, and the sum of their gradients. */
    private record Logits(float[] z, float[] dz) {
    }

    /** Memory for so many rows, used again and again. */
    private final class Room {
        final int capacity;
        final Matrix x, z, dx, dw;

        Room(int capacity) {
            this.capacity = capacity;
            x = Matrix.room(capacity, K);
            z = Matrix.room(capacity, V);
            dx = Matrix.room(capacity, K);
            dw = Matrix.room(K, V);
        }

        void free() { for (Matrix m : new Matrix[] {x, z, dx, dw}) m.free(); }
    }

    LinearCrossEntropy(Parameter w, Parameter b) {
        this.w = w;
        this.b = b;
        K = w.size(0);
        V = w.size(1);
    }

    Tensor mean(Tensor x, IntTensor targets) {
        int[] target = targets.data();
        if (!Arrays.equals(Arrays.copyOf(x.shape(), x.rank() - 1), targets.shape()))
            throw new ShapeException("crossEntropy: expected states [.., " + K + "] and targets [..] but got "
                    + Arrays.toString(x.shape()) + " and " + Arrays.toString(targets.shape()));
        float[] weight = CrossEntropy.weights(target, null, V);
        double total = VectorMath.sum(weight, 0, weight.length), scale = total == 0 ? 0 : 1 / total;
        Shape.size("crossEntropy: logits", new int[] {target.length, V}, x, w);
        Room room = take(target.length);
        double[] db = new double[V];
        float loss = (float) (scale * forward(room, x.data(), target, weight, (float) scale, db));
        Tensor out = Tape.record("linear cross-entropy", new float[] {loss}, new int[0], g -> {
            back(room, x, target.length, g.get(0)[0], db);
            give(room);
        }, x, w, b);
        if (!out.requiresGradient()) give(room);
        return out;
    }

    /**
     * Leaves in z the gradients of the logits, and their sum over all rows in db; gives the weighted sum of the losses.
     */
    private double forward(Room room, float[] x, int[] target, float[] weight, float scale, double[] db) {
        int rows = target.length, groups = (rows + ROWS - 1) / ROWS,
                together = Math.max(1, Math.min(ROWS, TOGETHER / V));
        // repeated for each row: loops with one index vectorize
        float[] row = b.data(), bias = Spare.room(together * V);
        for (int r = 0; r < together; r++) System.arraycopy(row, 0, bias, r * V, V);
        float[] biasGradient = Spare.room(groups * V);
        double[] losses = new double[groups];
        Matrix weights = Matrix.of(w);
        Parallel.run(groups, p -> {
            int from = p * ROWS, count = Math.min(rows, from + ROWS) - from;
            room.x.put(from, count, 0, K, x, from * K);
            room.z.multiply(from, count, room.x, from, weights, false);
            Logits other = idle.poll(),
                    own = other == null ? new Logits(new float[together * V], new float[together * V]) : other;
            float[] z = own.z, dz = own.dz;
            Arrays.fill(dz, 0);
            for (int first = from; first < from + count; first += together) {
                Interrupts.check("crossEntropy", "row", first, rows);
                int n = Math.min(together, from + count - first);
                room.z.get(first, n, 0, V, z, 0);
                VectorMath.add(z, bias, 0, n * V);
                losses[p] += CrossEntropy.softmax(z, V, target, weight, first, n);
                for (int r = 0; r < n; r++) gradient(z, r * V, target[first + r], weight[first + r] * scale);
                VectorMath.add(dz, z, 0, n * V);
                room.z.put(first, n, 0, V, z, 0);
            }
            Arrays.fill(biasGradient, p * V, p * V + V, 0);
            for (int r = 0; r < together; r++) for (int j = 0; j < V; j++) biasGradient[p * V + j] += dz[r * V + j];
            idle.push(own);
        });
        double loss = 0;
        for (int p = 0; p < groups; p++) {
            loss += losses[p];
            for (int j = 0; j < V; j++) db[j] += biasGradient[p * V + j];
        }
        Spare.give(bias);
        Spare.give(biasGradient);
        return loss;
    }

    /** From a row of softmaxes to that of gradients. */
    private void gradient(float[] z, int at, int target, float weight) {
        // not multiplied by 0: what does not count may be NaN
        if (weight == 0) {
            Arrays.fill(z, at, at + V, 0);
            return;
        }
        z[at + target] -= 1;
        CrossEntropy.scale(z, at, at + V, weight);
    }

    private void back(Room room, Tensor x, int rows, float by, double[] db) {
        Matrix weights = Matrix.of(w);
        int groups = (rows + BACK_ROWS - 1) / BACK_ROWS;
        if (x.requiresGradient()) {
            float[] dx = Spare.gradientRoom(x);
            Parallel.run(groups, p -> {
                int from = p * BACK_ROWS, count = Math.min(rows, from + BACK_ROWS) - from;
                room.dx.multiplyByTransposed(from, count, 0, K, room.z, from, weights, false);
                room.dx.get(from, count, 0, K, dx, from * K);
            });
            CrossEntropy.scale(dx, 0, dx.length, by);
            x.take(dx);
        }
        room.dw.multiplyTransposed(room.x, 0, room.z, 0, rows, false);
        w.accumulate(room.dw, by);
        float[] bias = Spare.gradientRoom(b);
        for (int j = 0; j < V; j++) bias[j] = (float) (by * db[j]);
        b.take(bias);
    }

    private Room take(int rows) {
        synchronized (free) {
            Room last = free.poll();
            if (last != null && last.capacity >= rows && last.capacity <= 2 * rows + 64) return last;
            if (last != null) last.free();
        }
        return new Room((int) Math.min(Shape.MOST, (rows + 15L) / 16 * 16));
    }

    private void give(Room room) {
        synchronized (free) {
            if (free.isEmpty()) free.add(room);
            else
                room.free();
        }
    }
}
