package unroll.nn;

/** The sizes of a convolution of one picture: {@code [in, height, width]} gives {@code [out, places().height(), places().width()]}. */
record Geometry(int in, int out, int height, int width, Window window) {
    /** Height and width of a plane. */
    record Plane(int height, int width) {
        int pixels() { return Math.multiplyExact(height, width); }
    }

    Plane places() { return new Plane(window.places(height), window.places(width)); }

    /** Numbers of one picture. */
    int inputs() { return Math.multiplyExact(in, Math.multiplyExact(height, width)); }

    /** Numbers of its result. */
    int outputs() { return Math.multiplyExact(out, places().pixels()); }

    /** The numbers that one number of the result is made from. */
    int patch() { return in * window.kernel() * window.kernel(); }
}
