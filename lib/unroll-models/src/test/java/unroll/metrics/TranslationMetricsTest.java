package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

/**
 * BLEU, chrF, ROUGE-L and exact match on cases computed by hand, and on the figures that NLTK 3.10.4, sacreBLEU 2.6.0
 * and rouge-score give for them.
 */
final class TranslationMetricsTest {
    private static final List<String> WRITTEN = words(
            "It is a guide to action which ensures that the military always obeys the commands of the party"),
            WORSE = words("It is to insure the troops forever hearing the activity guidebook that party direct");
    private static final List<List<String>> REFERENCES = List.of(
            words("It is a guide to action that ensures that the military will forever heed Party commands"),
            words("It is the guiding principle which guarantees the military forces always being under the command of "
                    + "the Party"),
            words("It is the practical guide for the army always to heed the directions of the party"));
    private static final List<String> SYSTEM = List.of("the cat sat on mat", "a dog runs", "hello there general",
            "birds can fly high in the sky"),
            HUMAN = List.of("the cat sat on the mat", "the dog is running fast", "hello there my general",
                    "birds fly high in the blue sky"),
            POOR = List.of("the dog runs home now", "a b c d"), WANTED = List.of("the cat runs away now", "a c b d");

    private static List<String> words(String text) { return List.of(text.split(" ")); }

    private static Bleu bleu(List<String> written, List<String> wanted) {
        Bleu all = Bleu.none();
        for (int i = 0; i < written.size(); i++) all = all.add(words(written.get(i)), List.of(words(wanted.get(i))));
        return all;
    }

    private static double chrF(List<String> written, List<String> wanted) {
        ChrF all = ChrF.none();
        for (int i = 0; i < written.size(); i++) all = all.add(written.get(i), wanted.get(i));
        return all.score();
    }

    @Test void theExampleOfThePaperAsNltkScoresIt() {
        Bleu bleu = Bleu.none().add(WRITTEN, REFERENCES);
        double[] nltk = {0.9444444444444444, 0.7453559924999299, 0.6240726989348756, 0.5045666840058485};
        for (int n = 1; n <= 4; n++) assertEquals(nltk[n - 1], bleu.score(n), 1e-9);
        assertEquals(17 / 18.0, bleu.precision(1), 1e-12);
        assertEquals(10 / 17.0, bleu.precision(2), 1e-12);
        assertEquals(1, bleu.brevityPenalty(), 0);
        Bleu worse = Bleu.none().add(WORSE, REFERENCES);
        assertEquals(8 / 14.0, worse.precision(1), 1e-12);
        assertEquals(1 / 13.0, worse.precision(2), 1e-12);
        assertEquals(0.4953587998572467, worse.score(1), 1e-9);
        assertEquals(0.18174699151949172, worse.score(2), 1e-9);
        assertEquals(0, worse.score(), 0);
    }

    @Test void theCorpusOfNltksDocumentation() {
        Bleu bleu = Bleu.none().add(WRITTEN, REFERENCES).add(
                words("he read the book because he was interested in world history"),
                List.of(words("he was interested in world history because he read the book")));
        assertEquals(0.5920778868801042, bleu.score(), 1e-9);
        assertEquals(bleu, Bleu.none().add(bleu));
    }

    @Test void aCorpusAsSacreBleuScoresIt() {
        double[] sacre = {66.728116909734, 51.687377103036276, 44.06627749833538, 38.875142041440206};
        for (int n = 1; n <= 4; n++) assertEquals(sacre[n - 1], 100 * bleu(SYSTEM, HUMAN).score(n), 1e-6);
    }

    @Test void byHand() {
        Bleu the = Bleu.none().add(words("the the the the the the the"),
                List.of(words("the cat is on the mat"), words("there is a cat on the mat")));
        assertEquals(2 / 7.0, the.precision(1), 1e-12);                   // Papineni et al. 2002, example 2
        assertEquals(0, the.precision(2), 0);
        Bleu brief = Bleu.none().add(words("a b"), List.of(words("a b c"), words("a")));
        // 3 and 1 are equally near: the shorter counts
        assertEquals(1, brief.brevityPenalty(), 0);
        assertEquals(Math.exp(-0.5), Bleu.none().add(words("a b"), List.of(words("a b c"))).brevityPenalty(), 1e-12);
        assertEquals(Math.exp(-0.5), Bleu.none().add(words("a b"), List.of(words("a b c"))).score(2), 1e-12);
        assertEquals(0, Bleu.none().add(List.of(), List.of(words("a"))).score(1), 0);
        assertThrows(IllegalStateException.class, Bleu.none()::score);
        assertThrows(IllegalArgumentException.class, () -> Bleu.none().add(words("a"), List.of()));
        assertThrows(IllegalArgumentException.class, () -> brief.score(5));
    }

