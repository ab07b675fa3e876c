package unroll.picture;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.Matrix;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.Parallel;
import unroll.tensor.VectorMath;

/**
 * Convolution as a product of matrices: what the kernel sees at each place becomes a column ("im2col"), y = W columns,
 * dW = dy columnsᵀ, and the columns of Wᵀ dy are added back to where they came from. Runs everywhere; takes memory for
 * one picture's columns a thread.
 */
final class ColumnConvolution {
    /** Parts of a batch that may be worked on at once, each with a gradient of the weights of its own. */
    private static final int PARTS = 16;

    private ColumnConvolution() {
    }

    /**
     * The sizes of a convolution of one picture: {@code [in, height, width]} gives {@code [out, rows(), columns()]}.
     * Both shapes and that of the weights were checked before anything is multiplied here.
     */
    record Geometry(int in, int out, int height, int width, Window window) {
        int rows() { return window.places(height); }

        int columns() { return window.places(width); }

        int places() { return rows() * columns(); }

        /** Numbers of one picture. */
        int inputs() { return in * height * width; }

        /** Numbers of its result. */
        int outputs() { return out * places(); }

        /** What one number of it is made from. */
        int patch() { return in * window.kernel() * window.kernel(); }
    }

    /** Memory for one picture, for one part of a batch. */
    private static final class Room implements AutoCloseable {
        final Matrix columns, y;
        final float[] heap;

        Room(Geometry g) {
            int places = g.places();
            columns = Matrix.room(g.patch(), places);
            y = Matrix.room(g.out(), places);
            heap = Shape.room("Conv2d: the columns of one picture", new int[] {Math.max(g.patch(), g.out()), places});
        }

        @Override public void close() {
            columns.free();
            y.free();
        }
    }

    /** y = w * x + b for each picture. */
    static void forward(Geometry g, int images, float[] x, Parameter w, Parameter b, float[] y) {
        int places = g.places();
        float[] bias = b.data();
        Matrix weights = matrix(g.out(), g.patch(), w.data());
        split(images, (part, from, to) -> {
            try (Room room = new Room(g)) {
                for (int n = from; n < to; n++) {
                    Interrupts.check("Conv2d", "image", n, images);
                    columns(g, x, n, room);
                    room.y.multiply(0, g.out(), weights, 0, room.columns, false);
                    room.y.get(0, g.out(), 0, places, y, n * g.outputs());
                    for (int o = 0; o < g.out(); o++) addTo(y, n * g.outputs() + o * places, places, bias[o]);
                }
            }
        });
        weights.free();
    }

    private static void addTo(float[] y, int from, int count, float number) {
        for (int i = from; i < from + count; i++) y[i] += number;
    }

    /**
     * @param dx takes the gradient of x, zeros before; null where none is wanted
     * @param dw to which the gradient of w is added
     */
    static void backward(Geometry g, int images, float[] x, Parameter w, float[] dy, float[] dx, float[] dw) {
        int places = g.places();
        Matrix transposed = matrix(g.patch(), g.out(), transpose(w.data(), 0, g.out(), g.patch(), new float[w.size()]));
        float[][] gradients = new float[PARTS][];
        int parts = split(images, (part, from, to) -> {
            Matrix gradient = Matrix.room(g.patch(), g.out()), dyTransposed = Matrix.room(places, g.out());
            try (Room room = new Room(g)) {
                for (int n = from; n < to; n++) {
                    Interrupts.check("Conv2d", "image", n, images);
                    columns(g, x, n, room);
                    dyTransposed.put(0, places, 0, g.out(), transpose(dy, n * g.outputs(), g.out(), places, room.heap),
                            0);
                    gradient.multiply(0, g.patch(), room.columns, 0, dyTransposed, n > from);
                    if (dx == null) continue;
                    room.y.put(0, g.out(), 0, places, dy, n * g.outputs());
                    room.columns.multiply(0, g.patch(), transposed, 0, room.y, false);
                    room.columns.get(0, g.patch(), 0, places, room.heap, 0);
                    addColumns(g, room.heap, dx, n);
                }
                float[] sum = new float[dw.length];
                gradient.get(0, g.patch(), 0, g.out(), sum, 0);
                gradients[part] = transpose(sum, 0, g.patch(), g.out(), new float[dw.length]);
            } finally {
                gradient.free();
                dyTransposed.free();
            }
        });
        transposed.free();
        addInOrder(dw, gradients, parts);
    }

    private static Matrix matrix(int rows, int columns, float[] values) {
        Matrix m = Matrix.room(rows, columns);
        m.put(0, rows, 0, columns, values, 0);
        return m;
    }

    private static float[] transpose(float[] values, int at, int rows, int columns, float[] to) {
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++) to[j * rows + i] = values[at + i * columns + j];
        return to;
    }

    /** One row for each element of the kernel, one column for each place. */
    private static void columns(Geometry g, float[] x, int image, Room room) {
        Arrays.fill(room.heap, 0, g.patch() * g.places(), 0f);
        eachRow(g, (at, step, to, count) -> {
            int from = image * g.inputs() + at;
            if (step == 1) System.arraycopy(x, from, room.heap, to, count);
            else
                for (int j = 0; j < count; j++) room.heap[to + j] = x[from + j * step];
        });
        room.columns.put(0, g.patch(), 0, g.places(), room.heap, 0);
    }

    private static void addColumns(Geometry g, float[] columns, float[] dx, int image) {
        eachRow(g, (at, step, to, count) -> {
            int from = image * g.inputs() + at;
            for (int j = 0; j < count; j++) dx[from + j * step] += columns[to + j];
        });
    }

    /** Numbers of a picture, {@code step} apart, that stand side by side in the columns. */
    @FunctionalInterface
    private interface Row {
        void accept(int at, int step, int to, int count);
    }

    private static void eachRow(Geometry g, Row work) {
        Window window = g.window();
        int kernel = window.kernel(), stride = window.stride(), height = g.rows(), width = g.columns();
        for (int c = 0, row = 0; c < g.in(); c++)
            for (int u = 0; u < kernel; u++)
                for (int v = 0; v < kernel; v++, row++) {
                    int first = window.first(v), count = window.end(v, g.width()) - first;
                    if (count == 0) continue;
                    for (int i = window.first(u); i < window.end(u, g.height()); i++) {
                        int at = (c * g.height() + i * stride + u - window.padding()) * g.width() + first * stride + v
                                - window.padding();
                        work.accept(at, stride, (row * height + i) * width + first, count);
                    }
                }
    }

    /** Work on the pictures from .. to - 1. */
    @FunctionalInterface
    private interface Part {
        void accept(int number, int from, int to);
    }

    /** Cuts a batch into at most {@link #PARTS} runs of pictures; gives their number. */
    private static int split(int images, Part part) {
        int parts = Math.min(PARTS, images);
        Parallel.run(parts, p -> part.accept(p, (int) ((long) p * images / parts),
                (int) ((p + 1L) * images / parts)));
        return parts;
    }

    /** Adds the parts' gradients in their order. */
    private static void addInOrder(float[] sum, float[][] gradients, int parts) {
        Parallel.ranges(sum.length, (from, to) -> {
            for (int p = 0; p < parts; p++) VectorMath.add(sum, gradients[p], from, to);
        });
    }
}
