package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.VectorBatch;

final class AddingProblemTest {
    /** Also for odd lengths, and where each half is one step. */
    @Test void theTargetIsTheSumOfTheTwoMarkedNumbersOneInEachHalf() {
        for (int T : new int[] {2, 3, 7, 50}) {
            VectorBatch batch = new AddingProblem(T).batch(40, Rng.seed(T));
            assertArrayEquals(new int[] {T, 40, 2}, batch.inputs().shape());
            for (int b = 0; b < 40; b++) {
                float sum = 0;
                int first = 0, second = 0;
                for (int t = 0; t < T; t++) {
                    float number = batch.inputs().get(t, b, 0), mark = batch.inputs().get(t, b, 1);
                    assertTrue(number >= 0 && number < 1 && (mark == 0 || mark == 1));
                    sum += number * mark;
                    if (mark == 1 && t < T / 2) first++;
                    if (mark == 1 && t >= T / 2) second++;
                }
                assertEquals(1, first);
                assertEquals(1, second);
                assertEquals(sum, batch.targets().get(b, 0), 1e-6);
            }
        }
    }

    @Test void everyPlaceOfAHalfIsMarkedAtTimes() {
        VectorBatch batch = new AddingProblem(9).batch(400, Rng.seed(1));
        Set<Integer> marked = new HashSet<>();
        for (int b = 0; b < 400; b++) for (int t = 0; t < 9; t++) if (batch.inputs().get(t, b, 1) == 1) marked.add(t);
        assertEquals(9, marked.size());
    }

    @Test void theAnswerOneHasTheErrorOfTheBaseline() {
        double sum = 0;
        VectorBatch batch = new AddingProblem(4).batch(40_000, Rng.seed(3));
        for (float target : batch.targets().data()) sum += (target - 1.0) * (target - 1.0) / 40_000;
        assertEquals(AddingProblem.baseline(), sum, 0.004);                // standard deviation of the mean: 0.001
    }

    @Test void epochsAndBatchesDifferButOnlySeedAndNumberMatter() {
        Batches<VectorBatch> batches = new AddingProblem(10).batches(4, 3, Rng.seed(5));
        assertEquals(3, batches.perEpoch());
        Iterator<VectorBatch> first = batches.epoch(0),
                again = new AddingProblem(10).batches(4, 3, Rng.seed(5)).epoch(0), other = batches.epoch(1);
        Set<String> seen = new HashSet<>();
        while (first.hasNext()) {
            float[] x = first.next().inputs().data();
            assertArrayEquals(x, again.next().inputs().data());
            assertFalse(Arrays.equals(x, other.next().inputs().data()));
            assertTrue(seen.add(Arrays.toString(x)));
        }
        assertEquals(3, seen.size());
    }

    @Test void impossibleSizesAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new AddingProblem(1)).getMessage()
                .contains("but got 1"));
        assertThrows(IllegalArgumentException.class, () -> new AddingProblem(5).batches(4, 0, Rng.seed(1)));
    }
}
