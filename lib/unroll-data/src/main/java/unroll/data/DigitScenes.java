package unroll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Pictures of two digits, each with the one caption that is right: {@code a seven above a three}. The digits are those
 * of a pool, handwritten ones for instance; code only puts two of them on one canvas.
 *
 * <pre>{@code
 * DigitScenes scenes = DigitScenes.of(Digits.mnistTest(), 7);        // or Digits.drawn(10_000, Rng.seed(28))
 * List<CaptionedImage> train = scenes.training(4_000), held = scenes.heldOut(500);   // no digit of the pool is in both
 * List<CaptionedImage> unseen = scenes.unseen(500);                 // pairs that training never has in one picture
 * }</pre>
 *
 * The left or the upper digit is named first. Digits are 16 to 18 pixels high on 40 × 40; place, brightness, background
 * and noise vary. What is {@link #heldOut} is digits of the pool that are in no picture to train on. A picture,
 * {@code [1, 40, 40]}, light on dark ground, takes 6 kB.
 */
public final class DigitScenes extends Scenes {
    /** Height and width of a picture. */
    public static final int SIDE = 40;

    private static final List<String> NAMES = List.of("zero", "one", "two", "three", "four", "five", "six", "seven",
            "eight", "nine");
    private static final int FEWEST = 2, UNSEEN_PAIRS = 5, SMALLEST = 16, LARGEST = 18;
    private static final double HELD_SHARE = .2, NOISE = .03;

    /** Fainter pixels are the smooth edge of a stroke, or dust. */
    private static final double FAINT = .2;

    private final Digits pool;
    private final int[][] training, held;                                  // [digit][pictures of the pool]
    // the digit that each never stands beside in training
    private final int[] partner;

    private DigitScenes(Digits pool, long seed) {
        super(seed);
        this.pool = pool;
        Rng choice = stream(Source.CHOICE);
        int[] order = choice.permutation(pool.size()), digits = choice.permutation(Digits.CLASSES);
        training = new int[Digits.CLASSES][];
        held = new int[Digits.CLASSES][];
        for (int digit = 0; digit < Digits.CLASSES; digit++) {
            int wanted = digit;
            int[] own = Arrays.stream(order).filter(i -> pool.label(i) == wanted).toArray();
            if (own.length < FEWEST)
                throw new IllegalArgumentException(Message.of("DigitScenes: expected at least " + FEWEST
                        + " pictures of each digit but " + pool + " has " + own.length + " of " + NAMES.get(digit)));
            int away = Math.max(1, (int) (HELD_SHARE * own.length));
            held[digit] = Arrays.copyOf(own, away);
            training[digit] = Arrays.copyOfRange(own, away, own.length);
        }
        partner = new int[Digits.CLASSES];
        for (int i = 0; i < 2 * UNSEEN_PAIRS; i++) partner[digits[i]] = digits[i ^ 1];
    }

    /**
     * Scenes of these digits, a fifth of which is kept from training; the seed says which, and which pairs.
     *
     * @throws IllegalArgumentException if the pool has fewer than two pictures of a digit
     */
    public static DigitScenes of(Digits pool, long seed) { return new DigitScenes(pool, seed); }

    /**
     * The pairs that only {@link #unseen(int)} has, five; each digit is in one, and in training beside all others and
     * itself.
     */
    public List<String> unseenPairs() {
        List<String> all = new ArrayList<>();
        for (int digit = 0; digit < Digits.CLASSES; digit++)
            if (digit > partner[digit]) all.add(NAMES.get(digit) + " " + NAMES.get(partner[digit]));
        return all;
    }

    /** All words of the captions. */
    public static List<String> words() {
        List<String> words = new ArrayList<>(List.of("a", "an"));
        words.addAll(NAMES);
        for (Relation relation : List.of(Relation.LEFT_OF, Relation.ABOVE))
            relation.words().stream().filter(w -> !words.contains(w)).forEach(words::add);
        return List.copyOf(words);
    }

    @Override CaptionedImage scene(Source source, Rng own) {
        int one = own.nextInt(Digits.CLASSES), other = partner[one];
        while (source != Source.UNSEEN && other == partner[one]) other = own.nextInt(Digits.CLASSES);
        Tensor first = ink(one, source, own), second = ink(other, source, own);
        boolean horizontal = own.nextInt(2) == 0;
        Box a, b;
        do {
            a = place(first, own);
            b = place(second, own);
        } while (!fit(a, b, horizontal));
        return captioned(picture(first, a, second, b, own), new Placed(0, List.of(NAMES.get(one)), a),
                new Placed(0, List.of(NAMES.get(other)), b));
    }

    /**
     * One of the pool's pictures of a digit, cut to its ink and 16 to 18 pixels high, or wide where it is wider than
     * high.
     */
    private Tensor ink(int digit, Source source, Rng own) {
        int[] pictures = source == Source.TRAINING ? training[digit] : held[digit];
        int chosen = pictures[own.nextInt(pictures.length)];
        Tensor ink = cutToInk(pool.picture(chosen), "Digits, picture " + chosen);
        int length = SMALLEST + own.nextInt(LARGEST - SMALLEST + 1), longer = Math.max(ink.size(1), ink.size(2));
        return ImageTransform
                .resize(Math.max(1, ink.size(1) * length / longer), Math.max(1, ink.size(2) * length / longer))
                .apply(ink);
    }

    /**
     * The part of a picture that has ink, {@code [1, height, width]}.
     *
     * @param name for errors
     * @throws IllegalArgumentException if there is none
     */
    static Tensor cutToInk(double[][] rows, String name) {
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

    private static Box place(Tensor ink, Rng own) {
        int x = own.nextInt(SIDE - ink.size(2) + 1), y = own.nextInt(SIDE - ink.size(1) + 1);
        return new Box(x, y, x + ink.size(2), y + ink.size(1));
    }

    private static Tensor picture(Tensor first, Box a, Tensor second, Box b, Rng own) {
        float[] pixels = new float[SIDE * SIDE];
        Arrays.fill(pixels, (float) (.05 + .15 * own.nextDouble()));
        lay(pixels, first, a, own);
        lay(pixels, second, b, own);
        return noisy(pixels, NOISE, own, 1, SIDE, SIDE);
    }

    private static void lay(float[] pixels, Tensor ink, Box box, Rng own) {
        float light = (float) (.75 + .25 * own.nextDouble());
        for (int i = 0; i < ink.size(); i++) {
            int p = (box.y0() + i / box.width()) * SIDE + box.x0() + i % box.width();
            pixels[p] += ink.data()[i] * (light - pixels[p]);
        }
    }

    @Override public String toString() {
        return "DigitScenes(seed=" + seed + ", unseen=" + unseenPairs() + ", pool=" + pool + ")";
    }
}
