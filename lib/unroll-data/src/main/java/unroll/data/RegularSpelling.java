package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    private static final List<String> ONSETS = List.of("b", "bl", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h",
            "j", "k", "l", "m", "n", "p", "pl", "r", "s", "sh", "st", "t", "th", "tr", "v", "w"),
            CODAS = List.of("b", "c", "ck", "d", "f", "g", "k", "l", "m", "n", "nd", "p", "sh", "st", "t", "th"),
            SILENT_E_CODAS = List.of("b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "t");
    private static final String VOWELS = "aeiou";
    private static final Map<String, String> SHORT = Map.of("a", "AE1", "e", "EH1", "i", "IH1", "o", "AA1", "u", "AH1"),
            LONG = Map.of("a", "EY1", "e", "IY1", "i", "AY1", "o", "OW1", "u", "UW1"),
            OPEN = Map.of("a", "AA1", "e", "IY1", "i", "AY1", "o", "OW1", "u", "UW1"),
            UNSTRESSED = Map.of("a", "AH0", "e", "IH0", "i", "IH0", "o", "AH0", "u", "AH0"),
            CONSONANTS = Map.ofEntries(Map.entry("sh", "SH"), Map.entry("ch", "CH"), Map.entry("th", "TH"),
                    Map.entry("ck", "K"), Map.entry("b", "B"), Map.entry("d", "D"), Map.entry("f", "F"),
                    Map.entry("g", "G"), Map.entry("h", "HH"), Map.entry("j", "JH"), Map.entry("k", "K"),
                    Map.entry("l", "L"), Map.entry("m", "M"), Map.entry("n", "N"), Map.entry("p", "P"),
                    Map.entry("r", "R"), Map.entry("s", "S"), Map.entry("t", "T"), Map.entry("v", "V"),
                    Map.entry("w", "W"));

    private RegularSpelling() {
    }

    /** All words, sorted by onset, vowel and ending. */
    static List<String> words() {
        Set<String> words = new LinkedHashSet<>();
        for (String onset : ONSETS) for (int v = 0; v < VOWELS.length(); v++) {
            String start = onset + VOWELS.charAt(v);
            words.add(start);
            for (String coda : CODAS) words.add(start + coda);
            for (String coda : SILENT_E_CODAS)
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
        sounds.add((switch (ending) {
            case "" -> coda.isEmpty() ? OPEN : SHORT;
            case "e", "er" -> LONG;
            case "ern" -> SHORT;
            default -> UNSTRESSED;
        }).get(vowel));
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
            String pair = letters.substring(i, Math.min(i + 2, letters.length()));
            String one = pair.substring(0, 1), after = letters.substring(i + 1) + next;
            boolean two = pair.length() == 2 && CONSONANTS.containsKey(pair);
            if (two) sounds.add(CONSONANTS.get(pair));
            else if (one.equals("c")) sounds.add(after.startsWith("e") || after.startsWith("i") ? "S" : "K");
            else
                sounds.add(CONSONANTS.get(one));
            i += two ? 2 : 1;
        }
    }
}
