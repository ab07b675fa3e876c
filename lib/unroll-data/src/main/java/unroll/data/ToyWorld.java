package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import unroll.tensor.Rng;

/**
 * Sentences about a small world in which it is known which words are alike and which pairs stand in the same relation,
 * to see what word vectors learn.
 *
 * <pre>{@code
 * List<List<String>> sentences = ToyWorld.sentences(20_000, Rng.seed(1));   // the mayor of paris speaks french
 * ToyWorld.categories().get("animal");                                      // [cat, dog, horse, …]
 * ToyWorld.analogies();  // france is to paris as italy is to rome, …
 * ToyWorld.unseen();  // climbing, a form of climb that no sentence has
 * }</pre>
 */
public final class ToyWorld {
    /** {@code a} is to {@code b} as {@code c} is to {@code d}. */
    public record Analogy(String a, String b, String c, String d) {
        @Override public String toString() { return a + " : " + b + " = " + c + " : " + d; }
    }

    private static final Grammar WORLD = Grammar.named("toy-world");

    private ToyWorld() {
    }

    /** Random sentences, a quarter each about countries, people, things and deeds; lower case, without punctuation. */
    public static List<List<String>> sentences(int n, Rng rng) {
        if (n < 1) throw new IllegalArgumentException("ToyWorld: expected at least 1 sentence but got " + n);
        return Stream.generate(() -> sentence(rng)).limit(n).toList();
    }

    private static List<String> sentence(Rng rng) {
        return switch (rng.nextInt(4)) {
            case 0 -> {
                List<String> c = WORLD.draw("country", rng);
                yield Grammar.filled(WORLD.draw("about-country", rng),
                        Map.of("COUNTRY", c.get(0), "CAPITAL", c.get(1), "LANGUAGE", c.get(2), "RIVER", c.get(3)));
            }
            case 1 -> {
                List<String> p = WORLD.draw("pair", rng);
                yield Grammar.filled(WORLD.draw("about-pair", rng),
                        Map.of("HE", p.get(0), "SHE", p.get(1), "PLACE", p.get(2), "THING", p.get(3)));
            }
            case 2 ->
                Grammar.filled(WORLD.draw("about-thing", rng), Map.of("ANIMAL", WORLD.word("<animal>", rng), "FOOD",
                        WORLD.word("<food>", rng), "TOOL", WORLD.word("<tool>", rng)));
            default -> {
                List<String> v = WORLD.draw("verb", rng);
                String verb = v.get(0);
                List<List<String>> forms = WORLD.alternatives("about-verb").stream()
                        .filter(form -> !(form.contains("VERBing") && WORLD.words("without-ing").contains(verb)))
                        .toList();
                yield Grammar.filled(Grammar.one(forms, rng), Map.of("VERB", verb, "VERBs", verb + "s", "VERBed",
                        verb + "ed", "VERBing", verb + "ing", "OBJECT", v.get(1)));
            }
        };
    }

    /** Words of one kind, by the name of the kind. */
    public static Map<String, List<String>> categories() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("country", WORLD.alternatives("country").stream().map(c -> c.get(0)).toList());
        all.put("capital", WORLD.alternatives("country").stream().map(c -> c.get(1)).toList());
        for (String kind : List.of("animal", "food", "tool")) all.put(kind, WORLD.words(kind));
        return all;
    }

    /** All pairs of pairs in the same relation: a country and its capital, two words that differ in gender. */
    public static List<Analogy> analogies() {
        List<Analogy> all = new ArrayList<>();
        for (String relation : List.of("country", "pair"))
            for (List<String> p : WORLD.alternatives(relation))
                for (List<String> q : WORLD.alternatives(relation))
                    if (!p.equals(q)) all.add(new Analogy(p.get(0), p.get(1), q.get(0), q.get(1)));
        return all;
    }

    /** Words that no sentence has, and the forms of the same verb that sentences do have. */
    public static Map<String, List<String>> unseen() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String verb : WORLD.words("without-ing")) all.put(verb + "ing", List.of(verb, verb + "s", verb + "ed"));
        return all;
    }
}
