package unroll.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Taking tensors apart and putting them together: slices, rows by number, concatenation, transposition. */
final class Selection {
    private Selection() {
    }

    static Tensor slice(Tensor x, int axis, int from, int to) {
        int[] shape = x.lengths();
        int a = Shape.axis("slice", axis, shape);
        if (from < 0 || to > shape[a] || from > to)
            throw new ShapeException("slice: " + from + " to " + to + " is outside axis " + axis + " of shape "
                    + Arrays.toString(shape));
        int outer = Shape.product(shape, 0, a), inner = Shape.product(shape, a + 1, shape.length), n = shape[a],
                m = to - from;
        float[] v = x.values(), y = new float[outer * m * inner];
        for (int o = 0; o < outer; o++) System.arraycopy(v, (o * n + from) * inner, y, o * m * inner, m * inner);
        int[] result = shape.clone();
        result[a] = m;
        return Tape.record("slice", y, result, g -> {
            float[] e = g.get(0), d = x.gradientRoom();
            for (int o = 0; o < outer; o++) Rows.add(d, (o * n + from) * inner, e, o * m * inner, m * inner);
        }, x);
    }

    /** Number i of the first axis, which goes. */
    static Tensor at(Tensor x, int i) {
        int[] shape = x.lengths();
        if (shape.length == 0 || i < 0 || i >= shape[0])
            throw new ShapeException("at: number " + i + " is outside the first axis of shape " + Arrays.toString(shape)
                    + "; numbers count from 0");
        int n = x.size() / shape[0];
        float[] y = Arrays.copyOfRange(x.values(), i * n, i * n + n);
        return Tape.record("at", y, Arrays.copyOfRange(shape, 1, shape.length),
                g -> Rows.add(x.gradientRoom(), i * n, g.get(0), 0, n), x);
    }

    static Tensor concat(int axis, List<Tensor> parts) {
        if (parts.isEmpty()) throw new ShapeException("concat: expected at least one tensor but got none");
        int[] shape = parts.get(0).shape();
        int a = Shape.axis("concat", axis, shape);
        long total = 0;
        for (Tensor p : parts) {
            int[] other = p.shape();
            if (other.length == shape.length) other[a] = shape[a];
            if (!Arrays.equals(shape, other))
                throw new ShapeException("concat: shapes " + Arrays.toString(parts.get(0).shape()) + " and "
                        + Arrays.toString(p.shape()) + " differ besides axis " + axis);
            total += p.size(a);
        }
        if (total > Shape.MOST)
            throw new ShapeException("concat: " + parts.size() + " tensors would give an axis of " + total
                    + "; a tensor holds at most " + Shape.MOST);
        shape[a] = (int) total;
        float[] y = Shape.room("concat", shape, parts.get(0), parts.get(parts.size() - 1));
        return join("concat", y, shape, Shape.product(shape, 0, a), parts);
    }

    /** Along a new first axis. */
    static Tensor stack(List<Tensor> parts) {
        if (parts.isEmpty()) throw new ShapeException("stack: expected at least one tensor but got none");
        int[] one = parts.get(0).lengths(), shape = new int[one.length + 1];
        shape[0] = parts.size();
        System.arraycopy(one, 0, shape, 1, one.length);
        float[] y = Shape.room("stack", shape, parts.get(0));
        for (Tensor p : parts)
            if (!Arrays.equals(p.lengths(), one))
                throw new ShapeException("stack: shapes " + Arrays.toString(one) + " and "
                        + Arrays.toString(p.lengths()) + " differ");
        return join("stack", y, shape, 1, parts);
    }

    /** Each of the outer rows of y is a row of each part. */
    private static Tensor join(String operation, float[] y, int[] shape, int outer, List<Tensor> parts) {
        int row = outer == 0 ? 0 : y.length / outer, at = 0;
        Tensor[] inputs = parts.toArray(Tensor[]::new);
        for (Tensor p : inputs) {
            int m = outer == 0 ? 0 : p.size() / outer;
            for (int o = 0; o < outer; o++) System.arraycopy(p.values(), o * m, y, o * row + at, m);
            at += m;
        }
        return Tape.record(operation, y, shape, g -> {
            int begin = 0;
            for (Tensor p : inputs) {
                int m = outer == 0 ? 0 : p.size() / outer;
                if (p.requiresGradient()) {
                    float[] d = new float[outer * m];
                    for (int o = 0; o < outer; o++) System.arraycopy(g.get(0), o * row + begin, d, o * m, m);
                    p.take(d);
                }
                begin += m;
            }
        }, inputs);
    }

