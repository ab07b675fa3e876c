package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A toy spelling: onset, vowel, and one of the endings "", C, Ce, Cer, Cern, Cernal, where C are one or two consonants.
 * How a letter sounds depends on letters to both sides of it:
 *
 * <ul>
 * <li>the vowel is long before "Ce" at the end (pate), short before "C" and "Cern" (pat, patern), as in "father" or
 * "go" where nothing follows (pa, mo), and an unstressed "a" before "Cernal" (paternal);</li>
 * <li>"e" at the end is silent after a consonant that follows a vowel, else said (me);</li>
 * <li>"c" is S before e and i, else K; "h" says nothing of its own in sh, ch, th; "k" nothing after c; "er" is one
 * sound.</li>
 * </ul>
 */
final class RegularSpelling {
    private static final Grammar LETTERS = Grammar.named("regular-spelling");
    /** What letters sound like: one sound of a consonant; the short, long, open and unstressed one of a vowel. */
    private static final Map<String, List<String>> SOUNDS = Stream.of("consonant", "vowel")
            .flatMap(kind -> LETTERS.alternatives(kind).stream())
            .collect(Collectors.toMap(row -> row.get(0), row -> row.subList(1, row.size())));
    private static final int SHORT = 0, LONG = 1, OPEN = 2, UNSTRESSED = 3;
    private static final String VOWELS = "aeiou";

    private RegularSpelling() {
    }

    /** All words, sorted by onset, vowel and ending. */
    static List<String> words() {
        Set<String> words = new LinkedHashSet<>();
        for (String onset : LETTERS.words("onset"))
            for (int v = 0; v < VOWELS.length(); v++) {
                String start = onset + VOWELS.charAt(v);
                words.add(start);
                for (String coda : LETTERS.words("coda")) words.add(start + coda);
                for (String coda : LETTERS.words("silent-e-coda"))
                    for (String end : List.of("e", "er", "ern", "ernal")) words.add(start + coda + end);
            }
        return List.copyOf(words);
    }

    /** How a word of {@link #words()} is said, with stress. */
    static List<String> phonemes(String word) {
        int v = 0;
        while (VOWELS.indexOf(word.charAt(v)) < 0) v++;
        int end = v + 1;                                                   // behind the consonants after the vowel
        while (end < word.length() && VOWELS.indexOf(word.charAt(end)) < 0) end++;
        String vowel = word.substring(v, v + 1), coda = word.substring(v + 1, end), ending = word.substring(end);
        List<String> sounds = new ArrayList<>();
        consonants(word.substring(0, v), vowel, sounds);
        sounds.add(SOUNDS.get(vowel).get(switch (ending) {
            case "" -> coda.isEmpty() ? OPEN : SHORT;
            case "e", "er" -> LONG;
            case "ern" -> SHORT;
            default -> UNSTRESSED;
        }));
        consonants(coda, ending, sounds);
        sounds.addAll(switch (ending) {
            case "er" -> List.of("ER0");
            case "ern" -> List.of("ER0", "N");
            case "ernal" -> List.of("ER1", "N", "AH0", "L");
            default -> List.of();
        });
        return sounds;
    }

    private static void consonants(String letters, String next, List<String> sounds) {
        for (int i = 0; i < letters.length();) {
            String pair = letters.substring(i, Math.min(i + 2, letters.length())),
                    after = letters.substring(i + 1) + next;
            String sounding = SOUNDS.containsKey(pair) ? pair : pair.substring(0, 1);
            boolean soft = after.startsWith("e") || after.startsWith("i");
            sounds.add(sounding.equals("c") ? soft ? "S" : "K" : SOUNDS.get(sounding).get(0));
            i += sounding.length();
        }
    }
}
