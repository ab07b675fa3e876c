package unroll.data;

import java.util.List;
import java.util.Locale;

import unroll.tensor.Rng;

/**
 * A coloured shape of a generated picture, drawn with smooth edges.
 *
 * @param x    the middle, in pixels from the left
 * @param y    the middle, in pixels from the top
 * @param side of the square that just holds it, in pixels
 */
record DrawnShape(Kind kind, Size size, double x, double y, double side) {
    /** Points per pixel and axis of which those inside the shape are counted. */
    private static final int POINTS = 4;

    enum Form {
        CIRCLE, SQUARE, TRIANGLE;

        /** Whether a point is inside; the coordinates run from -1 to 1 over its square, v downwards. */
        private boolean contains(double u, double v) {
            return switch (this) {
                case CIRCLE -> u * u + v * v <= 1;
                case SQUARE -> Math.max(Math.abs(u), Math.abs(v)) <= 1;
                case TRIANGLE -> v <= 1 && 2 * Math.abs(u) <= v + 1;
            };
        }
    }

    enum Colour {
        RED(.92, .14, .14), GREEN(.12, .8, .2), BLUE(.18, .32, .96), YELLOW(.95, .9, .14), PURPLE(.68, .18,
                .88), WHITE(.96, .96, .96);

        private final double[] rgb;

        Colour(double... rgb) { this.rgb = rgb; }

        /** A shade of it, red, green and blue in 0 .. 1. */
        float[] shade(Rng rng) {
            double light = .8 + .2 * rng.nextDouble();
            float[] shade = new float[3];
            for (int c = 0; c < 3; c++)
                shade[c] = (float) Math.max(0, Math.min(1, light * rgb[c] + .08 * (rng.nextDouble() - .5)));
            return shade;
        }
    }

    /** Each is clearly larger than the one before it; what is of middle size is called by no word. */
    enum Size {
        SMALL(5.5, 6.5), MIDDLE(9, 10), LARGE(13, 14);

        private final double from, to;

        Size(double from, double to) {
            this.from = from;
            this.to = to;
        }

        /** A length in pixels, for a picture of this width. */
        double draw(int picture, Rng rng) {
            return (from + (to - from) * rng.nextDouble()) * picture / 32;
        }
    }

    /** A colour and a form: what may be held out. */
    record Kind(Colour colour, Form form) {
        @Override public String toString() { return word(colour) + " " + word(form); }
    }

    static String word(Enum<?> value) { return value.name().toLowerCase(Locale.ROOT); }

    List<String> words() {
        String colour = word(kind.colour), form = word(kind.form);
        return size == Size.MIDDLE ? List.of(colour, form) : List.of(word(size), colour, form);
    }

    Box box() {
        return new Box((int) Math.floor(x - side / 2), (int) Math.floor(y - side / 2), (int) Math.ceil(x + side / 2),
                (int) Math.ceil(y + side / 2));
    }

    /** Lays the shape over a picture, {@code [3, H, W]}. */
    void draw(float[] pixels, int width, float[] colour) {
        Box box = box();
        int plane = pixels.length / 3;
        for (int row = box.y0(); row < box.y1(); row++) for (int column = box.x0(); column < box.x1(); column++) {
            float covered = covered(column, row);
            for (int c = 0; c < 3; c++) {
                int p = c * plane + row * width + column;
                pixels[p] += covered * (colour[c] - pixels[p]);
            }
        }
    }

    /** The share of a pixel that is inside. */
    private float covered(int column, int row) {
        int inside = 0;
        for (int p = 0; p < POINTS * POINTS; p++) {
            double px = column + (p % POINTS + .5) / POINTS, py = row + (p / POINTS + .5) / POINTS;
            if (kind.form.contains(2 * (px - x) / side, 2 * (py - y) / side)) inside++;
        }
        return (float) inside / (POINTS * POINTS);
    }
}
