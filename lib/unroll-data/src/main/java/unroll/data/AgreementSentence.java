package unroll.data;

import java.util.List;

/**
 * A sentence of the {@link AgreementProbe} up to its verb.
 *
 * @param words      "the", the noun, and what stands between it and the verb
 * @param plural     whether the noun, and so the verb, is plural
 * @param attractors how many nouns in between have the other number
 */
public record AgreementSentence(List<String> words, boolean plural, int attractors) {
    public AgreementSentence {
        words = List.copyOf(words);
    }

    /** How many words stand between noun and verb. */
    public int distance() { return words.size() - 2; }

    public String verb() { return plural ? "were" : "was"; }

    @Override public String toString() { return String.join(" ", words) + " … " + verb(); }
}
