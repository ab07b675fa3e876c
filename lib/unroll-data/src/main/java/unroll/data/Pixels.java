package unroll.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/** The pixels of a decoded picture as floats. */
final class Pixels {
    private static final float RED = .299f, GREEN = .587f, BLUE = .114f;

    private Pixels() {
    }

    /** @param orientation how the picture lies, 1 to 8 as in EXIF; the tensor is upright */
    static Tensor tensor(BufferedImage image, boolean colour, int orientation) {
        int width = image.getWidth(), height = image.getHeight();
        int n = Shape.size("Images", new int[] {height, width});
        float[] values = Shape.room("Images", new int[] {colour ? 3 : 1, height, width});
        float[] rows = new float[3 * width];
        ColorModel model = image.getColorModel();
        int type = model.getColorSpace().getType();
        boolean grey = model instanceof ComponentColorModel && type == ColorSpace.TYPE_GRAY;
        boolean stored = grey || model instanceof ComponentColorModel && type == ColorSpace.TYPE_RGB;
        // where column 0 lies, in a row or among the rows
        boolean right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        // where row 0 lies
        boolean bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean turned = orientation > 4;                                  // rows become columns
        int stepX = turned ? height : 1, stepY = turned ? 1 : width;
        for (int y = 0; y < height; y++) {
            if (stored) stored(image, y, rows, width);
            else
                converted(image, y, rows, width);
            int row = (bottom ? height - 1 - y : y) * stepY;
            for (int x = 0; x < width; x++) {
                int at = row + (right ? width - 1 - x : x) * stepX;
                if (colour) for (int c = 0; c < 3; c++) values[c * n + at] = rows[c * width + x];
                else if (grey) values[at] = rows[x];
                else
                    values[at] = RED * rows[x] + GREEN * rows[width + x] + BLUE * rows[2 * width + x];
            }
        }
        return Tensor.of(values, colour ? 3 : 1, turned ? width : height, turned ? height : width);
    }

    /** A row of red, one of green, one of blue, each on white: of palettes and packed pixels. */
    private static void converted(BufferedImage image, int y, float[] rows, int width) {
        int[] argb = image.getRGB(0, y, width, 1, null, 0, width);
        for (int x = 0; x < width; x++) {
            int p = argb[x], alpha = p >>> 24;
            for (int c = 0; c < 3; c++) rows[c * width + x] = onWhite((p >>> 16 - 8 * c & 0xff) / 255f, alpha / 255f);
        }
    }

    /**
     * The same as the file has it, of 8 or 16 bits: {@code getRGB} would round to 8, take grey for linear light and
     * brighten it, and convert by a colour profile, as other libraries do not.
     */
    private static void stored(BufferedImage image, int y, float[] rows, int width) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int colours = model.getNumColorComponents();
        int[] alpha = model.hasAlpha() ? raster.getSamples(0, y, width, 1, colours, (int[]) null) : null,
                samples = null;
        float opaque = alpha == null ? 1 : (1 << model.getComponentSize(colours)) - 1;
        for (int c = 0; c < 3; c++) {
            if (c < colours) samples = raster.getSamples(0, y, width, 1, c, samples);
            float most = (1 << model.getComponentSize(Math.min(c, colours - 1))) - 1;
            for (int x = 0; x < width; x++)
                rows[c * width + x] = onWhite(samples[x] / most, alpha == null ? 1 : alpha[x] / opaque);
        }
    }

    private static float onWhite(float value, float alpha) { return value * alpha + (1 - alpha); }
}
