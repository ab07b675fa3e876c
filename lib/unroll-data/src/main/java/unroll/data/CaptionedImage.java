package unroll.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * A picture and a sentence that says what is in it.
 *
 * @param picture {@code [C, H, W]}, rows from the top; values in 0 .. 1 unless they were transformed
 * @param words   the caption, at least one word, without marks for start and end
 * @param boxes   where the objects are that the caption names, in its order; empty where nobody knows, as for
 *     photographs
 */
public record CaptionedImage(Tensor picture, List<String> words, List<NamedBox> boxes) {
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

    public CaptionedImage {
        words = List.copyOf(words);
        boxes = List.copyOf(boxes);
        if (picture.rank() != 3 || picture.size() == 0)
            throw new ShapeException("CaptionedImage: expected a picture of shape [C, H, W] that is not empty but got "
                    + Arrays.toString(picture.shape()));
        if (words.isEmpty())
            throw new IllegalArgumentException("CaptionedImage: expected a caption of at least one word but got none");
        for (NamedBox named : boxes)
            if (named.lastWord() >= words.size() || named.box().x1() > picture.size(2)
                    || named.box().y1() > picture.size(1))
                throw new IllegalArgumentException(Message.of("CaptionedImage: " + named + " lies beyond the "
                        + words.size() + " words or the picture of shape " + Arrays.toString(picture.shape())));
    }

    /** The caption as one string. */
    public String text() { return String.join(" ", words); }

    @Override public String toString() {
        return "CaptionedImage(" + text() + ", " + Arrays.toString(picture.shape()) + ")";
    }
}
