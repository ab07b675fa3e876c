package unroll.data;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * A window that slides over the letters of a word, as the input of NetTalk (Sejnowski and Rosenberg 1987): each letter
 * with its neighbours.
 *
 * <pre>{@code
 * var seven = new LetterWindows(7);
 * seven.of("pat");                                       // [___pat_, __pat__, _pat___]
 * seven.oneHot(seven.of("pat"));                         // [3, 7 · 27]
 * }</pre>
 *
 * @param width the number of letters seen at once, odd
 */
public record LetterWindows(int width) {
    /** Stands for what lies beyond the ends of the word. */
    public static final char BLANK = '_';
    /** a to z and {@link #BLANK}. */
    public static final int SYMBOLS = 27;

    public LetterWindows {
        if (width < 1 || width % 2 == 0)
            throw new IllegalArgumentException("LetterWindows: expected an odd width of at least 1 but got " + width);
    }

    /** A window for each letter, that letter in the middle. The word has the letters a to z. */
    public List<String> of(String word) {
        if (!word.matches("[a-z]+"))
            throw new IllegalArgumentException(
                    Message.of("LetterWindows: expected a word of letters a to z but got " + Message.quoted(word)));
        String blanks = String.valueOf(BLANK).repeat(width / 2), padded = blanks + word + blanks;
        List<String> windows = new ArrayList<>();
        for (int i = 0; i < word.length(); i++) windows.add(padded.substring(i, i + width));
        return windows;
    }

    /** Each letter of each window as 1-of-27, side by side: {@code [windows, 27 · width]}. */
    public Tensor oneHot(List<String> windows) {
        float[] ones = Shape.room("LetterWindows", new int[] {windows.size(), width, SYMBOLS});
        for (int w = 0; w < windows.size(); w++) {
            String window = windows.get(w);
            if (window.length() != width || !window.matches("[a-z_]+"))
                throw new IllegalArgumentException(Message.of(this + ": expected windows of " + width
                        + " letters a to z or " + BLANK + " but got " + Message.quoted(window)));
            for (int i = 0; i < width; i++) {
                char c = window.charAt(i);
                ones[(w * width + i) * SYMBOLS + (c == BLANK ? SYMBOLS - 1 : c - 'a')] = 1;
            }
        }
        return Tensor.of(ones, windows.size(), width * SYMBOLS);
    }
}
