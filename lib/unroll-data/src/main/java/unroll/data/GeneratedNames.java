package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import unroll.tensor.Rng;

/**
 * Sentences with names of persons, places and organisations in BIO, drawn from a grammar. The name alone does not tell
 * its kind: Jordan is met or travelled to, Oxford is a town and Oxford University is none, Teddy Miller is a person and
 * Teddy bears are toys.
 *
 * <p>Besides a few common names there are rare ones, put together from two syllables (Ashford, Thornby). Half of these
 * are for training; validation and test draw from all, so that they have names which no model has seen, as the task of
 * WNUT 2017 wants it.
 */
final class GeneratedNames {
    /** The test part begins with these sentences; no other part has them, and no part their surnames. */
    private static final List<String> LECTURE = List.of(
            "Yesterday , Harry/B-person Potter/I-person met Hermione/B-person Granger/I-person .",
            "He said , ' Teddy/B-person Roosevelt/I-person was a great President . '",
            "He said , ' Teddy bears are on sale ! '");

    private static final String RULES = """
            sentence = <meeting> | <meeting> | <travel> | <travel> | <work> | <work> | <sale> | <plain>
            meeting = <when> <person> <met> <person> <stop> | <person> <met> <person> in <place> <stop> | <He> <met> <person> at <company> <stop>
            travel = <when> <person> <went> <place> <stop> | <He> <went> <place> with <person> <stop> | <place> is <size> than <place> <stop>
            work = <person> works for <company> <stop> | <company> <hired> <person> <stop> | <when> <company> opened an office in <place> <stop> | <He> studied at <school> in <place> <stop>
            sale = <He> said , ' <goods> are on sale <bang> ' | <He> said , ' <person> was a great <office> <stop> ' | <goods> are on sale in <place> <stop>
            plain = <He> liked the <thing> <stop> | <when> <the> <thing> was <size> than the <thing> <stop>
            person = <first> <last> | <first> <last> | <first> | Mr. <lastalone> | Mrs. <lastalone> | <either-person>
            place = <town> | <town> | <rare-town> | <rare-town> | New/B-location <new-town> | <either-place>
            company = <firm> | <rare-firm> <firm-kind> | <either-firm> | the Bank/B-organisation of/I-organisation <of-town> | <school>
            school = <town-of-school> University/I-organisation | University/B-organisation of/I-organisation <of-town>
            goods = Teddy bears | Rose bushes | Jordan shoes | Paris fries | Apple pies | Ford models
            met = met | saw | called | visited | wrote to
            went = travelled to | lives in | left | came from | drove to
            hired = hired | sued | paid | thanked
            when = Yesterday , | Today | Last week , | In May ,
            He = He | She | They
            the = the | the
            thing = garden | river | book | apple | house | rose | shoe
            size = larger | older | quieter | better
            office = President | teacher | painter | doctor
            stop = .
            bang = ! | .
            """;
    private static final String SHARED = "Jordan Paris Florence Chelsea Apple Ford Rose Sydney",
            FIRST = "Harry Ann Teddy Mary Peter Rose Jordan Florence";
    private static final String TOWNS = "Oxford Paris Boston Florence Sydney Geneva Chelsea",
            FIRMS = "Apple Ford Chelsea Siemens Reuters";
    private static final List<String> FRONTS = List.of("Alder", "Ash", "Birch", "Black", "Bran", "Brook", "Cal", "Clay",
            "Cold", "Crow", "Dal", "Dun", "East", "Elm", "Fair", "Fern", "Glen", "Gold", "Green", "Hart", "Hazel",
            "Heath", "Hill", "Holm", "King", "Lang", "Lind", "Long", "Mar", "Mill", "Moor", "North", "Oak", "Pem",
            "Red", "Rowan", "Sand", "Stan", "Stone", "Thorn", "Under", "Wald", "West", "Whit", "Win", "Wood", "York");
    private static final List<String> SURNAME_ENDS = List.of("ley", "well", "man", "berg", "by", "son", "wick", "smith",
            "ward", "er"),
            TOWN_ENDS = List.of("ton", "ville", "burgh", "port", "mouth", "stead", "ham", "haven", "bridge", "dale"),
            FIRST_ENDS = List.of("a", "ina", "ic", "old", "ard", "ella"),
            FIRM_ENDS = List.of("tec", "soft", "ex", "corp", "ware", "lux");

    private GeneratedNames() {
    }

    /** Parts without a sentence in common; those of the lectures come first in the test part. */
    static Split<TaggedSentence> split(int train, int held, Rng rng) {
        List<List<String>> lecture = LECTURE.stream().map(sentence -> List.of(sentence.split(" "))).toList();
        Grammar known = grammar(false), all = grammar(true);
        Set<List<String>> used = new LinkedHashSet<>(lecture);
        List<List<String>> first = known.drawDistinct("sentence", train, used, rng);
        used.addAll(first);
        List<List<String>> second = all.drawDistinct("sentence", held, used, rng);
        used.addAll(second);
        List<List<String>> third = new ArrayList<>(lecture);
        third.addAll(all.drawDistinct("sentence", held - lecture.size(), used, rng));
        return new Split<>(sentences(first), sentences(second), sentences(third));
    }

    private static List<TaggedSentence> sentences(List<List<String>> pairs) {
        return pairs.stream().map(p -> GeneratedPartsOfSpeech.tagged(p, "O")).toList();
    }

    private static Grammar grammar(boolean unseenToo) {
        String names = rule("first", "B-person", list(FIRST, FIRST_ENDS, unseenToo))
                + rule("last", "I-person", list("", SURNAME_ENDS, unseenToo))
                + rule("lastalone", "B-person", list("", SURNAME_ENDS, unseenToo))
                + rule("either-person", "B-person", List.of(SHARED.split(" ")))
                + rule("town", "B-location", List.of(TOWNS.split(" ")))
                + rule("rare-town", "B-location", list("", TOWN_ENDS, unseenToo))
                + rule("new-town", "I-location", list("York", TOWN_ENDS, unseenToo))
                + rule("either-place", "B-location", List.of(SHARED.split(" ")))
                + rule("firm", "B-organisation", List.of(FIRMS.split(" ")))
                + rule("rare-firm", "B-organisation", list("", FIRM_ENDS, unseenToo))
                + rule("firm-kind", "I-organisation", List.of("Group", "Bank", "Motors", "Press"))
                + rule("either-firm", "B-organisation", List.of(SHARED.split(" ")))
                + rule("of-town", "I-organisation", List.of(TOWNS.split(" ")))
                + rule("town-of-school", "B-organisation", list(TOWNS, TOWN_ENDS, unseenToo));
        return Grammar.parse(RULES + names);
    }

    private static String rule(String name, String tag, List<String> words) {
        return name + " = " + String.join(" | ", words.stream().map(word -> word + "/" + tag).toList()) + "\n";
    }

    /** The common names, each as often as all rare ones of one front part; and the rare ones, every second or all. */
    private static List<String> list(String common, List<String> ends, boolean unseenToo) {
        List<String> all = new ArrayList<>();
        for (String name : common.split(" ")) if (!name.isEmpty()) for (int i = 0; i < ends.size(); i++) all.add(name);
        for (int f = 0; f < FRONTS.size(); f++)
            for (int e = 0; e < ends.size(); e++)
                if (unseenToo || (f + e) % 2 == 0) all.add(FRONTS.get(f) + ends.get(e));
        return all;
    }
}
