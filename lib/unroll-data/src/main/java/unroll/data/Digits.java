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
     * The test half of MNIST, 10,000 pictures in the order of the file. Where it is out of reach, as many drawn ones,
     * and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
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
            DrawnDigit.draw(labels[i], rng, pixels, i * PIXELS);
        }
        return new Digits(pixels, labels, "Digits drawn by code, built in.", true);
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
