package unroll.data;

import unroll.tensor.Rng;

/** Draws one digit as a chain of straight strokes in a square of 28 × 28 pixels. */
final class DrawnDigit {
    private static final int SIDE = Digits.SIDE;

    /** Corners (x, y) of the strokes of each digit in a box of width 4 and height 6, y downwards. */
    private static final double[][] STROKES = {{1, 0, 3, 0, 4, 2, 4, 4, 3, 6, 1, 6, 0, 4, 0, 2, 1, 0},
            {1, 1.5, 2.5, 0, 2.5, 6}, {0, 1.2, 1, 0, 3, 0, 4, 1.2, 3.6, 2.6, 0, 6, 4, 6},
            {0, 0.6, 1.5, 0, 3.5, 0.5, 3.6, 2, 1.8, 2.9, 3.8, 3.8, 3.8, 5.2, 2, 6, 0, 5.3}, {3, 6, 3, 0, 0, 4, 4, 4},
            {3.8, 0, 0.5, 0, 0.3, 2.6, 2.5, 2.3, 4, 3.6, 3.5, 5.5, 1.8, 6, 0, 5.4},
            {3, 0, 1, 1.5, 0, 4, 1, 6, 3, 6, 3.9, 4.6, 3, 3, 1, 3, 0, 4}, {0, 0, 4, 0, 1.5, 6},
            {2, 2.8, 0.4, 1.6, 1, 0, 3, 0, 3.6, 1.6, 2, 2.8, 0, 4.4, 1, 6, 3, 6, 4, 4.4, 2, 2.8},
            {4, 2, 3, 3, 1, 3, 0, 1.6, 1, 0, 3, 0, 4, 1.6, 3.8, 4, 2.6, 6}};

    private DrawnDigit() {
    }

    /** Writes the grey values of a digit to {@code pixels[from ..]}. */
    static void draw(int digit, Rng rng, byte[] pixels, int from) {
        double[] corners = STROKES[digit].clone();
        double scale = 2.6 + 0.8 * rng.nextDouble(), wide = 0.8 + 0.4 * rng.nextDouble(),
                slant = 0.5 * rng.nextDouble() - 0.2;
        double dx = 14 + 4 * (rng.nextDouble() - 0.5), dy = 14 + 4 * (rng.nextDouble() - 0.5),
                pen = 0.9 + 0.9 * rng.nextDouble();
        for (int c = 0; c < corners.length; c += 2) {
            double x = corners[c] - 2 + 0.25 * rng.nextGaussian(), y = corners[c + 1] - 3 + 0.25 * rng.nextGaussian();
            corners[c] = dx + scale * (wide * x - slant * y);
            corners[c + 1] = dy + scale * y;
        }
        for (int p = 0; p < SIDE * SIDE; p++) {
            double far = Double.POSITIVE_INFINITY;
            for (int c = 0; c + 3 < corners.length; c += 2)
                far = Math.min(far, distance(p % SIDE + 0.5, p / SIDE + 0.5, corners[c], corners[c + 1], corners[c + 2],
                        corners[c + 3]));
            pixels[from + p] = (byte) Math.round(255 * Math.max(0, Math.min(1, pen + 0.5 - far)));
        }
    }

    /** From a point to the nearest one of a stroke from a to b. */
    private static double distance(double x, double y, double ax, double ay, double bx, double by) {
        double length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
        double along = length == 0
                ? 0
                : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
        return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
    }
}
