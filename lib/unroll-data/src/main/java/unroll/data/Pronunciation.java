package unroll.data;

import java.util.List;

import unroll.tensor.Message;

/**
 * A word and one way to say it.
 *
 * @param word     in lower case
 * @param variant  1 for the first way that a dictionary gives, 2, 3, … for others
 * @param phonemes in ARPAbet, vowels perhaps with their stress: {@code P AH0 T ER1 N AH0 L}
 */
public record Pronunciation(String word, int variant, List<String> phonemes) {
    public Pronunciation {
        phonemes = List.copyOf(phonemes);
        if (TextFile.isBlank(word) || phonemes.isEmpty() || variant < 1)
            throw new IllegalArgumentException(
                    Message.of("Pronunciation: expected a word, a variant of at least 1 and a phoneme but got \"" + word
                            + "\", " + variant + " and " + phonemes));
    }

    /** The same without the stress of its vowels. */
    public Pronunciation withoutStress() {
        return new Pronunciation(word, variant,
                phonemes.stream().map(p -> p.replaceAll("[012]$", "").intern()).toList());
    }

    @Override public String toString() {
        return word + (variant > 1 ? "(" + variant + ") " : " ") + String.join(" ", phonemes);
    }
}
