package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.text.DatasetException.Reason;

import unroll.nn.Lengths;

final class ContiguousBatchesTest {
    private static int[] text(int n) { return IntStream.range(0, n).toArray(); }

    @Property void everySymbolIsPredictedOnceFromTheOneBeforeIt(@ForAll @IntRange(min = 2, max = 200) int n,
            @ForAll @IntRange(min = 1, max = 9) int B,
            @ForAll @IntRange(min = 1, max = 12) int T) {
        Assume.that(n > B * T);
        ContiguousBatches batches = Batches.contiguous(text(n), B, T);
        List<Integer> predicted = new ArrayList<>();
        int count = 0;
        for (SequenceBatch batch : batches) {
            count++;
            for (int i = 0; i < batch.inputs().size(); i++) {
                assertEquals(batch.inputs().data()[i] + 1, batch.targets().data()[i]);
                predicted.add(batch.targets().data()[i]);
            }
        }
        assertEquals(batches.perEpoch(), count);
        assertTrue(batches.leftOver() < B);
        predicted.sort(null);
        assertEquals(IntStream.rangeClosed(1, n - 1 - batches.leftOver()).boxed().toList(), predicted);
    }

    @Property void rowsGoOnWhereTheyWere(@ForAll @IntRange(min = 2, max = 200) int n,
            @ForAll @IntRange(min = 1, max = 9) int B,
            @ForAll @IntRange(min = 1, max = 12) int T) {
        Assume.that(n > B * T);
        SequenceBatch before = null;
        for (SequenceBatch batch : Batches.contiguous(text(n), B, T)) {
            assertEquals(before != null, batch.continues());
            for (int b = 0; before != null && b < B; b++)
                assertEquals(before.targets().get(before.steps() - 1, b), batch.inputs().get(0, b));
            before = batch;
        }
    }

    @Example void batchesAreTimeMajorAndTheLastIsShorter() {
        var all = new ArrayList<SequenceBatch>();
        // two rows of 5: 0..4 and 5..9; 10 is a target, 11 is left over
        Batches.contiguous(text(12), 2, 3).forEach(all::add);
        assertEquals(2, all.size());
        assertArrayEquals(new int[] {0, 5, 1, 6, 2, 7}, all.get(0).inputs().data());
        assertArrayEquals(new int[] {3, 8, 4, 9}, all.get(1).inputs().data());
        assertArrayEquals(new int[] {4, 9, 5, 10}, all.get(1).targets().data());
        assertEquals(Lengths.of(2, 2), all.get(1).lengths());
    }

    @Example void everyEpochBeginsAfresh() {
        ContiguousBatches batches = Batches.contiguous(text(50), 2, 4);
        assertFalse(batches.epoch(3).next().continues());
        assertArrayEquals(batches.epoch(0).next().inputs().data(), batches.epoch(3).next().inputs().data());
        assertThrows(IllegalArgumentException.class, () -> batches.epoch(-1));
    }

    @Example void aTextThatChangesAfterwardsChangesNothing() {
        int[] ids = text(20);
        ContiguousBatches batches = Batches.contiguous(ids, 2, 3);
        Arrays.fill(ids, 7);
        assertEquals(0, batches.iterator().next().inputs().get(0, 0));
    }

    @Example void aTextThatIsTooShortIsToldWhatFits() {
        assertEquals("Batches: 4 rows of 100 steps need at least 401 symbols but the text has 301. "
                + "What fits: at most 3 rows of 100 steps, or at most 75 steps with 4 rows; or choose a longer text.",
                tooShort(301, 4, 100));
        assertEquals("Batches: 64 rows of 100 steps need at least 6401 symbols but the text has 51. "
                + "One row of at most 50 steps fits; or choose a longer text.", tooShort(51, 64, 100));
        assertTrue(tooShort(1, 1, 1).endsWith("Even one step needs two symbols: choose a longer text."));
        assertTrue(tooShort(0, 1_000_000, 1_000_000).contains("at least 1000000000001 symbols"));
    }

    @Property void whatTheErrorProposesFits(@ForAll @IntRange(max = 100) int n,
            @ForAll @IntRange(min = 1, max = 20) int B,
            @ForAll @IntRange(min = 1, max = 20) int T) {
        Assume.that(n <= B * T);
        String message = tooShort(n, B, T);
        var pair = java.util.regex.Pattern.compile("at most (\\d+) (?:rows of|steps with) (\\d+)").matcher(message);
        while (pair.find()) {
            int a = Integer.parseInt(pair.group(1)), b = Integer.parseInt(pair.group(2));
            boolean rows = pair.group().contains("rows of");
            assertEquals(rows ? T : B, b);
            assertTrue(Batches.contiguous(text(n), rows ? a : b, rows ? b : a).perEpoch() >= 1);
        }
    }

    private static String tooShort(int n, int batchSize, int steps) {
        return Refused.by(Reason.TOO_SHORT, () -> Batches.contiguous(text(n), batchSize, steps))
                .getMessage();
    }

    @Example void aBatchOfNoRowsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Batches.contiguous(text(9), 0, 1));
    }
}
