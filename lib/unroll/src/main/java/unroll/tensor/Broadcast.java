package unroll.tensor;

import java.util.Arrays;

/**
 * NumPy's broadcasting as an operation of its own: repeat the elements going forward, add the gradients up going back.
 */
final class Broadcast {
    private Broadcast() {
    }

    /** @param read what else the operation reads, for an error */
    static Tensor expand(String operation, Tensor x, int[] shape, Tensor... read) {
        int[] from = x.shape();
        if (Arrays.equals(from, shape)) return x;
        if (!Arrays.equals(Shape.broadcast(operation, from, shape), shape))
            throw new ShapeException(operation + ": shape " + Arrays.toString(from) + " cannot be expanded to "
                    + Arrays.toString(shape));
        float[] v = x.values(), y = Shape.room(operation, shape, read.length == 0 ? new Tensor[] {x} : read);
        int[] source = sources(from, shape);
        for (int i = 0; i < y.length; i++) y[i] = v[source[i]];
        return Tape.record("expand", y, shape, g -> {
            float[] e = g.get(0), d = new float[v.length];
            for (int i = 0; i < e.length; i++) d[source[i]] += e[i];
            x.take(d);
        }, x);
    }

    /** For each element of the expanded tensor, the position of the element that it repeats. */
    private static int[] sources(int[] from, int[] to) {
        int n = to.length, shift = n - from.length;
        int[] stride = new int[n];
        for (int axis = n - 1, s = 1; axis >= shift; axis--) {
            stride[axis] = from[axis - shift] == 1 ? 0 : s;
            s *= from[axis - shift];
        }
        int[] source = new int[Shape.size(to)], index = new int[n];
        for (int i = 0, at = 0; i < source.length; i++) {
            source[i] = at;
            for (int axis = n - 1; axis >= 0; axis--) {
                at += stride[axis];
                if (++index[axis] < to[axis]) break;
                at -= stride[axis] * to[axis];
                index[axis] = 0;
            }
        }
        return source;
    }
}
