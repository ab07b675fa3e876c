package unroll.data;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Tensor;

/**
 * An object of a generated picture.
 *
 * @param rank  of two objects that one is named first which has the higher rank; of equal ones the left or the upper
 *     one
 * @param words what it is called, without an article
 */
record PlacedObject(int rank, List<String> words, Box box) {
    /**
     * The one caption of a picture with these two, in whatever order they are given: {@code a seven above an eight}.
     */
    static CaptionedImage captioned(Tensor picture, PlacedObject one, PlacedObject other) {
        boolean inOrder = one.rank != other.rank ? one.rank > other.rank : Relation.first(one.box, other.box);
        PlacedObject first = inOrder ? one : other, second = inOrder ? other : one;
        List<String> words = new ArrayList<>();
        NamedBox a = first.name(words);
        words.addAll(Relation.of(first.box, second.box).orElseThrow().words());
        NamedBox b = second.name(words);
        return new CaptionedImage(picture, words, List.of(a, b));
    }

    private NamedBox name(List<String> caption) {
        String next = words.get(0);                                        // "one" begins as "won" does
        caption.add("aeiou".indexOf(next.charAt(0)) >= 0 && !next.equals("one") ? "an" : "a");
        caption.addAll(words);
        return new NamedBox(caption.size() - words.size(), caption.size() - 1, box);
    }
}