    @Test void smoothing() {
        Bleu poor = bleu(POOR, WANTED);
        assertEquals(0, poor.score(), 0);
        assertEquals(0.10372216288141306, poor.score(4, Bleu.Smoothing.EXPONENTIAL), 1e-9);
        assertEquals(0.2522833420029243, poor.score(4, Bleu.Smoothing.ADD_ONE), 1e-9);
        // by hand: 1/14, 1/20 and 1/24
        assertEquals(Math.pow(7 / 9.0 / 14 / 20 / 24, 0.25), poor.score(4, Bleu.Smoothing.EXPONENTIAL), 1e-12);
        assertEquals(0, Bleu.none().add(words("x y"), List.of(words("a b"))).score(4, Bleu.Smoothing.ADD_ONE), 0);
    }

    @Test void charactersAsSacreBleuScoresThem() {
        assertEquals(55.39235572361482, 100 * chrF(SYSTEM, HUMAN), 1e-6);
        assertEquals(22.28414172686618, 100 * chrF(POOR, WANTED), 1e-6);
        assertEquals(64.818123726097,
                100 * chrF(List.of("Die Beziehung zwischen Obama und Netanjahu ist nicht gerade freundlich."),
                        List.of("Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.")),
                1e-6);
        assertEquals(36.48233486943164, 100 * chrF(List.of("abcdefgh", "abcdxf"), List.of("ab", "abcdef")), 1e-6);
        assertEquals(55.00000000000001, 100 * chrF(List.of("abcdefgh"), List.of("ab")), 1e-6);
    }

    @Test void charactersByHand() {
        // Runs of one letter: 2 of 2 written, 2 of 3 wanted. Of two: 1 of 1 and 1 of 2. Three were not written and do
        // not count.
        double p = 1, r = (2 / 3.0 + 1 / 2.0) / 2;
        assertEquals(5 * p * r / (4 * p + r), chrF(List.of("ab"), List.of("abc")), 1e-12);
        assertEquals(1, chrF(List.of("a b"), List.of("ab")), 1e-12);
        assertEquals(0, chrF(List.of(""), List.of("ab")), 0);
        assertEquals(0, chrF(List.of("xy"), List.of("ab")), 0);
        assertThrows(IllegalStateException.class, ChrF.none()::score);
    }

    @Test void longestCommonSubsequences() {
        RougeL gunman = RougeL.none().add(words("police kill the gunman"), words("police killed the gunman"));
        assertEquals(0.75, gunman.score(), 1e-12);                         // Lin 2004, section 3.1
        assertEquals(0.5, RougeL.none().add(words("the gunman kill police"), words("police killed the gunman")).score(),
                1e-12);
        RougeL all = RougeL.none();
        for (int i = 0; i < SYSTEM.size(); i++) all = all.add(words(SYSTEM.get(i)), words(HUMAN.get(i)));
        assertEquals((10 / 11.0 + 0.25 + 6 / 7.0 + 6 / 7.0) / 4, all.score(), 1e-12);
        assertEquals((1 + 1 / 3.0 + 1 + 6 / 7.0) / 4, all.precision(), 1e-12);
        assertEquals((5 / 6.0 + 0.2 + 0.75 + 6 / 7.0) / 4, all.recall(), 1e-12);
        assertEquals(0, RougeL.none().add(List.of(), words("a")).score(), 0);
        assertThrows(IllegalStateException.class, RougeL.none()::score);
    }

    @Test void wholeSequencesAreRightOrWrong() {
        Accuracy match = Accuracy.none().add("1998-05-03", "1998-05-03").add("1998-05-03", "1998-05-04")
                .add(words("a b"), words("a b"));
        assertEquals(2 / 3.0, match.rate(), 1e-12);
        assertEquals(new Accuracy(4, 6), match.add(match));
        assertThrows(IllegalStateException.class, Accuracy.none()::rate);
    }
}
