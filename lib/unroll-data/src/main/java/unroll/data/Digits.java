package unroll.data;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.LabelledBatch;

/**
 * Pictures of the digits 0 to 9, 28 × 28 grey values: MNIST (LeCun et al. 1998), or shapes that are drawn by code.
 *
 * <pre>{@code
 * Digits all = Digits.mnistTest();  // real where it can be had, else drawn; all.source() says which
 * Digits train = all.part(0, 8_000), held = all.part(8_000, 10_000);
 * // inputs: [28, 50, 28], one row of the picture a step; labels: [50]
 * Batches<LabelledBatch> batches = train.batches(50, Rng.seed(1));
 * }</pre>
 */
public final class Digits {
    /** Height and width of a picture. */
    public static final int SIDE = 28;
    public static final int CLASSES = 10;

    private static final int PIXELS = SIDE * SIDE, DRAWN = 10_000, DRAWN_SEED = 28;
    private static final String SET = "mnist", IMAGES = "t10k-images-idx3-ubyte.gz",
            LABELS = "t10k-labels-idx1-ubyte.gz";

    /** Corners (x, y) of the strokes of each digit in a box of width 4 and height 6, y downwards. */
    private static final double[][] STROKES = {{1, 0, 3, 0, 4, 2, 4, 4, 3, 6, 1, 6, 0, 4, 0, 2, 1, 0},
            {1, 1.5, 2.5, 0, 2.5, 6}, {0, 1.2, 1, 0, 3, 0, 4, 1.2, 3.6, 2.6, 0, 6, 4, 6},
            {0, 0.6, 1.5, 0, 3.5, 0.5, 3.6, 2, 1.8, 2.9, 3.8, 3.8, 3.8, 5.2, 2, 6, 0, 5.3}, {3, 6, 3, 0, 0, 4, 4, 4},
            {3.8, 0, 0.5, 0, 0.3, 2.6, 2.5, 2.3, 4, 3.6, 3.5, 5.5, 1.8, 6, 0, 5.4},
            {3, 0, 1, 1.5, 0, 4, 1, 6, 3, 6, 3.9, 4.6, 3, 3, 1, 3, 0, 4}, {0, 0, 4, 0, 1.5, 6},
            {2, 2.8, 0.4, 1.6, 1, 0, 3, 0, 3.6, 1.6, 2, 2.8, 0, 4.4, 1, 6, 3, 6, 4, 4.4, 2, 2.8},
            {4, 2, 3, 3, 1, 3, 0, 1.6, 1, 0, 3, 0, 4, 1.6, 3.8, 4, 2.6, 6}};

    // unsigned, one picture after the other, row by row
    private final byte[] pixels;
    private final byte[] labels;
    private final String source;
    private final boolean builtIn;

    private Digits(byte[] pixels, byte[] labels, String source, boolean builtIn) {
        this.pixels = pixels;
        this.labels = labels;
        this.source = source;
        this.builtIn = builtIn;
    }

    /**
     * The test half of MNIST, 10,000 pictures in the order of the file; where it is out of reach, as many drawn ones.
     */
    public static Digits mnistTest() { return mnistTest(Catalogue.standard()); }

    static Digits mnistTest(Catalogue catalogue) {
        return catalogue.orStandIn(SET,
                set -> of(IdxFile.read(new ByteArrayInputStream(catalogue.bytes(SET, IMAGES)), IMAGES),
                        IdxFile.read(new ByteArrayInputStream(catalogue.bytes(SET, LABELS)), LABELS),
                        set.title() + ", test half; licence: " + set.licence() + "."),
                why -> {
                    Digits drawn = drawn(DRAWN, Rng.seed(DRAWN_SEED));
                    return new Digits(drawn.pixels, drawn.labels, drawn.source + " They stand in for " + SET + why,
                            true);
                });
    }

    static Digits of(IdxFile images, IdxFile labels, String source) {
        int[] shape = images.shape();
        if (shape.length != 3 || shape[1] != SIDE || shape[2] != SIDE
                || !Arrays.equals(labels.shape(), new int[] {shape[0]}))
            throw new DatasetException(Reason.UNREADABLE, "Digits: expected pictures [n, 28, 28] and n labels but got "
                    + Arrays.toString(shape) + " and " + Arrays.toString(labels.shape()));
        for (byte label : labels.values())
            if (label < 0 || label >= CLASSES)
                throw new DatasetException(Reason.UNREADABLE,
                        "Digits: expected labels in 0 to 9 but got " + (label & 0xff));
        return new Digits(images.values(), labels.values(), source, false);
    }

    /**
     * Digits that code draws: lines and arcs, moved, slanted, stretched, of several widths. Much easier than
     * handwriting.
     */
    public static Digits drawn(int n, Rng rng) {
        if (n < 1) throw new IllegalArgumentException("Digits: expected at least 1 picture but got " + n);
        byte[] pixels = new byte[Shape.size("Digits", new int[] {n, PIXELS})], labels = new byte[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (byte) rng.nextInt(CLASSES);
            draw(labels[i], rng, pixels, i * PIXELS);
        }
        return new Digits(pixels, labels, "Digits drawn by code, built in.", true);
    }

    /** Writes the grey values of a digit, a chain of straight strokes, to {@code pixels[from ..]}. */
    private static void draw(int digit, Rng rng, byte[] pixels, int from) {
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
        for (int p = 0; p < PIXELS; p++) {
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

    /** The pictures {@code from} .. {@code to - 1}. */
    public Digits part(int from, int to) {
        if (from < 0 || to > size() || from >= to)
            throw new IndexOutOfBoundsException("Digits: part " + from + " to " + to + " of " + size() + " pictures");
        return new Digits(Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS), Arrays.copyOfRange(labels, from, to),
                source, builtIn);
    }

    public int size() { return labels.length; }

    public int label(int i) { return labels[i]; }

    /** Grey values in 0 .. 1, row by row from the top. */
    public double[][] picture(int i) {
        double[][] rows = new double[SIDE][SIDE];
        for (int p = 0; p < PIXELS; p++) rows[p / SIDE][p % SIDE] = (pixels[i * PIXELS + p] & 0xff) / 255.0;
        return rows;
    }

    /** Where they come from, and under which licence. */
    public String source() { return source; }

    /** Whether they were drawn by code. */
    public boolean builtIn() { return builtIn; }

    /** Some pictures as sequences of 28 rows, values in 0 .. 1. */
    public LabelledBatch rows(int... pictures) {
        int B = pictures.length;
        float[] x = new float[PIXELS * B];
        int[] y = new int[B];
        for (int b = 0; b < B; b++) {
            Interrupts.check("Digits", b);
            y[b] = labels[pictures[b]];
            for (int p = 0; p < PIXELS; p++)
                x[(p / SIDE * B + b) * SIDE + p % SIDE] = (pixels[pictures[b] * PIXELS + p] & 0xff) / 255f;
        }
        return new LabelledBatch(Tensor.of(x, SIDE, B, SIDE), Lengths.full(SIDE, B), IntTensor.of(y, B));
    }

    /** All of them in one batch. */
    public LabelledBatch rows() { return rows(IntStream.range(0, size()).toArray()); }

    /** Batches of rows, in another order each epoch. */
    public Batches<LabelledBatch> batches(int batchSize, Rng rng) {
        return Batches.shuffled(size(), batchSize, rng, this::rows);
    }

    @Override public String toString() { return "Digits(" + size() + " pictures; " + source + ")"; }
}
