package unroll.picture;

/**
 * The sizes of a convolution of one picture: {@code [in, height, width]} gives
 * {@code [out, places().height(), places().width()]}. Both shapes and that of the weights were checked before anything
 * is multiplied here.
 */
record Geometry(int in, int out, int height, int width, Window window) {
    /** Height and width of a plane. */
    record Plane(int height, int width) {
        int pixels() { return height * width; }
    }

    Plane places() { return new Plane(window.places(height), window.places(width)); }

    /** Numbers of one picture. */
    int inputs() { return in * height * width; }

    /** Numbers of its result. */
    int outputs() { return out * places().pixels(); }

    /** The numbers that one number of the result is made from. */
    int patch() {
        return in * window.kernel() * window.kernel();
    }
}
