package unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import unroll.data.Pronunciation;
import unroll.text.Vocabulary;

/** Likelihood, expected counts and best alignment equal those found by trying all ways; the likelihood never falls. */
class LetterAlignerBruteForceTest {
    @Provide Arbitrary<List<Pronunciation>> words() {
        Arbitrary<String> letters = Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(5);
        Arbitrary<Pronunciation> word = letters
                .flatMap(w -> Arbitraries.of("K", "S", "T").list().ofMinSize(1).ofMaxSize(Math.min(6, 2 * w.length()))
                        .map(p -> new Pronunciation(w, 1, p)));
        return Combinators
                .combine(word.list().ofMinSize(1).ofMaxSize(8),
                        Arbitraries.just(new Pronunciation("abc", 1, List.of("K", "S", "T"))))
                .as((some, all) -> {
                    List<Pronunciation> list = new ArrayList<>(some);
                    list.add(all);                                         // so that each letter and phoneme occurs
                    return list;
                });
    }

    /** All ways to give each letter 0, 1 or 2 of the phonemes. */
    private static List<List<Integer>> ways(int letters, int phonemes) {
        if (letters == 0) return phonemes == 0 ? List.of(List.of()) : List.of();
        List<List<Integer>> all = new ArrayList<>();
        for (int size = 0; size <= Math.min(2, phonemes); size++)
            for (List<Integer> rest : ways(letters - 1, phonemes - size)) {
                List<Integer> way = new ArrayList<>(List.of(size));
                way.addAll(rest);
                all.add(way);
            }
        return all;
    }

    private static List<String> sounds(Pronunciation word, List<Integer> way) {
        List<String> sounds = new ArrayList<>();
        int from = 0;
        for (int size : way) {
            sounds.add(size == 0 ? AlignedWord.SILENT : String.join(" ", word.phonemes().subList(from, from + size)));
            from += size;
        }
        return sounds;
    }

    private static double probability(LetterAligner aligner, Pronunciation word, List<String> sounds) {
        double p = 1;
        for (int i = 0; i < sounds.size(); i++)
            p *= aligner.probability(word.word().substring(i, i + 1), sounds.get(i));
        return p;
    }

    @Property(tries = 100) void likelihoodBestAndCounts(@ForAll("words") List<Pronunciation> words,
            @ForAll @IntRange(min = 1, max = 4) int iterations) {
        LetterAligner aligner = LetterAligner.fit(words, iterations);
        double silentA = 0, log = 0;
        for (Pronunciation word : words) {
            double sum = 0, best = 0, silent = 0;
            for (List<Integer> way : ways(word.word().length(), word.phonemes().size())) {
                List<String> sounds = sounds(word, way);
                double p = probability(aligner, word, sounds);
                sum += p;
                best = Math.max(best, p);
                for (int i = 0; i < sounds.size(); i++)
                    if (word.word().charAt(i) == 'a' && sounds.get(i).equals(AlignedWord.SILENT)) silent += p;
            }
            assertEquals(Math.log(sum), aligner.logLikelihood(word), 1e-9, word::toString);
            AlignedWord found = aligner.align(word).orElseThrow();
            assertEquals(word.phonemes(), found.phonemes());
            assertEquals(best, probability(aligner, word, found.sounds()), 1e-9 * best, found::toString);
            silentA += silent / sum;
            log += Math.log(sum);
        }
        LetterAligner.Expectation e = aligner.expectation(words);
        Vocabulary letters = Vocabulary.characters(String.join("", words.stream().map(Pronunciation::word).toList()));
        assertEquals(silentA, e.counts().get(letters.index("a"), new int[0], 0, 0), 1e-9);
        assertEquals(log, e.logLikelihood(), 1e-9);
    }

    @Property(tries = 100) void theLikelihoodNeverFalls(@ForAll("words") List<Pronunciation> words) {
        List<Double> means = new ArrayList<>();
        LetterAligner.fit(words, 15, means::add);
        assertEquals(16, means.size());
        for (int i = 1; i < means.size(); i++) assertTrue(means.get(i) >= means.get(i - 1) - 1e-12, means::toString);
    }
}
