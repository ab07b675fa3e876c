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
 * The left or the upper digit is named first. The middles of the two are at least twice as far apart along the axis
 * that the caption names as along the other, so the caption is a function of the picture and a written one is right or
 * wrong. Digits are 16 to 18 pixels high on 40 × 40; place, brightness, background and noise vary; the two never
 * overlap. A picture takes 6 kB.
 */
public final class DigitScenes {
    /** Height and width of a picture. */
    public static final int SIDE = 40;

    private static final List<String> NAMES = List.of("zero", "one", "two", "three", "four", "five", "six", "seven",
            "eight", "nine");
    private static final int FEWEST = 2, UNSEEN_PAIRS = 5, SMALLEST = 16, LARGEST = 18;
    private static final double HELD_SHARE = .2, NOISE = .03;

    /** Which stream of random numbers a picture is from. */
    private enum Part {
        CHOICE, TRAINING, HELD_OUT, UNSEEN
    }

    private final Digits pool;
    private final Rng rng;
    private final long seed;
    private final int[][] training, held;                                  // [digit][pictures of the pool]
    // the digit that each never stands beside in training
    private final int[] partner;

    private DigitScenes(Digits pool, long seed) {
        this.pool = pool;
        this.seed = seed;
        rng = Rng.seed(seed);
        Rng choice = rng.split(Part.CHOICE.ordinal());
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

    /** The first {@code n} pictures to train on: {@code [1, 40, 40]}, light digits on dark ground. */
    public List<CaptionedImage> training(int n) {
        return scenes(n, Part.TRAINING);
    }

    /** {@code n} pictures of digits that are in no picture to train on, in the same pairs. */
    public List<CaptionedImage> heldOut(int n) {
        return scenes(n, Part.HELD_OUT);
    }

    /** {@code n} pictures of those digits in pairs that no picture to train on has. */
    public List<CaptionedImage> unseen(int n) {
        return scenes(n, Part.UNSEEN);
    }

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

    private List<CaptionedImage> scenes(int n, Part part) {
        if (n < 1) throw new IllegalArgumentException("DigitScenes: expected at least 1 picture but got " + n);
        List<CaptionedImage> all = new ArrayList<>(n);
        Rng pictures = rng.split(part.ordinal());
        for (int i = 0; i < n; i++) all.add(scene(part, pictures.split(i)));
        return all;
    }

    private CaptionedImage scene(Part part, Rng own) {
        int one = own.nextInt(Digits.CLASSES), other = partner[one];
        while (part != Part.UNSEEN && other == partner[one]) other = own.nextInt(Digits.CLASSES);
        Tensor first = ink(one, part, own), second = ink(other, part, own);
        boolean horizontal = own.nextInt(2) == 0;
        Box a, b;
        do {
            a = place(first, own);
            b = place(second, own);
        } while (horizontal != Relation.of(a, b).map(r -> r == Relation.LEFT_OF || r == Relation.RIGHT_OF)
                .orElse(!horizontal));
        return PlacedObject.captioned(picture(first, a, second, b, own),
                new PlacedObject(0, List.of(NAMES.get(one)), a), new PlacedObject(0, List.of(NAMES.get(other)), b));
    }

    /**
     * One of the pool's pictures of a digit, cut to its ink and 16 to 18 pixels high, or wide where it is wider than
     * high.
     */
    private Tensor ink(int digit, Part part, Rng own) {
        int[] pictures = part == Part.TRAINING ? training[digit] : held[digit];
        int chosen = pictures[own.nextInt(pictures.length)];
        Tensor ink = InkBox.cut(pool.picture(chosen), "Digits, picture " + chosen);
        int length = SMALLEST + own.nextInt(LARGEST - SMALLEST + 1), longer = Math.max(ink.size(1), ink.size(2));
        return ImageResize.apply(ink, Math.max(1, ink.size(1) * length / longer),
                Math.max(1, ink.size(2) * length / longer));
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
        float[] noise = own.normal(pixels.length).data();
        for (int p = 0; p < pixels.length; p++)
            pixels[p] = (float) Math.max(0, Math.min(1, pixels[p] + NOISE * noise[p]));
        return Tensor.of(pixels, 1, SIDE, SIDE);
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
