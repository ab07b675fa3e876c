package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

final class SpanF1Test {
    private static List<String> tags(String line) { return line.isEmpty() ? List.of() : List.of(line.split(" ")); }

    /** Sentences are separated by a bar. */
    private static SpanF1 score(String wanted, String predicted) {
        SpanF1 sum = SpanF1.none();
        String[] w = wanted.split(" \\| "), p = predicted.split(" \\| ");
        for (int i = 0; i < w.length; i++) sum = sum.add(tags(p[i]), tags(w[i]));
        return sum;
    }

    private static String spans(String line) { return Span.of(tags(line)).toString(); }

    private static PrecisionRecall counts(int correct, int found, int wanted) {
        return new PrecisionRecall(correct, found, wanted);
    }

    @Test void properTags() {
        assertEquals("[MISC 3 to 6, PER 7 to 9]", spans("O O O B-MISC I-MISC I-MISC O B-PER I-PER"));
        assertEquals("[A 0 to 1, A 1 to 3, B 3 to 4]", spans("B-A B-A I-A B-B"));
        assertEquals("[]", spans("O O"));
        assertEquals("[]", spans(""));
    }

    @Test void improperTagsBeginASpanToo() {
        assertEquals("[A 1 to 3]", spans("O I-A I-A O"));
        assertEquals("[A 0 to 1, B 1 to 2, A 2 to 3]", spans("B-A I-B I-A"));
        assertEquals("[creative-work 0 to 2]", spans("I-creative-work I-creative-work"));
    }

    @Test void otherTagsAreNamed() {
        for (String tag : List.of("A", "I-", "E-A", "BA", "o"))
            assertEquals("Span: expected tags O, B-TYPE or I-TYPE but tag 1 is \"" + tag + "\"",
                    assertThrows(IllegalArgumentException.class, () -> spans("O " + tag)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Span.of(List.of("")));
    }

    /** The example in the read-me of seqeval: F1 0.50, accuracy 0.80. */
    @Test void theExampleOfSeqeval() {
        SpanF1 score = score("O O O B-MISC I-MISC I-MISC O | B-PER I-PER O",
                "O O B-MISC I-MISC I-MISC I-MISC O | B-PER I-PER O");
        assertEquals(0.5, score.overall().f1(), 1e-12);
        assertEquals(0.8, score.tokens().rate(), 1e-12);
        assertEquals(Map.of("MISC", counts(0, 1, 1), "PER", counts(1, 1, 1)), score.byType());
    }

    /** Counts that the script printed for the same tags. */
    @Test void improperSequencesCountAsInTheScript() {
        assertEquals(Map.of("A", counts(1, 1, 1)), score("I-A I-A O", "B-A I-A O").byType());
        assertEquals(Map.of("A", counts(0, 2, 1), "B", counts(0, 1, 0)),
                score("B-A I-A I-A O", "B-A I-B I-A O").byType());
        assertEquals(Map.of("A", counts(0, 1, 2), "B", counts(0, 1, 2)),
                score("B-A B-A I-B B-B", "I-A I-A B-B I-B").byType());
        assertEquals(Map.of("A", counts(1, 2, 1)), score("O | B-A I-A", "I-A | I-A I-A").byType());
        assertEquals(Map.of("A", counts(2, 2, 2)), score("I-A | I-A", "B-A | I-A").byType());
        assertEquals(Map.of("A", counts(1, 1, 1), "B", counts(0, 2, 1)), score("B-A I-B I-B", "B-A I-B B-B").byType());
    }

    /**
     * The output example of the CoNLL-2000 shared task: 459 phrases, 539 found, 371 correct give 68.83, 80.83 and 74.35
     * percent.
     */
    @Test void theFiguresOfTheSharedTasksExample() {
        TreeMap<String, PrecisionRecall> types = new TreeMap<>();
        types.put("NP", counts(206, 317, 262));                            // 64.98, 78.63, 71.16
        types.put("other", counts(165, 222, 197));
        PrecisionRecall all = new SpanF1(types, new Accuracy(838, 961)).overall();
        assertEquals("68.83 80.83 74.35", String.format(Locale.ROOT, "%.2f %.2f %.2f", 100 * all.precision(),
                100 * all.recall(), 100 * all.f1()));
        PrecisionRecall np = types.get("NP");
        assertEquals("64.98 78.63 71.16",
                String.format(Locale.ROOT, "%.2f %.2f %.2f", 100 * np.precision(), 100 * np.recall(), 100 * np.f1()));
    }

    @Test void partsMayBeCountedApart() {
        SpanF1 one = score("B-A O", "B-A O"), two = score("B-B O", "O B-A");
        assertEquals(score("B-A O | B-B O", "B-A O | O B-A"), one.add(two));
        assertEquals(counts(1, 2, 1), one.add(two).of("A"));
        assertEquals(PrecisionRecall.none(), one.of("C"));
    }

    @Test void asManyTagsAsTokens() {
        assertThrows(IllegalArgumentException.class, () -> SpanF1.none().add(List.of("O"), List.of("O", "O")));
    }
}
