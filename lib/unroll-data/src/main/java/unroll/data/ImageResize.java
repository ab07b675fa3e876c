package unroll.data;

import unroll.tensor.Interrupts;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * Bilinear resizing. Each pixel of the result is the mean of those around its place with weights that fall linearly to
 * 0 within one pixel; where the picture shrinks, within one pixel of the result, so that none of the picture is
 * skipped. The same as PyTorch's bilinear interpolation with {@code antialias} and Pillow's {@code BILINEAR}.
 */
final class ImageResize {
    private ImageResize() {
    }

    /** @param image {@code [C, H, W]} */
    static Tensor apply(Tensor image, int height, int width) {
        int C = image.size(0), H = image.size(1), W = image.size(2);
        if ((long) C * height * Math.max(width, W) > Integer.MAX_VALUE - 8)
            throw new IllegalArgumentException(
                    "ImageTransform: resize to " + height + " x " + width + " gives more numbers than one array holds");
        if (H == height && W == width) return image;
        float[] shorter = Shape.room("resize", new int[] {C, height, W}),
                y = Shape.room("resize", new int[] {C, height, width});
        Taps rows = new Taps(H, height), columns = new Taps(W, width);
        float[] x = image.data();
        for (int c = 0; c < C; c++)
            for (int i = 0; i < height; i++)
                for (int t = 0; t < rows.weights[i].length; t++)
                    addTimes(shorter, (c * height + i) * W, x, (c * H + rows.first[i] + t) * W, W, rows.weights[i][t]);
        for (int r = 0; r < C * height; r++)
            for (int j = 0; j < width; j++) {
                Interrupts.check("ImageResize", j);
                double sum = 0;
                for (int t = 0; t < columns.weights[j].length; t++)
                    sum += columns.weights[j][t] * shorter[r * W + columns.first[j] + t];
                y[r * width + j] = (float) sum;
            }
        return Tensor.of(y, C, height, width);
    }

    private static void addTimes(float[] to, int at, float[] from, int start, int count, float by) {
        for (int j = 0; j < count; j++) to[at + j] += by * from[start + j];
    }

    /**
     * For each place of the result, along one axis: the first pixel that counts, and the weights of those from there
     * on; they add up to 1.
     */
    private static final class Taps {
        final int[] first;
        final float[][] weights;

        Taps(int from, int to) {
            first = new int[to];
            weights = new float[to][];
            double scale = (double) from / to, reach = Math.max(1, scale);
            for (int i = 0; i < to; i++) {
                double centre = (i + .5) * scale;                          // pixel p lies around p + 0.5
                int start = Math.max(0, (int) (centre - reach + .5)), end = Math.min(from, (int) (centre + reach + .5));
                double[] w = new double[end - start];
                double sum = 0;
                for (int p = start; p < end; p++)
                    sum += w[p - start] = Math.max(0, 1 - Math.abs(p + .5 - centre) / reach);
                first[i] = start;
                weights[i] = new float[w.length];
                for (int p = 0; p < w.length; p++) weights[i][p] = (float) (w[p] / sum);
            }
        }
    }
}
