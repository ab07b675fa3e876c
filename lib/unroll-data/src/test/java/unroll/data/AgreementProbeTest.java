package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import unroll.nn.Lengths;
import unroll.tensor.Rng;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;

final class AgreementProbeTest {
    private static final AgreementProbe PROBE = new AgreementProbe(12);

    private static String between(AgreementProbe.Sentence s) {
        return String.join(" ", s.words().subList(2, s.words().size()));
    }

    @Test void everyPartHasSentencesOfEveryDistance() {
        for (AgreementProbe.Part part : AgreementProbe.Part.values())
            for (int distance = 1; distance <= 12; distance++)
                for (AgreementProbe.Sentence s : PROBE.sentencesAt(distance, part, 20, Rng.seed(distance))) {
                    assertEquals(distance, s.distance());
                    assertEquals("the", s.words().get(0));
                    assertEquals(s.plural(), s.words().get(1).endsWith("s"));
                    assertEquals(s.plural() ? "were" : "was", s.verb());
                }
    }

    @Test void partsHaveNoWordsInBetweenInCommon() {
        Map<AgreementProbe.Part, Set<String>> seen = new EnumMap<>(AgreementProbe.Part.class);
        for (AgreementProbe.Part part : AgreementProbe.Part.values())
            seen.put(part, PROBE.sentences(part, 3000, Rng.seed(1)).stream().map(AgreementProbeTest::between)
                    .collect(Collectors.toSet()));
        for (AgreementProbe.Part a : AgreementProbe.Part.values())
            for (AgreementProbe.Part b : AgreementProbe.Part.values()) {
                Set<String> both = new HashSet<>(seen.get(a));
                both.retainAll(seen.get(b));
                if (a != b) assertEquals(Set.of(), both);
            }
    }

    /** Otherwise a model could get by without the first noun. */
    @Test void nothingButTheFirstNounSaysAnything() {
        int plural = 0, nouns = 0, other = 0, lastSame = 0, withLast = 0;
        List<AgreementProbe.Sentence> all = PROBE.sentencesAt(12, AgreementProbe.Part.TEST, 4000, Rng.seed(6));
        for (AgreementProbe.Sentence s : all) {
            if (s.plural()) plural++;
            other += s.attractors();
            List<Boolean> numbers = new ArrayList<>();
            for (int i = 3; i < s.words().size(); i++) {
                String before = s.words().get(i - 1), word = s.words().get(i);
                boolean adjective = i + 1 < s.words().size()
                        && List.of("small", "old", "young", "quiet", "happy", "tall", "clever", "strange")
                                .contains(word);
                if (before.equals("the") && !adjective) numbers.add(word.endsWith("s"));
                if (adjective) numbers.add(s.words().get(i + 1).endsWith("s"));
            }
            nouns += numbers.size();
            if (numbers.isEmpty()) continue;
            withLast++;
            if (numbers.get(numbers.size() - 1) == s.plural()) lastSame++;
            assertEquals(numbers.stream().filter(n -> n != s.plural()).count(), s.attractors(), s.toString());
        }
        assertEquals(0.5, plural / 4000.0, 0.04);
        assertEquals(0.5, (double) other / nouns, 0.04);
        assertEquals(0.5, (double) lastSame / withLast, 0.04);
        assertTrue(nouns > 4000, "at least one noun in between, in the mean");
    }

    @Test void allDistancesAreEquallyLikely() {
        int[] counts = new int[13];
        PROBE.sentences(AgreementProbe.Part.TRAIN, 6000, Rng.seed(3)).forEach(s -> counts[s.distance()]++);
        for (int d = 1; d <= 12; d++) assertEquals(500, counts[d], 90);
    }

    @Test void aBatchHasTheWordsInOrderAndTheNumberAsLabel() {
        List<AgreementProbe.Sentence> two = List.of(
                new AgreementProbe.Sentence(List.of("the", "cats", "often"), true, 0),
                new AgreementProbe.Sentence(List.of("the", "dog", "which", "slept"), false, 0));
        LabelledBatch batch = PROBE.batch(two);
        assertArrayEquals(new int[] {4, 2, AgreementProbe.vocabulary().size()}, batch.inputs().shape());
        assertEquals(Lengths.of(3, 4), batch.lengths());
        assertArrayEquals(new int[] {1, 0}, batch.labels().data());
        assertEquals(1, batch.inputs().get(1, 0, AgreementProbe.vocabulary().encode(List.of("cats"))[0]));
        assertEquals(1, batch.inputs().get(3, 1, AgreementProbe.vocabulary().encode(List.of("slept"))[0]));
    }

    @Test void equalSeedsGiveEqualSentences() {
        assertEquals(PROBE.sentences(AgreementProbe.Part.TRAIN, 50, Rng.seed(3)),
                PROBE.sentences(AgreementProbe.Part.TRAIN, 50, Rng.seed(3)));
        assertEquals(8,
                PROBE.batches(PROBE.sentences(AgreementProbe.Part.TRAIN, 40, Rng.seed(3)), 5, Rng.seed(1)).perEpoch());
    }

    @Test void impossibleDistancesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> new AgreementProbe(0));
        assertThrows(IllegalArgumentException.class,
                () -> PROBE.sentencesAt(13, AgreementProbe.Part.TEST, 1, Rng.seed(1)));
    }

    @Test void nextWordsAreTheSentenceShiftedByOneAndThenTheVerb() {
        List<AgreementProbe.Sentence> two = List.of(
                new AgreementProbe.Sentence(List.of("the", "cats", "often"), true, 0),
                new AgreementProbe.Sentence(List.of("the", "dog"), false, 0));
        LabelledBatch batch = PROBE.nextWords(two);
        int words = AgreementProbe.vocabulary().size(), cats = AgreementProbe.vocabulary().encode(List.of("cats"))[0],
                often = AgreementProbe.vocabulary().encode(List.of("often"))[0],
                dog = AgreementProbe.vocabulary().encode(List.of("dog"))[0];
        assertArrayEquals(new int[] {cats, dog, often, words, words + 1, SequenceBatch.IGNORE}, batch.labels().data());
        assertArrayEquals(PROBE.batch(two).inputs().data(), batch.inputs().data());
    }
}