    /** The elements of the first axis, all by one operation. */
    static List<Tensor> unbind(Tensor x) {
        int[] shape = x.lengths();
        if (shape.length == 0)
            throw new ShapeException("unbind: expected at least one axis but the tensor is one number");
        int count = shape[0], n = count == 0 ? 0 : x.size() / count;
        int[] one = Arrays.copyOfRange(shape, 1, shape.length);
        List<float[]> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) values.add(Arrays.copyOfRange(x.values(), i * n, i * n + n));
        return Tape.record("unbind", values, Collections.nCopies(count, one), g -> {
            float[] d = new float[count * n];
            for (int i = 0; i < count; i++) System.arraycopy(g.get(i), 0, d, i * n, n);
            x.take(d);
        }, x);
    }

    /** Rows of the matrix by number: an embedding look-up. */
    static Tensor rows(Tensor matrix, IntTensor ids) {
        if (matrix.rank() != 2)
            throw new ShapeException("rows: expected a matrix but got shape " + Arrays.toString(matrix.shape()));
        int n = matrix.size(1), count = matrix.size(0);
        int[] id = ids.data();
        int[] shape = Arrays.copyOf(ids.shape(), ids.shape().length + 1);
        shape[shape.length - 1] = n;
        float[] v = matrix.values(), y = Spare.room("rows", shape, matrix);
        for (int i = 0; i < id.length; i++) {
            if (id[i] < 0 || id[i] >= count)
                throw new IndexOutOfBoundsException(
                        Message.of("rows: number " + id[i] + " at position " + i + " is outside 0 to " + (count - 1)
                                + "; the matrix has shape " + Arrays.toString(matrix.shape())));
            System.arraycopy(v, id[i] * n, y, i * n, n);
        }
        Tensor found = Spare.own(Tape.record("rows", y, shape, g -> {
            float[] e = g.get(0), d = matrix.gradientRoom();
            for (int i = 0; i < id.length; i++) Rows.add(d, id[i] * n, e, i * n, n);
            Spare.give(e);
        }, matrix));
        return matrix instanceof Parameter p ? found.lookedUp(p, ids) : found;
    }

    static Tensor columns(Tensor matrix, IntTensor ids) {
        if (matrix.rank() != 2)
            throw new ShapeException("columns: expected a matrix but got shape " + Arrays.toString(matrix.shape()));
        int n = matrix.size(0), count = matrix.size(1);
        int[] id = ids.data(), shape = Arrays.copyOf(ids.shape(), ids.shape().length + 1);
        shape[shape.length - 1] = n;
        float[] v = matrix.values(), y = Spare.room("columns", shape, matrix);
        for (int i = 0; i < id.length; i++) {
            if (id[i] < 0 || id[i] >= count)
                throw new IndexOutOfBoundsException(Message.of("columns: number " + id[i] + " at position " + i
                        + " is outside 0 to " + (count - 1) + "; the matrix has shape "
                        + Arrays.toString(matrix.shape())));
            for (int k = 0; k < n; k++) y[i * n + k] = v[k * count + id[i]];
        }
        return Spare.own(Tape.record("columns", y, shape, g -> {
            float[] e = g.get(0), d = matrix.gradientRoom();
            for (int i = 0; i < id.length; i++)
                for (int k = 0; k < n; k++) d[k * count + id[i]] += e[i * n + k];
            Spare.give(e);
        }, matrix));
    }

    static Tensor permute(Tensor x, int... axes) {
        int[] shape = x.shape(), result = new int[shape.length], step = new int[shape.length];
        if (axes.length != shape.length)
            throw new ShapeException("permute: " + axes.length + " axes for shape " + Arrays.toString(shape));
        int[] stride = strides(shape), seen = new int[shape.length];
        boolean staysInPlace = true;                                       // only axes of length 1 move past others
        for (int i = 0, last = -1; i < axes.length; i++) {
            int a = Shape.axis("permute", axes[i], shape);
            if (seen[a]++ > 0)
                throw new ShapeException("permute: axis " + axes[i] + " twice in " + Arrays.toString(axes));
            result[i] = shape[a];
            step[i] = stride[a];
            if (shape[a] == 1) continue;
            staysInPlace &= a > last;
            last = a;
        }
        if (staysInPlace) return Tape.record("permute", x.data(), result, g -> x.take(g.get(0)), x);
        int[] source = sources(result, step);
        return Tape.record("permute", gather(x.values(), source, new float[x.size()]), result, g -> {
            float[] e = g.get(0), d = new float[e.length];
            for (int i = 0; i < e.length; i++) d[source[i]] = e[i];
            x.take(d);
        }, x);
    }

    /**
     * NumPy's broadcasting as an operation of its own: repeats the elements going forward, adds the gradients up going
     * back.
     *
     * @param read what else the operation reads, for an error
     */
    static Tensor expand(String operation, Tensor x, int[] shape, Tensor... read) {
        int[] from = x.lengths();
        if (Arrays.equals(from, shape)) return x;
        if (!Arrays.equals(Shape.broadcast(operation, from, shape), shape))
            throw new ShapeException(operation + ": shape " + Arrays.toString(from) + " cannot be expanded to "
                    + Arrays.toString(shape));
        float[] y = Shape.room(operation, shape, read.length == 0 ? new Tensor[] {x} : read);
        int[] stride = strides(from), step = new int[shape.length];
        int added = shape.length - from.length;
        for (int a = 0; a < from.length; a++) step[added + a] = from[a] == 1 ? 0 : stride[a];
        int[] source = sources(shape, step);
        return Tape.record("expand", gather(x.values(), source, y), shape, g -> {
            float[] e = g.get(0), d = new float[x.size()];
            for (int i = 0; i < e.length; i++) d[source[i]] += e[i];
            x.take(d);
        }, x);
    }

    private static float[] gather(float[] v, int[] source, float[] y) {
        for (int i = 0; i < y.length; i++) y[i] = v[source[i]];
        return y;
    }

    /** By how much the position of an element grows along each axis. */
    private static int[] strides(int[] shape) {
        int[] stride = new int[shape.length];
        for (int a = shape.length - 1, s = 1; a >= 0; s *= shape[a--]) stride[a] = s;
        return stride;
    }

    /** Where each element of a tensor of this shape comes from: by these steps along its axes. */
    private static int[] sources(int[] shape, int[] step) {
        int[] source = new int[Shape.size(shape)], index = new int[shape.length];
        for (int i = 0, at = 0; i < source.length; i++) {
            source[i] = at;
            for (int a = shape.length - 1; a >= 0; a--) {
                at += step[a];
                if (++index[a] < shape[a]) break;
                at -= step[a] * shape[a];
                index[a] = 0;
            }
        }
        return source;
    }
}
