package unroll.data;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * A step from picture to picture, {@code [C, H, W]}. Steps are joined by {@link #then}; one that is random draws from
 * the generator that is given.
 *
 * <pre>{@code
 * ImageTransform train = resizeShorterSide(72).then(randomCrop(64, 64)).then(randomFlip(0.5)).then(normalize(MEAN, DEVIATION));
 * ImageTransform test = resizeShorterSide(72).then(centreCrop(64, 64)).then(normalize(MEAN, DEVIATION));
 * Tensor x = train.apply(picture, rng), y = test.apply(picture);
 * }</pre>
 */
public final class ImageTransform {
    private final String name;
    private final Step step;

    /** What is done to a picture; the generator is null where nothing random is wanted. */
    @FunctionalInterface
    private interface Step {
        Tensor apply(Tensor image, Rng rng);
    }

    private ImageTransform(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    /** The picture changed; the generator is drawn from by random steps only. */
    public Tensor apply(Tensor image, Rng rng) {
        if (image.rank() != 3 || image.size() == 0)
            throw new ShapeException(this + ": expected a picture of shape [C, H, W] that is not empty but got "
                    + Arrays.toString(image.shape()));
        return step.apply(image, rng);
    }

    /**
     * The picture changed by steps that are not random.
     *
     * @throws IllegalArgumentException if one is
     */
    public Tensor apply(Tensor image) { return apply(image, null); }

    /** This step and then another. */
    public ImageTransform then(ImageTransform next) {
        return new ImageTransform(name + " > " + next.name, (image, rng) -> next.apply(apply(image, rng), rng));
    }

    /**
     * To this size, whatever becomes of the proportions, bilinear: each pixel of the result is the mean of those around
     * its place with weights that fall linearly to 0 within one pixel; where the picture shrinks, within one pixel of the
     * result, so that none of the picture is skipped. The same as PyTorch's bilinear interpolation with
     * {@code antialias} and Pillow's {@code BILINEAR}.
     */
    public static ImageTransform resize(int height, int width) {
        requirePositive("resize", height, width);
        return new ImageTransform("resize(" + height + ", " + width + ")",
                (image, rng) -> resized(image, height, width));
    }

    /** So that the shorter of height and width gets this length and the proportions stay. */
    public static ImageTransform resizeShorterSide(int length) {
        requirePositive("resizeShorterSide", length, length);
        return new ImageTransform("resizeShorterSide(" + length + ")", (image, rng) -> {
            int height = image.size(1), width = image.size(2), shorter = Math.min(height, width);
            return resized(image, scaled(height, length, shorter), scaled(width, length, shorter));
        });
    }

    private static Tensor resized(Tensor image, int height, int width) {
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

    private static int scaled(int side, int length, int shorter) {
        return (int) Math.min(Integer.MAX_VALUE, Math.round((double) side * length / shorter));
    }

    /** The middle of the picture; half a pixel is left to the top and the left. */
    public static ImageTransform centreCrop(int height, int width) {
        requirePositive("centreCrop", height, width);
        String name = "centreCrop(" + height + ", " + width + ")";
        return new ImageTransform(name, (image, rng) -> crop(name, image, height, width, null));
    }

    /** Any part of the picture of this size, each equally likely. */
    public static ImageTransform randomCrop(int height, int width) {
        requirePositive("randomCrop", height, width);
        String name = "randomCrop(" + height + ", " + width + ")";
        return new ImageTransform(name, (image, rng) -> crop(name, image, height, width, requireRng(name, rng)));
    }

    /** Left and right exchanged with this probability. */
    public static ImageTransform randomFlip(double probability) {
        if (!(probability >= 0 && probability <= 1))
            throw new IllegalArgumentException(
                    "ImageTransform: randomFlip expected a probability in [0, 1] but got " + probability);
        String name = "randomFlip(" + probability + ")";
        return new ImageTransform(name,
                (image, rng) -> requireRng(name, rng).nextDouble() < probability ? flipped(image) : image);
    }

    /** (x - mean) / deviation for each channel. */
    public static ImageTransform normalize(double[] mean, double[] deviation) {
        double[] m = mean.clone(), d = deviation.clone();
        if (m.length == 0 || m.length != d.length || !Arrays.stream(m).allMatch(Double::isFinite)
                || !Arrays.stream(d).allMatch(v -> v > 0))
            throw new IllegalArgumentException(
                    Message.of("ImageTransform: normalize expected a finite mean and a deviation above 0 for each "
                            + "channel but got " + Arrays.toString(m) + " and " + Arrays.toString(d)));
        String name = "normalize(" + Arrays.toString(m) + ", " + Arrays.toString(d) + ")";
        return new ImageTransform(name, (image, rng) -> {
            if (image.size(0) != m.length)
                throw new ShapeException(name + ": expected a picture of " + m.length + " channels but got "
                        + Arrays.toString(image.shape()));
            float[] x = image.data(), y = new float[x.length];
            int n = image.size(1) * image.size(2);
            for (int i = 0; i < y.length; i++) y[i] = (float) ((x[i] - m[i / n]) / d[i / n]);
            return Tensor.of(y, image.shape());
        });
    }

    private static void requirePositive(String name, int height, int width) {
        if (height < 1 || width < 1)
            throw new IllegalArgumentException(Message
                    .of("ImageTransform: " + name + " expected sizes of at least 1 but got " + height + " x " + width));
    }

    private static Rng requireRng(String name, Rng rng) {
        if (rng == null)
            throw new IllegalArgumentException(
                    Message.of(name + ": it is random; give it a generator: apply(image, rng)"));
        return rng;
    }

    /** At a random place, or in the middle without a generator. */
    private static Tensor crop(String name, Tensor image, int height, int width, Rng rng) {
        int H = image.size(1), W = image.size(2);
        if (H < height || W < width)
            throw new ShapeException(name + ": the picture is smaller, " + H + " x " + W + "; resize it first");
        int top = rng == null ? (H - height) / 2 : rng.nextInt(H - height + 1),
                left = rng == null ? (W - width) / 2 : rng.nextInt(W - width + 1);
        float[] x = image.data(), y = new float[image.size(0) * height * width];
        for (int c = 0, to = 0; c < image.size(0); c++)
            for (int i = 0; i < height; i++, to += width)
                System.arraycopy(x, (c * H + top + i) * W + left, y, to, width);
        return Tensor.of(y, image.size(0), height, width);
    }

    private static Tensor flipped(Tensor image) {
        int width = image.size(2);
        float[] x = image.data(), y = new float[x.length];
        for (int row = 0; row < y.length; row += width)
            for (int j = 0; j < width; j++) y[row + j] = x[row + width - 1 - j];
        return Tensor.of(y, image.shape());
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

    @Override public String toString() { return name; }
}
