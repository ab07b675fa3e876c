package unroll.sequence;

import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * The score of a query and a key, and the way back: for {@link Attend}. Arrays of one length, read with one index, so
 * that loops vectorize.
 */
abstract class Score {
    /** Room for one thread's numbers. */
    static final class Room {
        final float[] activation;

        Room(int size) { activation = new float[size]; }
    }

    /** What is learned beside queries and keys; null where nothing is. */
    abstract Tensor weight();

    abstract float of(float[] query, float[] key, Room room);

    /** Adds d · ∂score/∂. to the gradients; that of the weight is null where there is none. */
    abstract void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] dWeight, Room room);

    /** q · k. */
    static final class Dot extends Score {
        @Override Tensor weight() { return null; }

        @Override float of(float[] query, float[] key, Room room) { return dot(query, key); }

        @Override void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] dWeight,
                Room room) {
            addTimes(dQuery, key, d);
            addTimes(dKey, query, d);
        }
    }

    /** v · tanh(q + k). */
    static final class Additive extends Score {
        private final Tensor v;

        Additive(Tensor v) { this.v = v; }

        @Override Tensor weight() { return v; }

        @Override float of(float[] query, float[] key, Room room) {
            activate(query, key, room.activation);
            return dot(v.data(), room.activation);
        }

        private static void activate(float[] query, float[] key, float[] z) {
            for (int j = 0; j < z.length; j++) z[j] = query[j] + key[j];
            VectorMath.tanh(z, z, 0, z.length);
        }

        @Override void back(float d, float[] query, float[] key, float[] dQuery, float[] dKey, float[] dWeight,
                Room room) {
            // made again: to keep all of them would take [T, B, S, K]
            float[] z = room.activation;
            activate(query, key, z);
            addTimes(dWeight, z, d);
            throughTanh(z, v.data(), d);
            addTimes(dQuery, z, 1);
            addTimes(dKey, z, 1);
        }

        private static void throughTanh(float[] z, float[] v, float d) {
            for (int j = 0; j < z.length; j++) z[j] = d * v[j] * (1 - z[j] * z[j]);
        }
    }

    static void addTimes(float[] y, float[] x, float a) { for (int j = 0; j < y.length; j++) y[j] += a * x[j]; }

    /** In eight sums: the additions of one would wait for each other. */
    static float dot(float[] x, float[] y) {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int j = 0;
        for (; j + 8 <= x.length; j += 8) {
            a += x[j] * y[j];
            b += x[j + 1] * y[j + 1];
            c += x[j + 2] * y[j + 2];
            d += x[j + 3] * y[j + 3];
            e += x[j + 4] * y[j + 4];
            f += x[j + 5] * y[j + 5];
            g += x[j + 6] * y[j + 6];
            h += x[j + 7] * y[j + 7];
        }
        for (; j < x.length; j++) a += x[j] * y[j];
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}
