package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class AccuracyTest {
    @Test void ignoredPlacesDoNotCount() {
        assertEquals(new Accuracy(2, 3), Accuracy.of(new int[] {1, 2, 3, -1}, new int[] {1, 2, 0, -1}, -1));
    }

    @Test void sumsAreOfCountsNotOfRates() {
        assertEquals(0.5, new Accuracy(1, 1).add(new Accuracy(4, 9)).rate(), 1e-12);
    }

    @Test void predictionsAndPlacesAreAsMany() {
        assertEquals("Accuracy: 1 predictions for 2 places",
                assertThrows(IllegalArgumentException.class, () -> Accuracy.of(new int[1], new int[2], -1))
                        .getMessage());
    }

    @Test void withoutDecisionsThereIsNoRate() { assertThrows(IllegalStateException.class, Accuracy.none()::rate); }

    @Test void moreRightThanDecidedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Accuracy(2, 1));
    }
}
