package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class CalibrationTest {
    /**
     * Two bins: (0, 0.5] with confidences 0.3, 0.5, one of two right; (0.5, 1] with 0.8, 0.9, 1.0, one of three right.
     */
    private static final Calibration FIVE = Calibration.of(new double[] {0.3, 0.5, 0.8, 0.9, 1},
            new boolean[] {true, false, false, true, false}, 2);

    @Test void binsHoldTheirUpperEnd() {
        assertEquals(new Calibration.Bin(0, 0.5, 2, 0.4, 0.5), FIVE.bins().get(0));
        assertEquals(3, FIVE.bins().get(1).count());
        assertEquals(0.9, FIVE.bins().get(1).confidence(), 1e-12);
        assertEquals(0.9 - 1 / 3.0, FIVE.bins().get(1).gap(), 1e-12);
    }

    @Test void theErrorWeighsBinsByTheirDecisions() {
        assertEquals((2 * 0.1 + 3 * (0.9 - 1 / 3.0)) / 5, FIVE.expectedError(), 1e-12);
        assertEquals(0.9 - 1 / 3.0, FIVE.maximumError(), 1e-12);
        assertEquals(5, FIVE.decisions());
    }

    @Test void whoIsRightAsOftenAsHeSaysHasNoError() {
        assertEquals(0, Calibration.of(new double[] {0.5, 0.5, 1, 0}, new boolean[] {true, false, true, false}, 10)
                .expectedError(), 1e-12);
    }

    @Test void whatIsNoProbabilityIsNamed() {
        for (double p : new double[] {-0.1, 1.1, Double.NaN})
            assertEquals("Calibration: expected confidences in 0 to 1 but number 0 is " + p,
                    assertThrows(IllegalArgumentException.class,
                            () -> Calibration.of(new double[] {p}, new boolean[1], 5)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Calibration.of(new double[0], new boolean[0], 5));
        assertThrows(IllegalArgumentException.class, () -> Calibration.of(new double[2], new boolean[1], 5));
        assertThrows(IllegalArgumentException.class, () -> Calibration.of(new double[1], new boolean[1], 0));
    }
}
