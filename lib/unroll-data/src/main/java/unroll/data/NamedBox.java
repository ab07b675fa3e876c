package unroll.data;

import java.util.Objects;

/**
 * An object of a picture, where it is and by which words the caption names it.
 *
 * @param firstWord the position of the first of these words in the caption, from 0; articles do not count
 * @param lastWord  the position of the last one
 * @param box       the pixels that hold the object
 */
public record NamedBox(int firstWord, int lastWord, Box box) {
    public NamedBox {
        Objects.requireNonNull(box, "box");
        if (firstWord < 0 || lastWord < firstWord)
            throw new IllegalArgumentException(
                    "NamedBox: expected words 0 <= first <= last but got " + firstWord + " to " + lastWord);
    }

    /** Whether the word at this position of the caption names the object. */
    public boolean names(int word) {
        return word >= firstWord && word <= lastWord;
    }
}
