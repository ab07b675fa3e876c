package unroll.picture;

import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/** How the pictures of a batch are convolved, and the way back. Results do not depend on the number of threads. */
sealed interface Convolution permits ColumnConvolution, OneDnnConvolution {
    /** Parts of a batch that may be worked on at once, each with a gradient of the weights of its own. */
    int PARTS = 8;

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

        /** The numbers that one number of the result is made from. */
        int patch() {
            return in * window.kernel() * window.kernel();
        }
    }

    /** y = w * x + b for each picture. */
    void forward(Geometry g, int images, float[] x, Parameter w, Parameter b, float[] y);

    /**
     * @param dx takes the gradient of x, zeros before; null where none is wanted
     * @param dw to which the gradient of w is added
     */
    void backward(Geometry g, int images, float[] x, Parameter w, float[] dy, float[] dx, float[] dw);

    /** Work on the pictures from .. to - 1. */
    @FunctionalInterface
    interface Part {
        void accept(int number, int from, int to);
    }

    /** Cuts a batch into at most {@link #PARTS} of whole groups of pictures; gives their number. */
    static int split(int images, int group, Part part) {
        int groups = (images + group - 1) / group, parts = Math.min(PARTS, groups);
        Parallel.run(parts, p -> part.accept(p, Math.min(images, group * (int) ((long) p * groups / parts)),
                Math.min(images, group * (int) ((long) (p + 1) * groups / parts))));
        return parts;
    }

    /** Adds the parts' gradients in their order. */
    static void addInOrder(float[] sum, float[][] gradients, int parts) {
        Parallel.ranges(sum.length, (from, to) -> {
            for (int p = 0; p < parts; p++) VectorMath.add(sum, gradients[p], from, to);
        });
    }
}
