package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import unroll.data.DrawnShape.Colour;
import unroll.data.DrawnShape.Form;
import unroll.data.DrawnShape.Kind;
import unroll.data.DrawnShape.Size;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Generated pictures of two coloured shapes, each with the one caption that is right:
 * {@code a large red circle left of a small blue square}.
 *
 * <pre>{@code
 * ShapeScenes scenes = ShapeScenes.of(7);
 * List<CaptionedImage> train = scenes.training(4_000), held = scenes.heldOut(500);
 * List<CaptionedImage> unseen = scenes.unseen(500);  // each with a colour and a form that training never has together
 * scenes.unseenKinds();  // such as [white circle, red square, blue triangle]
 * }</pre>
 *
 * The larger one is named first, of equally large ones the left or the upper one; one of middle size has no word for
 * it. Sizes of different names differ by three tenths or more. Place, size within its name, shade, background and noise
 * vary. The two are never of the same colour and form. In {@link #unseen} at least one object of each picture has a
 * colour and a form that no picture to train on has together. A picture, {@code [3, side, side]}, red, green and blue,
 * takes 12 kB at 32 × 32.
 */
public final class ShapeScenes extends Scenes {
    private static final int SIDE = 32, LARGEST = 256;
    private static final double NOISE = .02;
    private static final List<Kind> KINDS = kinds();

    private final int side;
    private final List<Kind> seen, unseen;

    private ShapeScenes(long seed, int side) {
        super(seed);
        this.side = side;
        int[] colours = stream(Source.CHOICE).permutation(Colour.values().length);
        List<Kind> held = new ArrayList<>(), rest = new ArrayList<>(KINDS);
        for (Form form : Form.values()) held.add(new Kind(Colour.values()[colours[form.ordinal()]], form));
        rest.removeAll(held);
        unseen = List.copyOf(held);
        seen = List.copyOf(rest);
    }

    private static List<Kind> kinds() {
        List<Kind> all = new ArrayList<>();
        for (Colour colour : Colour.values()) for (Form form : Form.values()) all.add(new Kind(colour, form));
        return List.copyOf(all);
    }

    /** Pictures of 32 × 32 pixels; the seed says which, and what training never has. */
    public static ShapeScenes of(long seed) {
        return of(seed, SIDE);
    }

    /** Pictures of another height and width, 32 to 256; objects grow with them. */
    public static ShapeScenes of(long seed, int side) {
        if (side < SIDE || side > LARGEST)
            throw new IllegalArgumentException(
                    "ShapeScenes: expected a side of " + SIDE + " to " + LARGEST + " pixels but got " + side);
        return new ShapeScenes(seed, side);
    }

    /**
     * The colours and forms that only {@link #unseen(int)} has together, one for each form. Every colour and every form
     * is in training.
     */
    public List<String> unseenKinds() {
        return unseen.stream().map(Kind::toString).toList();
    }

    /** All words of the captions. */
    public static List<String> words() {
        Set<String> words = new LinkedHashSet<>(List.of("a"));
        for (Size size : List.of(Size.SMALL, Size.LARGE)) words.add(DrawnShape.word(size));
        for (Colour colour : Colour.values()) words.add(DrawnShape.word(colour));
        for (Form form : Form.values()) words.add(DrawnShape.word(form));
        for (Relation relation : Relation.values()) words.addAll(relation.words());
        return List.copyOf(words);
    }

    @Override CaptionedImage scene(Source source, Rng own) {
        Kind one = source == Source.UNSEEN ? Grammar.one(unseen, own) : Grammar.one(seen, own), other;
        do {
            other = Grammar.one(source == Source.UNSEEN ? KINDS : seen, own);
        } while (other.equals(one));
        Size first = Grammar.one(List.of(Size.values()), own), second = Grammar.one(List.of(Size.values()), own);
        double sideOne = first.draw(side, own), sideOther = second.draw(side, own);
        boolean horizontal = own.nextInt(2) == 0;
        DrawnShape a, b;
        // the two largest fit at about one place in a hundred
        do {
            a = new DrawnShape(one, first, place(sideOne, own), place(sideOne, own), sideOne);
            b = new DrawnShape(other, second, place(sideOther, own), place(sideOther, own), sideOther);
        } while (!fit(a.box(), b.box(), horizontal));
        return captioned(picture(a, b, own), placed(a), placed(b));
    }

    /** A middle, such that all of the object is inside, half a pixel from the edge at least. */
    private double place(double size, Rng own) {
        return (size + 1) / 2 + (side - size - 1) * own.nextDouble();
    }

    private static Placed placed(DrawnShape shape) {
        return new Placed(shape.size().ordinal(), shape.words(), shape.box());
    }

    private Tensor picture(DrawnShape a, DrawnShape b, Rng own) {
        float[] pixels = new float[3 * side * side];
        int plane = side * side;
        double level = .06 + .18 * own.nextDouble(), right = .06 * (own.nextDouble() - .5),
                down = .06 * (own.nextDouble() - .5);
        for (int c = 0; c < 3; c++) {
            double tint = level + .04 * (own.nextDouble() - .5);
            for (int p = 0; p < plane; p++)
                pixels[c * plane + p] = (float) (tint + right * (p % side) / side + down * (p / side) / side);
        }
        a.draw(pixels, side, a.kind().colour().shade(own));
        b.draw(pixels, side, b.kind().colour().shade(own));
        return noisy(pixels, NOISE, own, 3, side, side);
    }

    @Override public String toString() {
        return "ShapeScenes(seed=" + seed + ", side=" + side + ", unseen=" + unseenKinds() + ")";
    }
}
