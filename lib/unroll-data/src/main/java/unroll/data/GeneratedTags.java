package unroll.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import unroll.tensor.Rng;

/**
 * Tagged sentences drawn from a grammar, {@code word/TAG}, in which the word alone does not tell its tag.
 *
 * @param train       for training
 * @param held        for validation and test
 * @param defaultTag of words without one
 */
record GeneratedTags(Grammar train, Grammar held, String defaultTag) {
    /** Parts of speech: the old man the boat, the old man left the boat. */
    static GeneratedTags partsOfSpeech() {
        Grammar grammar = Grammar.named("parts-of-speech");
        return new GeneratedTags(grammar, grammar, "");
    }

    /**
     * Persons, places and organisations. Besides a few common names there are rare ones, put together from two syllables
     * (Ashford, Thornby). Half of these are for training; validation and test draw from all, so that they have names
     * which no model has seen, as the task of WNUT 2017 wants it.
     */
    static GeneratedTags names() { return new GeneratedTags(names(false), names(true), "O"); }

    /** Parts without a sentence in common; those of the lectures come first in the test part. */
    Split<TaggedSentence> split(int training, int each, Rng rng) {
        List<List<String>> lecture = train.alternatives("lecture");
        Set<List<String>> known = new HashSet<>(lecture);
        List<List<String>> first = train.drawDistinct("sentence", training, known, rng),
                second = held.drawDistinct("sentence", each, known, rng), third = new ArrayList<>(lecture);
        third.addAll(held.drawDistinct("sentence", each - lecture.size(), known, rng));
        return new Split<>(all(first), all(second), all(third));
    }

    private List<TaggedSentence> all(List<List<String>> sentences) {
        return sentences.stream().map(this::tagged).toList();
    }

    private TaggedSentence tagged(List<String> pairs) {
        List<String> words = new ArrayList<>(), tags = new ArrayList<>();
        for (String pair : pairs) {
            int slash = pair.lastIndexOf('/');
            words.add(slash < 0 ? pair : pair.substring(0, slash));
            tags.add(slash < 0 ? defaultTag : pair.substring(slash + 1));
        }
        return new TaggedSentence(words, tags);
    }

    private static Grammar names(boolean unseenToo) {
        Grammar parts = Grammar.named("name-parts");
        List<String> none = List.of(), first = parts.words("first"), town = parts.words("town"),
                shared = parts.words("shared");
        List<String> surnames = names(none, "surname-end", parts, unseenToo);
        return Grammar.parse(Grammar.text("names")
                + rule("first", "B-person", names(first, "first-end", parts, unseenToo))
                + rule("last", "I-person", surnames)
                + rule("lastalone", "B-person", surnames)
                + rule("either-person", "B-person", shared)
                + rule("town", "B-location", town)
                + rule("rare-town", "B-location", names(none, "town-end", parts, unseenToo))
                + rule("new-town", "I-location", names(parts.words("new-town"), "town-end", parts, unseenToo))
                + rule("either-place", "B-location", shared)
                + rule("firm", "B-organisation", parts.words("firm"))
                + rule("rare-firm", "B-organisation", names(none, "firm-end", parts, unseenToo))
                + rule("firm-kind", "I-organisation", parts.words("firm-kind"))
                + rule("either-firm", "B-organisation", shared)
                + rule("of-town", "I-organisation", town)
                + rule("town-of-school", "B-organisation", names(town, "town-end", parts, unseenToo)));
    }

    private static String rule(String name, String tag, List<String> words) {
        return name + " = " + String.join(" | ", words.stream().map(word -> word + "/" + tag).toList()) + "\n";
    }

    /** The common names, each as often as all rare ones of one front part; and the rare ones, every second or all. */
    private static List<String> names(List<String> common, String end, Grammar parts, boolean unseenToo) {
        List<String> fronts = parts.words("front"), ends = parts.words(end), all = new ArrayList<>();
        for (String name : common) all.addAll(Collections.nCopies(ends.size(), name));
        for (int f = 0; f < fronts.size(); f++)
            for (int e = 0; e < ends.size(); e++)
                if (unseenToo || (f + e) % 2 == 0) all.add(fronts.get(f) + ends.get(e));
        return all;
    }
}
