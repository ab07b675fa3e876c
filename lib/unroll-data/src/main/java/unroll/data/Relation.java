package unroll.data;

import java.util.List;
import java.util.Optional;

/** How one object of a generated picture lies to another. */
enum Relation {
    LEFT_OF("left of"), RIGHT_OF("right of"), ABOVE("above"), BELOW("below");

    /**
     * Middles are so many times as far apart along one axis as along the other: nobody can doubt which relation is
     * meant.
     */
    private static final double CLEAR = 2;

    private final List<String> words;

    Relation(String words) { this.words = List.of(words.split(" ")); }

    List<String> words() { return words; }

    /**
     * How {@code a} lies to {@code b}; none where the boxes are not apart along the axis on which their middles differ
     * clearly more.
     */
    static Optional<Relation> of(Box a, Box b) {
        double dx = b.centreX() - a.centreX(), dy = b.centreY() - a.centreY();
        if (Math.abs(dx) >= CLEAR * Math.abs(dy) && (a.x1() <= b.x0() || b.x1() <= a.x0()))
            return Optional.of(dx > 0 ? LEFT_OF : RIGHT_OF);
        if (Math.abs(dy) >= CLEAR * Math.abs(dx) && (a.y1() <= b.y0() || b.y1() <= a.y0()))
            return Optional.of(dy > 0 ? ABOVE : BELOW);
        return Optional.empty();
    }

    /** Whether {@code a} comes first where both would do: it is the left or the upper one. */
    static boolean first(Box a, Box b) {
        Relation relation = of(a, b).orElseThrow();
        return relation == LEFT_OF || relation == ABOVE;
    }
}
