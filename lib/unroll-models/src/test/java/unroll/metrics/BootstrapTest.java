package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import unroll.tensor.Rng;

final class BootstrapTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(2_000, Rng.seed(1));

    private static double[] scores(int n, int right) {
        double[] scores = new double[n];
        Arrays.fill(scores, 0, right, 1);
        return scores;
    }

    /** The normal approximation of a share of 0.8 in 400: ± 1.96 · 0.02. */
    @Test void theIntervalOfAShareIsThatOfTheBook() {
        Bootstrap.Interval interval = BOOTSTRAP.mean(scores(400, 320), 0.95);
        assertEquals(0.8, interval.estimate(), 1e-12);
        assertEquals(0.8 - 1.96 * 0.02, interval.low(), 0.005);
        assertEquals(0.8 + 1.96 * 0.02, interval.high(), 0.005);
    }

    /** Where the truth is known: of 200 samples of a share of 0.7, the 90 % interval must hold it in about 180. */
    @Test void theIntervalHoldsTheTruthAsOftenAsItSays() {
        Rng rng = Rng.seed(4);
        int held = 0;
        for (int s = 0; s < 200; s++) {
            double[] sample = new double[100];
            for (int i = 0; i < 100; i++) sample[i] = rng.nextDouble() < 0.7 ? 1 : 0;
            Bootstrap.Interval interval = new Bootstrap(300, Rng.seed(s)).mean(sample, 0.9);
            if (interval.low() <= 0.7 && 0.7 <= interval.high()) held++;
        }
        assertTrue(held >= 165 && held <= 194, held + " of 200");
    }

    @Test void equalSeedsGiveEqualIntervalsWhateverWasAskedBefore() {
        var first = BOOTSTRAP.mean(scores(50, 20), 0.9);
        BOOTSTRAP.compare(scores(10, 5), scores(10, 4), 0.9);
        assertEquals(first, BOOTSTRAP.mean(scores(50, 20), 0.9));
        assertNotEquals(first, new Bootstrap(2_000, Rng.seed(2)).mean(scores(50, 20), 0.9));
    }

    @Test void anyFigureOfTheExamplesWillDo() {
        var largest = BOOTSTRAP.interval(5, numbers -> Arrays.stream(numbers).max().orElseThrow(), 0.9);
        assertEquals(4, largest.estimate());
        assertEquals(4, largest.high());
        assertTrue(largest.low() >= 2, largest.toString());
    }

    /**
     * A and B differ on 20 examples, A is right on 15 of these: a sign test gives 0.021, the normal approximation
     * 0.013.
     */
    @Test void aComparisonSaysWhoIsBetter() {
        double[] a = scores(100, 70), b = scores(100, 55);
        for (int i = 80; i < 85; i++) b[i] = 1;
        Bootstrap.Comparison better = BOOTSTRAP.compare(a, b, 0.95), worse = BOOTSTRAP.compare(b, a, 0.95);
        assertEquals(0.10, better.difference(), 1e-12);
        assertEquals(0.025, better.p(), 0.02);                             // twice the one-sided one
        assertEquals(better.p(), worse.p());
        assertTrue(better.decided() && better.low() > 0 && worse.decided() && worse.high() < 0);
        assertTrue(better.toString().endsWith(": better") && worse.toString().endsWith(": worse"), better.toString());
    }

    @Test void equalScoresDecideNothing() {
        Bootstrap.Comparison equal = BOOTSTRAP.compare(scores(100, 70), scores(100, 70), 0.95);
        assertEquals("+0.0000 in [+0.0000, +0.0000] (95 %), p = 1.000: no difference", equal.toString());
        assertFalse(equal.decided());
        Bootstrap.Comparison all = BOOTSTRAP.compare(scores(100, 100), scores(100, 0), 0.95);
        assertTrue(all.p() > 0 && all.p() <= 2.0 / BOOTSTRAP.resamples(), all.toString());
    }

    @Test void whatCannotBeResampledIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> BOOTSTRAP.mean(new double[0], 0.9));
        assertThrows(IllegalArgumentException.class, () -> BOOTSTRAP.mean(new double[3], 1));
        assertThrows(IllegalArgumentException.class, () -> BOOTSTRAP.compare(new double[3], new double[2], 0.9));
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(0, Rng.seed(1)));
    }
}
