package unroll.model;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;

/**
 * A word and what each of its letters says: {@link #SILENT}, a phoneme, or two with a blank in between.
 *
 * <pre>{@code
 * new AlignedWord("taxes", List.of("T", "AE", "K S", "AH", "Z")).phonemes();   // [T, AE, K, S, AH, Z]
 * }</pre>
 *
 * @param word   its letters
 * @param sounds one a letter
 */
public record AlignedWord(String word, List<String> sounds) {
    /** What a letter says that says nothing. */
    public static final String SILENT = "-";

    public AlignedWord {
        sounds = List.copyOf(sounds);
        if (word.codePointCount(0, word.length()) != sounds.size())
            throw new IllegalArgumentException(
                    Message.of("AlignedWord: expected a sound for each letter of \"" + word + "\" but got " + sounds));
    }

    /** How the word is said. */
    public List<String> phonemes() { return phonemes(sounds); }

    /** The phonemes of any sounds of letters, in order, without the silent ones. */
    public static List<String> phonemes(List<String> sounds) {
        List<String> all = new ArrayList<>();
        for (String sound : sounds) if (!sound.equals(SILENT)) all.addAll(List.of(sound.split(" ")));
        return all;
    }

    /** The sounds under their letters: {@code p:P a:EY t:T e:-}. */
    @Override public String toString() {
        StringBuilder text = new StringBuilder();
        int[] letters = word.codePoints().toArray();
        for (int i = 0; i < letters.length; i++)
            text.append(i == 0 ? "" : " ").appendCodePoint(letters[i]).append(':')
                    .append(sounds.get(i).replace(' ', '+'));
        return text.toString();
    }
}
