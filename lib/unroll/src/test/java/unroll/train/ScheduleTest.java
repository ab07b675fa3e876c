package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    /** The factors of steps 1 to 4 of 4. */
    private static double[] factors(Schedule schedule) {
        return IntStream.rangeClosed(1, 4).mapToDouble(step -> schedule.factor(step, 4)).toArray();
    }

    @Test void constantStaysOne() { assertArrayEquals(new double[] {1, 1, 1, 1}, factors(Schedule.constant()), 0); }

    @Test void cosineFallsAlongHalfACosine() {
        assertArrayEquals(new double[] {1, (1 + Math.sqrt(0.5)) / 2, 0.5, (1 - Math.sqrt(0.5)) / 2},
                factors(Schedule.cosine()), 1e-12);
    }

    @Test void linearFallsAlongALine() {
        assertArrayEquals(new double[] {1, 0.75, 0.5, 0.25}, factors(Schedule.linear()), 1e-12);
    }

    @Test void decayFallsInStairs() {
        assertArrayEquals(new double[] {1, 1, 0.1, 0.1}, factors(Schedule.decay(2, 0.1)), 1e-12);
    }

    @Test void warmupRisesInALineAndThenLeavesTheRestAlone() {
        assertArrayEquals(new double[] {0.5, 1, 1, 1}, factors(Schedule.constant().warmup(2)), 1e-12);
        assertArrayEquals(new double[] {0.5, 0.75, 0.5, 0.25}, factors(Schedule.linear().warmup(2)), 1e-12);
        assertArrayEquals(factors(Schedule.cosine()), factors(Schedule.cosine().warmup(0)), 0);
    }

    @Test void stairsNeedALengthAndAFactor() {
        assertThrows(IllegalArgumentException.class, () -> Schedule.decay(0, 0.5));
        assertThrows(IllegalArgumentException.class, () -> Schedule.decay(10, 0));
        assertThrows(IllegalArgumentException.class, () -> Schedule.constant().warmup(-1));
    }
}
