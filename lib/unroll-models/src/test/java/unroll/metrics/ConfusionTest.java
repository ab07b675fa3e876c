package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

/** Cats, dogs, and fish that nobody has seen. */
final class ConfusionTest {
    private static final Confusion SIX = Confusion.none(List.of("cat", "dog", "fish")).add(
            new int[] {0, 0, 1, 1, 1, 0, 2},
            new int[] {0, 0, 0, 1, 1, 1, -1},
            -1);

    @Test void countsAreByWantedAndPredicted() {
        assertEquals(1, SIX.count("cat", "dog"));
        assertEquals(2, SIX.count("dog", "dog"));
        assertArrayEquals(new long[][] {{2, 1, 0}, {1, 2, 0}, {0, 0, 0}}, SIX.counts());
        assertArrayEquals(new double[] {1 / 3.0, 2 / 3.0, 0}, SIX.rates()[1], 1e-12);
        assertArrayEquals(new double[3], SIX.rates()[2]);
    }

    /** Wanted 0 0 0 0 1 1 1 2 2, predicted 0 0 1 2 1 1 0 2 0: worked out by hand. */
    @Test void precisionRecallAndMeans() {
        Confusion c = Confusion.none(List.of("a", "b", "c")).add(new int[] {0, 0, 1, 2, 1, 1, 0, 2, 0},
                new int[] {0, 0, 0, 0, 1, 1, 1, 2, 2}, -1);
        assertEquals(new PrecisionRecall(2, 4, 4), c.of("a"));
        assertEquals(2 / 3.0, c.of("b").precision(), 1e-12);
        assertEquals(0.5, c.of("c").recall(), 1e-12);
        assertEquals((0.5 + 2 / 3.0 + 0.5) / 3, c.macroF1(), 1e-12);
        assertEquals(new Accuracy(5, 9), c.accuracy());
    }

    @Test void labelsThatNeverOccurDoNotWeigh() { assertEquals(2 / 3.0, SIX.macroF1(), 1e-12); }

    @Test void sumsAreOfCounts() {
        assertArrayEquals(new long[][] {{4, 2, 0}, {2, 4, 0}, {0, 0, 0}}, SIX.add(SIX).counts());
        SIX.counts()[0][0] = 99;
        assertEquals(2, SIX.count("cat", "cat"), "what is given out is a copy");
        assertThrows(IllegalArgumentException.class, () -> SIX.add(Confusion.none(List.of("dog", "cat", "fish"))));
    }

    @Test void labelsOutOfRangeAreNamed() {
        Confusion none = Confusion.none(List.of("a", "b"));
        assertEquals("Confusion: expected labels in 0 to 1 but predicted number 1 is 2",
                assertThrows(IndexOutOfBoundsException.class, () -> none.add(new int[] {0, 2}, new int[] {0, 1}, -1))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> none.add(new int[] {0}, new int[] {-2}, -1));
        assertThrows(IllegalArgumentException.class, () -> none.add(new int[1], new int[2], -1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> none.of("c")).getMessage().contains("[a, b]"));
        assertThrows(IllegalArgumentException.class, () -> Confusion.none(List.of("a", "a")));
        assertThrows(IllegalStateException.class, none::macroF1);
    }

    @Test void aShareOfNothingIsZero() {
        assertEquals(0, PrecisionRecall.none().f1());
        assertEquals(0, new PrecisionRecall(0, 0, 3).precision());
        assertEquals(0, new PrecisionRecall(0, 3, 0).recall());
        assertThrows(IllegalArgumentException.class, () -> new PrecisionRecall(2, 1, 3));
    }
}
