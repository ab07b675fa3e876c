package unroll.data;

import unroll.tensor.Message;
import unroll.tensor.Tensor;

/** Cuts a picture of light ink on black to the smallest rectangle that holds the ink. */
final class InkBox {
    /** Fainter pixels are the smooth edge of a stroke, or dust. */
    private static final double FAINT = .2;

    private InkBox() {
    }

    /**
     * The part of a picture that has ink, {@code [1, height, width]}.
     *
     * @param name for errors
     * @throws IllegalArgumentException if there is none
     */
    static Tensor cut(double[][] rows, String name) {
        int x0 = Integer.MAX_VALUE, y0 = Integer.MAX_VALUE, x1 = 0, y1 = 0;
        for (int y = 0; y < rows.length; y++)
            for (int x = 0; x < rows[y].length; x++) {
                if (rows[y][x] < FAINT) continue;
                x0 = Math.min(x0, x);
                y0 = Math.min(y0, y);
                x1 = Math.max(x1, x + 1);
                y1 = y + 1;
            }
        if (x1 == 0)
            throw new IllegalArgumentException(Message.of(name + ": there is no ink in it; leave it out of the pool"));
        float[] ink = new float[(x1 - x0) * (y1 - y0)];
        for (int i = 0; i < ink.length; i++) ink[i] = (float) rows[y0 + i / (x1 - x0)][x0 + i % (x1 - x0)];
        return Tensor.of(ink, 1, y1 - y0, x1 - x0);
    }
}
