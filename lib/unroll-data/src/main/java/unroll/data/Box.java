package unroll.data;

/**
 * A rectangle of pixels in a picture: columns {@code x0} .. {@code x1 - 1}, counted from the left, and rows {@code y0}
 * .. {@code y1 - 1}, counted from the top.
 */
public record Box(int x0, int y0, int x1, int y1) {
    public Box {
        if (x0 < 0 || y0 < 0 || x1 <= x0 || y1 <= y0)
            throw new IllegalArgumentException("Box: expected 0 <= x0 < x1 and 0 <= y0 < y1 but got x " + x0 + " .. "
                    + x1 + ", y " + y0 + " .. " + y1);
    }

    public int width() { return x1 - x0; }

    public int height() { return y1 - y0; }

    /** The middle, from the left edge of the picture, in pixels. */
    public double centreX() { return (x0 + x1) / 2.0; }

    /** The middle, from the upper edge of the picture, in pixels. */
    public double centreY() { return (y0 + y1) / 2.0; }

    /** Whether a pixel is inside. */
    public boolean contains(int x, int y) {
        return x >= x0 && x < x1 && y >= y0 && y < y1;
    }

    /** Whether the two have a pixel in common. */
    public boolean overlaps(Box other) {
        return x0 < other.x1 && other.x0 < x1 && y0 < other.y1 && other.y0 < y1;
    }

    @Override public String toString() { return "Box(x " + x0 + " .. " + x1 + ", y " + y0 + " .. " + y1 + ")"; }
}
