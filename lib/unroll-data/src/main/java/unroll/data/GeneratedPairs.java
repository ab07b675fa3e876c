package unroll.data;

import java.util.List;

import unroll.tensor.Rng;

/** The grammar of the generated sentence pairs. */
final class GeneratedPairs {
    /** Fewer than the grammar has, so that drawing different ones ends soon. */
    static final int MOST = 50_000;

    /** @param swedish with its article as ending; @param neuter whether it is an ett-word */
    private record Noun(String english, String swedish, boolean neuter) {
    }

    private record Words(String english, String swedish) {
    }

    /** The first person, in both languages. */
    private record Verb(Words present, Words past) {
    }

    private static final List<Noun> NOUNS = List.of(new Noun("cat", "katten", false), new Noun("dog", "hunden", false),
            new Noun("girl", "flickan", false), new Noun("boy", "pojken", false), new Noun("horse", "hästen", false),
            new Noun("car", "bilen", false), new Noun("book", "boken", false), new Noun("flower", "blomman", false),
            new Noun("house", "huset", true), new Noun("child", "barnet", true), new Noun("tree", "trädet", true),
            new Noun("table", "bordet", true), new Noun("ship", "skeppet", true), new Noun("apple", "äpplet", true));
    /** In the form after an article. */
    private static final List<Words> ADJECTIVES = List.of(new Words("little", "lilla"), new Words("old", "gamla"),
            new Words("red", "röda"), new Words("big", "stora"), new Words("beautiful", "vackra"),
            new Words("new", "nya"));
    private static final List<Words> PRONOUNS = List.of(new Words("I", "jag"), new Words("you", "du"),
            new Words("we", "vi"), new Words("they", "de"));
    private static final List<Verb> VERBS = List.of(verb("see", "saw", "ser", "såg"),
            verb("buy", "bought", "köper", "köpte"), verb("find", "found", "hittar", "hittade"),
            verb("like", "liked", "gillar", "gillade"), verb("paint", "painted", "målar", "målade"),
            verb("need", "needed", "behöver", "behövde"));
    private static final List<Words> TODAY = List.of(new Words("today", "idag"), new Words("now", "nu"),
            new Words("often", "ofta")),
            YESTERDAY = List.of(new Words("yesterday", "igår"), new Words("last year", "förra året"),
                    new Words("then", "då"));

    private GeneratedPairs() {
    }

    private static Verb verb(String present, String past, String presentSwedish, String pastSwedish) {
        return new Verb(new Words(present, presentSwedish), new Words(past, pastSwedish));
    }

    static SentencePairs.Pair draw(Rng rng) {
        boolean past = rng.nextInt(2) == 0, pronoun = rng.nextInt(3) == 0, negated = rng.nextInt(4) == 0;
        Words subject = pronoun ? one(PRONOUNS, rng) : phrase(rng), object = phrase(rng);
        Verb verb = one(VERBS, rng);
        String english = negated
                ? (past ? "did not " : pronoun ? "do not " : "does not ") + verb.present.english
                : past ? verb.past.english : verb.present.english + (pronoun ? "" : "s");
        String swedish = past ? verb.past.swedish : verb.present.swedish, not = negated ? "inte " : "";
        if (rng.nextInt(2) == 0)
            return pair(subject.english + " " + english + " " + object.english,
                    subject.swedish + " " + swedish + " " + not + object.swedish);
        Words when = one(past ? YESTERDAY : TODAY, rng);
        return pair(when.english + " " + subject.english + " " + english + " " + object.english,
                when.swedish + " " + swedish + " " + subject.swedish + " " + not + object.swedish);
    }

    private static Words phrase(Rng rng) {
        Noun noun = one(NOUNS, rng);
        if (rng.nextInt(2) == 0) return new Words("the " + noun.english, noun.swedish);
        Words adjective = one(ADJECTIVES, rng);
        return new Words("the " + adjective.english + " " + noun.english,
                (noun.neuter ? "det " : "den ") + adjective.swedish + " " + noun.swedish);
    }

    private static SentencePairs.Pair pair(String english, String swedish) {
        return new SentencePairs.Pair(sentence(english), sentence(swedish), "");
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static <E> E one(List<E> list, Rng rng) { return list.get(rng.nextInt(list.size())); }
}
