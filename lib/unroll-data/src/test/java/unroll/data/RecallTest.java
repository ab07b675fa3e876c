package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;

/** Induction head and associative recall. */
class RecallTest {
    private static int[] read(LabelledBatch batch, int b) {
        return IntStream.range(0, batch.steps()).map(t -> batch.inputs().at(t).argmax(-1).get(b)).toArray();
    }

    @Test void whatStoodBehindTheTriggerIsAsked() {
        var task = new InductionHead(20, 30);
        LabelledBatch test = task.test(300, Rng.seed(1));
        assertEquals(30, test.steps());
        var places = new TreeSet<Integer>();
        for (int b = 0; b < 300; b++) {
            int[] s = read(test, b);
            int at = 0;
            while (s[at] != task.trigger()) at++;
            places.add(at);
            assertEquals(2, Arrays.stream(s).filter(v -> v == task.trigger()).count());
            assertEquals(task.trigger(), s[29]);
            assertEquals(s[at + 1], test.labels().get(29, b));
            for (int t = 0; t < 29; t++) assertEquals(SequenceBatch.IGNORE, test.labels().get(t, b));
        }
        assertEquals(0, places.first());
        assertEquals(27, places.last());
        assertEquals(1 / 19.0, task.chance());
    }

    @Test void theValueOfAKeyIsAsked() {
        var task = new AssociativeRecall(4, 4, 10);
        LabelledBatch test = task.test(300, Rng.seed(2));
        assertEquals(22, test.steps());
        Map<Integer, TreeSet<Integer>> values = new HashMap<>();
        for (int b = 0; b < 300; b++) {
            int[] s = read(test, b);
            Map<Integer, Integer> own = new HashMap<>();
            for (int p = 0; p < 10; p++) {
                assertTrue(s[2 * p] < 4 && s[2 * p + 1] >= 4 && s[2 * p + 1] < 8);
                Integer before = own.put(s[2 * p], s[2 * p + 1]);
                assertTrue(before == null || before == s[2 * p + 1], "a key keeps its value within a string");
            }
            assertEquals(task.delimiter(), s[20]);
            assertEquals(own.get(s[21]), test.labels().get(21, b));
            values.computeIfAbsent(s[21], k -> new TreeSet<>()).add(own.get(s[21]));
        }
        for (int k = 0; k < 4; k++) assertEquals(4, values.get(k).size(), "over all strings a key has every value");
        assertEquals(.25, task.chance());
    }

    @Test void recallAsksForEachNextSymbolOfFixedStrings() {
        var task = new AssociativeRecall(2, 3, 2);
        Batches<LabelledBatch> batches = task.training(20, 5, Rng.seed(3));
        assertEquals(4, batches.perEpoch());
        List<String> first = epoch(batches, 0, 0);
        assertEquals(20, first.size());
        assertEquals(first, epoch(batches, 1, 0));
    }

    @Test void inductionAsksForTheAnswerOfFixedStrings() {
        var task = new InductionHead(5, 6);
        Batches<LabelledBatch> batches = task.training(20, 5, Rng.seed(3));
        List<String> first = epoch(batches, 0, 5);
        assertEquals(20, first.size());
        assertEquals(first, epoch(batches, 1, 5));
    }

    /**
     * The strings of an epoch with their answers, sorted; before step {@code from} no step has a label, from it on each
     * has the next symbol.
     */
    private static List<String> epoch(Batches<LabelledBatch> batches, int number, int from) {
        List<String> strings = new ArrayList<>();
        for (var it = batches.epoch(number); it.hasNext();) {
            LabelledBatch batch = it.next();
            for (int b = 0; b < batch.batchSize(); b++) {
                int[] s = read(batch, b);
                for (int t = 0; t < s.length - 1; t++)
                    assertEquals(t < from ? SequenceBatch.IGNORE : s[t + 1], batch.labels().get(t, b));
                strings.add(Arrays.toString(s) + batch.labels().get(s.length - 1, b));
            }
        }
        Collections.sort(strings);
        return strings;
    }

    @Test void equalSeedsGiveEqualStrings() {
        var task = new AssociativeRecall(4, 4, 10);
        assertArrayEquals(task.test(9, Rng.seed(1)).inputs().data(), task.test(9, Rng.seed(1)).inputs().data());
        assertNotEquals(Arrays.hashCode(task.test(9, Rng.seed(1)).inputs().data()),
                Arrays.hashCode(task.test(9, Rng.seed(2)).inputs().data()));
    }

    @Test void impossibleSizesAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new InductionHead(2, 30)).getMessage()
                .contains("symbols=2"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new AssociativeRecall(4, 1, 3)).getMessage()
                .contains("values=1"));
    }
}
