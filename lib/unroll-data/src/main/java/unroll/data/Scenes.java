package unroll.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import unroll.data.CaptionedImage.NamedBox;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Generated pictures of two objects, each with the one caption that is right. The middles of the two are at least twice
 * as far apart along the axis that the caption names as along the other, so the caption is a function of the picture
 * and a written one is right or wrong. The two never overlap.
 */
public abstract sealed class Scenes permits ShapeScenes, DigitScenes {
    /** Which stream of random numbers a picture is from. */
    enum Source {
        CHOICE, TRAINING, HELD_OUT, UNSEEN
    }

    /** How one object lies to another. */
    enum Relation {
        LEFT_OF("left of"), RIGHT_OF("right of"), ABOVE("above"), BELOW("below");

        /** How many times as far apart middles are along one axis as along the other: nobody can doubt which is meant. */
        private static final double CLEAR = 2;

        private final List<String> words;

        Relation(String words) { this.words = List.of(words.split(" ")); }

        List<String> words() { return words; }

        boolean horizontal() { return this == LEFT_OF || this == RIGHT_OF; }

        /**
         * How {@code a} lies to {@code b}; none where the boxes are not apart along the axis on which their middles
         * differ clearly more.
         */
        static Optional<Relation> of(Box a, Box b) {
            double dx = b.centreX() - a.centreX(), dy = b.centreY() - a.centreY();
            if (Math.abs(dx) >= CLEAR * Math.abs(dy) && (a.x1() <= b.x0() || b.x1() <= a.x0()))
                return Optional.of(dx > 0 ? LEFT_OF : RIGHT_OF);
            if (Math.abs(dy) >= CLEAR * Math.abs(dx) && (a.y1() <= b.y0() || b.y1() <= a.y0()))
                return Optional.of(dy > 0 ? ABOVE : BELOW);
            return Optional.empty();
        }
    }

    /**
     * An object of a picture.
     *
     * @param rank  of two objects that one is named first which has the higher rank; of equal ones the left or upper one
     * @param words what it is called, without an article
     */
    record Placed(int rank, List<String> words, Box box) {
        /** Whether it is named before the other one. */
        boolean first(Placed other) {
            Relation relation = Relation.of(box, other.box).orElseThrow();
            return rank != other.rank ? rank > other.rank : relation == Relation.LEFT_OF || relation == Relation.ABOVE;
        }

        private NamedBox name(List<String> caption) {
            String next = words.get(0);                                    // "one" begins as "won" does
            caption.add("aeiou".indexOf(next.charAt(0)) >= 0 && !next.equals("one") ? "an" : "a");
            caption.addAll(words);
            return new NamedBox(caption.size() - words.size(), caption.size() - 1, box);
        }
    }

    final long seed;
    private final Rng rng;

    Scenes(long seed) {
        this.seed = seed;
        rng = Rng.seed(seed);
    }

    /** The first {@code n} pictures to train on. */
    public final List<CaptionedImage> training(int n) {
        return scenes(n, Source.TRAINING);
    }

    /** {@code n} other pictures of what training has together. */
    public final List<CaptionedImage> heldOut(int n) {
        return scenes(n, Source.HELD_OUT);
    }

    /** {@code n} pictures of what training never has together. */
    public final List<CaptionedImage> unseen(int n) {
        return scenes(n, Source.UNSEEN);
    }

    private List<CaptionedImage> scenes(int n, Source source) {
        if (n < 1)
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": expected at least 1 picture but got " + n));
        List<CaptionedImage> all = new ArrayList<>(n);
        Rng pictures = stream(source);
        for (int i = 0; i < n; i++) all.add(scene(source, pictures.split(i)));
        return all;
    }

    final Rng stream(Source source) { return rng.split(source.ordinal()); }

    abstract CaptionedImage scene(Source source, Rng own);

    /** Whether these two can be in one picture, such that their caption is of this kind. */
    static boolean fit(Box a, Box b, boolean horizontal) {
        return Relation.of(a, b).filter(r -> r.horizontal() == horizontal).isPresent();
    }

    /** The one caption of a picture with these two, in whatever order they are given: {@code a seven above an eight}. */
    static CaptionedImage captioned(Tensor picture, Placed one, Placed other) {
        Placed first = one.first(other) ? one : other, second = first == one ? other : one;
        List<String> words = new ArrayList<>();
        NamedBox a = first.name(words);
        words.addAll(Relation.of(first.box, second.box).orElseThrow().words());
        NamedBox b = second.name(words);
        return new CaptionedImage(picture, words, List.of(a, b));
    }

    /** A picture with noise, its values in 0 .. 1. */
    static Tensor noisy(float[] pixels, double noise, Rng own, int... shape) {
        float[] drawn = own.normal(pixels.length).data();
        for (int p = 0; p < pixels.length; p++)
            pixels[p] = (float) Math.max(0, Math.min(1, pixels[p] + noise * drawn[p]));
        return Tensor.of(pixels, shape);
    }
}
