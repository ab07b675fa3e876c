package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;
import unroll.text.LabelledBatch;

final class CopyTaskTest {
    private static int symbol(LabelledBatch batch, int t, int b) {
        int symbol = -1;
        for (int k = 0; k < CopyTask.CLASSES; k++) {
            float v = batch.inputs().get(t, b, k);
            if (v == 0) continue;
            assertEquals(1, v);
            assertEquals(-1, symbol, "one of the ten is 1");
            symbol = k;
        }
        return symbol;
    }

    @Test void tenSymbolsAreSaidAgainAfterTheDelimiter() {
        for (int delay : new int[] {1, 2, 30}) {
            CopyTask task = new CopyTask(delay);
            LabelledBatch batch = task.batch(5, Rng.seed(delay));
            int T = delay + 20;
            assertEquals(T, batch.steps());
            assertArrayEquals(new int[] {T, 5}, batch.labels().shape());
            for (int b = 0; b < 5; b++)
                for (int t = 0; t < T; t++) {
                    int in = symbol(batch, t, b), out = batch.labels().get(t, b);
                    if (t < 10) {
                        assertTrue(in < CopyTask.SYMBOLS);
                        assertEquals(in, batch.labels().get(T - 10 + t, b));
                    } else {
                        assertEquals(t == 10 + delay - 1 ? CopyTask.DELIMITER : CopyTask.BLANK, in);
                    }
                    if (t < T - 10) assertEquals(CopyTask.BLANK, out);
                }
        }
    }

    @Test void allEightSymbolsOccur() {
        int[] counts = new int[CopyTask.CLASSES];
        LabelledBatch batch = new CopyTask(1).batch(400, Rng.seed(1));
        for (int b = 0; b < 400; b++) for (int t = 0; t < 10; t++) counts[symbol(batch, t, b)]++;
        // four standard deviations
        for (int k = 0; k < 8; k++) assertEquals(500, counts[k], 90, Arrays.toString(counts));
    }

    /** Blanks are sure, each of the ten costs ln 8. */
    @Test void theBaselineIsThatOfWhoRemembersNothing() {
        assertEquals(10 * 2.0794415 / 1020, new CopyTask(1000).baseline(), 1e-9);
    }

    @Test void impossibleDelaysAreNamed() {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> new CopyTask(0)).getMessage().contains("but got 0"));
    }
}
