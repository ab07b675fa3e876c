package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import unroll.tensor.Rng;

/**
 * Tagged sentences drawn from a grammar in which the word alone does not tell its part of speech: "desert", "man",
 * "boat", "can", "water", "Teddy", …
 *
 * <p>Some are decided by what stands before ("to man", "the man"), some only by what follows: "The old man the boat"
 * and "The old man left the boat", "Teddy Roosevelt" and "Teddy bears". Words are apart as in the Penn Treebank ("Do
 * n't"). An adjective that stands for people ("the old") is a noun.
 */
final class GeneratedPartsOfSpeech {
    /** The test part begins with these sentences; no other part has them. */
    private static final List<String> LECTURE = List.of(
            "Do/AUX n't/PART desert/VERB me/PRON in/ADP the/DET desert/NOUN !/PUNCT",
            "The/DET old/NOUN man/VERB the/DET boat/NOUN ./PUNCT",
            "He/PRON said/VERB ,/PUNCT '/PUNCT Teddy/PROPN Roosevelt/PROPN was/AUX a/DET great/ADJ President/NOUN "
                    + "./PUNCT '/PUNCT",
            "He/PRON said/VERB ,/PUNCT '/PUNCT Teddy/NOUN bears/NOUN are/AUX on/ADP sale/NOUN !/PUNCT '/PUNCT");

    private static final Grammar GRAMMAR = Grammar
            .parse("""
                    sentence = <plain> | <plain> | <order> | <order> | <wish> | <wish> | <garden> | <garden> | <garden> | <quote> | <quote> | <can>
                    plain = <The> <thing> <past> <the> <thing> <where> <stop> | <The> <adj> <thing> was/AUX <adj> <stop> | <They> <act> <the> <thing> <where> <stop>
                    order = Do/AUX n't/PART <act> <me> <where> <bang> | <Act> <the> <thing> <where> <bang> | Please/INTJ <act> <me> <where> <stop>
                    wish = <They> <want> to/PART <act> <the> <thing> <where> <stop> | <They> <modal> <act> <the> <thing> <where> <stop>
                    garden = The/DET <people> <act> <the> <thing> <where> <stop> | <The> <young> <thing> <past> <the> <thing> <where> <stop> | <The> <young> <thing> <stood> <where> <stop>
                    quote = <He> said/VERB ,/PUNCT '/PUNCT <praise> '/PUNCT | <He> said/VERB ,/PUNCT '/PUNCT <offer> '/PUNCT | <praise> | <offer>
                    praise = <name> <surname> was/AUX a/DET <adj> <office> <stop> | <name> <surname> <stood> <where> <stop>
                    offer = <goods> are/AUX on/ADP sale/NOUN <bang> | <goods> are/AUX <adj> <stop> | <goods> <stood> <where> <stop>
                    can = <The> can/NOUN was/AUX <adj> <stop> | <They> can/AUX can/VERB <the> <food> <where> <stop> | <They> opened/VERB <the> can/NOUN <where> <stop>
                    goods = Teddy/NOUN bears/NOUN | Rose/NOUN bushes/NOUN | Grant/NOUN forms/NOUN | Mark/NOUN sheets/NOUN | Bill/NOUN folders/NOUN | Jack/NOUN knives/NOUN
                    name = Teddy/PROPN | Rose/PROPN | Grant/PROPN | Mark/PROPN | Bill/PROPN | Jack/PROPN
                    surname = Roosevelt/PROPN | Miller/PROPN | Carter/PROPN | Baker/PROPN | Field/PROPN | Brook/PROPN
                    office = President/NOUN | teacher/NOUN | painter/NOUN | doctor/NOUN | friend/NOUN
                    where = in/ADP <the> <place> | near/ADP <the> <place> | behind/ADP <the> <place> | again/ADV | today/ADV | _
                    place = desert/NOUN | park/NOUN | boat/NOUN | garden/NOUN | house/NOUN | harbor/NOUN | train/NOUN | field/NOUN
                    thing = man/NOUN | boat/NOUN | desert/NOUN | water/NOUN | plant/NOUN | watch/NOUN | book/NOUN | park/NOUN | train/NOUN | ship/NOUN | guard/NOUN | light/NOUN | fish/NOUN | duck/NOUN | house/NOUN | field/NOUN
                    food = fish/NOUN | duck/NOUN | plant/NOUN | water/NOUN
                    act = man/VERB | desert/VERB | water/VERB | plant/VERB | watch/VERB | book/VERB | park/VERB | train/VERB | ship/VERB | guard/VERB | light/VERB | house/VERB | leave/VERB | boat/VERB
                    Act = Man/VERB | Desert/VERB | Water/VERB | Plant/VERB | Watch/VERB | Book/VERB | Park/VERB | Train/VERB | Guard/VERB | Leave/VERB
                    past = left/VERB | saw/VERB | found/VERB | liked/VERB | moved/VERB
                    stood = stood/VERB | waited/VERB | sat/VERB | slept/VERB
                    people = old/NOUN | young/NOUN | rich/NOUN | poor/NOUN | brave/NOUN | sick/NOUN
                    young = old/ADJ | young/ADJ | rich/ADJ | poor/ADJ | brave/ADJ | sick/ADJ
                    adj = great/ADJ | old/ADJ | empty/ADJ | quiet/ADJ | good/ADJ | new/ADJ
                    want = want/VERB | like/VERB | hope/VERB
                    modal = can/AUX | will/AUX | must/AUX
                    me = me/PRON | us/PRON | them/PRON | it/PRON
                    They = They/PRON | We/PRON | I/PRON | You/PRON
                    He = He/PRON | She/PRON
                    The = The/DET | This/DET | Every/DET
                    the = the/DET | a/DET | this/DET
                    stop = ./PUNCT
                    bang = !/PUNCT | ./PUNCT
                    """);

    private GeneratedPartsOfSpeech() {
    }

    /** Parts without a sentence in common; those of the lectures come first in the test part. */
    static Split<TaggedSentence> split(int train, int held, Rng rng) {
        List<List<String>> lecture = LECTURE.stream().map(sentence -> List.of(sentence.split(" "))).toList();
        Set<List<String>> used = new LinkedHashSet<>(lecture);
        List<List<String>> first = GRAMMAR.drawDistinct("sentence", train, used, rng);
        used.addAll(first);
        List<List<String>> second = GRAMMAR.drawDistinct("sentence", held, used, rng);
        used.addAll(second);
        List<List<String>> third = new ArrayList<>(lecture);
        third.addAll(GRAMMAR.drawDistinct("sentence", held - lecture.size(), used, rng));
        return new Split<>(sentences(first), sentences(second), sentences(third));
    }

    private static List<TaggedSentence> sentences(List<List<String>> pairs) {
        return pairs.stream().map(p -> tagged(p, "")).toList();
    }

    /** From {@code word/TAG}; a word without a tag gets the default. */
    static TaggedSentence tagged(List<String> pairs, String defaultTag) {
        List<String> words = new ArrayList<>(), tags = new ArrayList<>();
        for (String pair : pairs) {
            int slash = pair.lastIndexOf('/');
            words.add(slash < 0 ? pair : pair.substring(0, slash));
            tags.add(slash < 0 ? defaultTag : pair.substring(slash + 1));
        }
        return new TaggedSentence(words, tags);
    }
}
