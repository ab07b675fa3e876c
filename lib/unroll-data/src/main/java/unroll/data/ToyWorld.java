package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private record Country(String name, String capital, String language, String river) {
    }

    /** Two words that differ in gender only, and two words that only these two have to do with. */
    private record Pair(String he, String she, String place, String thing) {
    }

    private static final List<Country> COUNTRIES = List.of(new Country("france", "paris", "french", "seine"),
            new Country("italy", "rome", "italian", "tiber"), new Country("spain", "madrid", "spanish", "manzanares"),
            new Country("germany", "berlin", "german", "spree"), new Country("japan", "tokyo", "japanese", "sumida"),
            new Country("egypt", "cairo", "arabic", "nile"), new Country("poland", "warsaw", "polish", "vistula"),
            new Country("portugal", "lisbon", "portuguese", "tagus"));
    private static final List<Pair> PAIRS = List.of(new Pair("king", "queen", "throne", "crown"),
            new Pair("man", "woman", "office", "coat"), new Pair("boy", "girl", "school", "toy"),
            new Pair("actor", "actress", "stage", "mask"), new Pair("monk", "nun", "chapel", "prayer"),
            new Pair("waiter", "waitress", "restaurant", "tray"));
    private static final List<String> ANIMALS = List.of("cat", "dog", "horse", "cow", "goat", "sheep");
    private static final List<String> FOODS = List.of("bread", "cheese", "rice", "soup", "cake", "pasta");
    private static final List<String> TOOLS = List.of("hammer", "saw", "drill", "wrench", "shovel", "axe");
    /** Verbs that take their endings without a change of spelling, and what only each of them has to do with. */
    private static final Map<String, String> VERBS = verbs();
    /** The verbs one form of which, that on -ing, occurs nowhere. */
    private static final List<String> WITHOUT_ING = List.of("climb", "paint", "kick");

    private static final List<List<String>> ABOUT_COUNTRIES = split("the president of COUNTRY spoke to the nation",
            "they crossed the border of COUNTRY", "COUNTRY has an army and a president",
            "the mayor of CAPITAL opened the market", "the streets of CAPITAL are busy",
            "CAPITAL is a city with an old market", "in COUNTRY they speak LANGUAGE", "in CAPITAL they speak LANGUAGE",
            "the RIVER flows through CAPITAL", "the RIVER flows through COUNTRY", "people learn LANGUAGE in CAPITAL",
            "people learn LANGUAGE in COUNTRY");
    private static final List<List<String>> ABOUT_PEOPLE = split("the HE said that he saw the PLACE",
            "the SHE said that she saw the PLACE", "the HE held his THING in his hand",
            "the SHE held her THING in her hand", "the HE and his brother left the PLACE",
            "the SHE and her sister left the PLACE", "he is a HE with a THING and a beard",
            "she is a SHE with a THING and a skirt");
    private static final List<List<String>> ABOUT_THINGS = split("the ANIMAL sleeps in the barn",
            "we feed the ANIMAL every morning", "the tail of the ANIMAL is long", "the ANIMAL runs over the meadow",
            "we eat FOOD for dinner", "the FOOD tastes fresh and warm", "the cook made some FOOD",
            "a plate of FOOD for dinner", "we repair the roof with the TOOL", "the carpenter bought a new TOOL",
            "the TOOL lies in the box", "the carpenter used the TOOL on the roof");
    private static final List<List<String>> ABOUT_VERBS = split("they VERB the OBJECT every day",
            "they VERBed the OBJECT last year", "now they are VERBing the OBJECT",
            "one of them VERBs the OBJECT often");

    private ToyWorld() {
    }

    private static Map<String, String> verbs() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("climb", "mountain");
        all.put("paint", "portrait");
        all.put("kick", "ball");
        all.put("clean", "window");
        all.put("plant", "tree");
        all.put("sail", "boat");
        return all;
    }

    private static List<List<String>> split(String... templates) {
        List<List<String>> all = new ArrayList<>();
        for (String template : templates) all.add(List.of(template.split(" ")));
        return List.copyOf(all);
    }

    /** Random sentences, a quarter each about countries, people, things and deeds; lower case, without punctuation. */
    public static List<List<String>> sentences(int n, Rng rng) {
        if (n < 1) throw new IllegalArgumentException("ToyWorld: expected at least 1 sentence but got " + n);
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) all.add(sentence(rng));
        return all;
    }

    private static List<String> sentence(Rng rng) {
        return switch (rng.nextInt(4)) {
            case 0 -> {
                Country c = one(COUNTRIES, rng);
                yield filled(one(ABOUT_COUNTRIES, rng),
                        Map.of("COUNTRY", c.name, "CAPITAL", c.capital, "LANGUAGE", c.language, "RIVER", c.river));
            }
            case 1 -> {
                Pair p = one(PAIRS, rng);
                yield filled(one(ABOUT_PEOPLE, rng),
                        Map.of("HE", p.he, "SHE", p.she, "PLACE", p.place, "THING", p.thing));
            }
            case 2 -> filled(one(ABOUT_THINGS, rng),
                    Map.of("ANIMAL", one(ANIMALS, rng), "FOOD", one(FOODS, rng), "TOOL", one(TOOLS, rng)));
            default -> deed(rng);
        };
    }

    private static List<String> deed(Rng rng) {
        String verb = one(List.copyOf(VERBS.keySet()), rng);
        List<List<String>> forms = WITHOUT_ING.contains(verb)
                ? ABOUT_VERBS.stream().filter(t -> !t.contains("VERBing")).toList()
                : ABOUT_VERBS;
        return filled(one(forms, rng), Map.of("VERB", verb, "VERBs", verb + "s", "VERBed", verb + "ed", "VERBing",
                verb + "ing", "OBJECT", VERBS.get(verb)));
    }

    private static List<String> filled(List<String> template, Map<String, String> words) {
        return template.stream().map(word -> words.getOrDefault(word, word)).toList();
    }

    private static <E> E one(List<E> list, Rng rng) { return list.get(rng.nextInt(list.size())); }

    /** Words of one kind, by the name of the kind. */
    public static Map<String, List<String>> categories() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("country", COUNTRIES.stream().map(Country::name).toList());
        all.put("capital", COUNTRIES.stream().map(Country::capital).toList());
        all.put("animal", ANIMALS);
        all.put("food", FOODS);
        all.put("tool", TOOLS);
        return all;
    }

    /** All pairs of pairs in the same relation: a country and its capital, two words that differ in gender. */
    public static List<Analogy> analogies() {
        List<Analogy> all = new ArrayList<>();
        for (Country c : COUNTRIES)
            for (Country d : COUNTRIES) if (!c.equals(d)) all.add(new Analogy(c.name, c.capital, d.name, d.capital));
        for (Pair p : PAIRS) for (Pair q : PAIRS) if (!p.equals(q)) all.add(new Analogy(p.he, p.she, q.he, q.she));
        return all;
    }

    /** Words that no sentence has, and the forms of the same verb that sentences do have. */
    public static Map<String, List<String>> unseen() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String verb : WITHOUT_ING) all.put(verb + "ing", List.of(verb, verb + "s", verb + "ed"));
        return all;
    }
}
