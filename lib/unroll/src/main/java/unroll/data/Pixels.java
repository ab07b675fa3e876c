package unroll.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

import unroll.tensor.Tensor;

/** The pixels of a decoded picture as floats. */
final class Pixels {
    private static final float RED = .299f, GREEN = .587f, BLUE = .114f;

    private Pixels() {
    }

    static Tensor tensor(BufferedImage image, boolean colour) {
        int width = image.getWidth(), height = image.getHeight(), n = width * height;
        float[] values = new float[Math.multiplyExact(colour ? 3 : 1, n)];
        float[] rows = new float[3 * width];
        ColorModel model = image.getColorModel();
        boolean grey = model instanceof ComponentColorModel && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        for (int y = 0; y < height; y++) {
            if (grey) stored(image, y, rows, width);
            else converted(image, y, rows, width);
            if (colour) for (int c = 0; c < 3; c++) System.arraycopy(rows, c * width, values, c * n + y * width, width);
            else if (grey) System.arraycopy(rows, 0, values, y * width, width);
            else for (int x = 0; x < width; x++) values[y * width + x] = RED * rows[x] + GREEN * rows[width + x] + BLUE * rows[2 * width + x];
        }
        return Tensor.of(values, colour ? 3 : 1, height, width);
    }

    /** A row of red, one of green, one of blue, each on white. */
    private static void converted(BufferedImage image, int y, float[] rows, int width) {
        int[] argb = image.getRGB(0, y, width, 1, null, 0, width);
        for (int x = 0; x < width; x++) {
            int p = argb[x], alpha = p >>> 24;
            for (int c = 0; c < 3; c++) rows[c * width + x] = onWhite((p >>> 16 - 8 * c & 0xff) / 255f, alpha / 255f);
        }
    }

    /** Grey as it is stored: Java takes it for linear light and {@code getRGB} would brighten it, as no other library does. */
    private static void stored(BufferedImage image, int y, float[] rows, int width) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int[] grey = raster.getSamples(0, y, width, 1, 0, (int[]) null);
        int[] alpha = model.hasAlpha() ? raster.getSamples(0, y, width, 1, 1, (int[]) null) : null;
        float most = (1 << model.getComponentSize(0)) - 1, opaque = alpha == null ? 1 : (1 << model.getComponentSize(1)) - 1;
        for (int x = 0; x < width; x++) {
            float v = onWhite(grey[x] / most, alpha == null ? 1 : alpha[x] / opaque);
            rows[x] = v;
            rows[width + x] = v;
            rows[2 * width + x] = v;
        }
    }

    private static float onWhite(float value, float alpha) { return value * alpha + (1 - alpha); }
}
