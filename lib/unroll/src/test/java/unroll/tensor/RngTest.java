package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/**
 * Equal seeds give equal numbers, split generators are independent, and the numbers have the distribution they should.
 */
class RngTest {
    private static final int MANY = 200_000;

    @Test void equalSeedsGiveEqualNumbers() {
        Rng a = Rng.seed(7), b = Rng.seed(7);
        assertArrayEquals(a.normal(100).data(), b.normal(100).data());
        assertArrayEquals(a.permutation(50), b.permutation(50));
        assertEquals(a.split().nextDouble(), b.split().nextDouble());
        assertEquals(a.split(3).nextInt(1000), b.split(3).nextInt(1000));
        assertFalse(Arrays.equals(Rng.seed(7).normal(10).data(), Rng.seed(8).normal(10).data()));
    }

    /**
     * These numbers belong to the seed on every machine and every Java: a change of them changes every result that was
     * ever published.
     */
    @Test void numbersOfASeedNeverChange() {
        Rng rng = Rng.seed(42);
        assertEquals(
                "9 0.6169355137395851 0.4561237704552636 [2, 1, 0, 3, 4] 0 [-0.21378286, -0.49275973] [-0.90125793, "
                        + "-0.24466331] "
                        + "[0.0, 1.0, 1.0, 0.0] 892 314",
                rng.nextInt(1000) + " " + rng.nextDouble() + " " + rng.nextGaussian() + " "
                        + Arrays.toString(rng.permutation(5)) + " "
                        + rng.categorical(new float[] {1, 2, 3}) + " " + Arrays.toString(rng.normal(2).data()) + " "
                        + Arrays.toString(rng.uniform(-1, 1, 2).data()) + " "
                        + Arrays.toString(rng.bernoulli(.5, 4).data()) + " "
                        + rng.split().nextInt(1000) + " " + rng.split(5).nextInt(1000));
    }

    @Test void howMuchOneCallDrawsDoesNotMatterToTheNext() {
        Rng a = Rng.seed(7), b = Rng.seed(7);
        a.normal(3);
        b.normal(300);
        assertEquals(a.nextDouble(), b.nextDouble());
    }

    @Test void numberedSplitsDoNotDependOnWhatWasDrawn() {
        Rng a = Rng.seed(7), b = Rng.seed(7);
        a.normal(3);
        assertEquals(a.split(5).nextDouble(), b.split(5).nextDouble());
    }

    @Test void splitsAreIndependent() {
        Rng parent = Rng.seed(1), one = parent.split(), two = parent.split();
        float[][] streams = {parent.normal(MANY).data(), one.normal(MANY).data(), two.normal(MANY).data(),
                parent.split(0).normal(MANY).data(),
                parent.split(1).normal(MANY).data(), one.split().normal(MANY).data()};
        for (int i = 0; i < streams.length; i++)
            for (int j = 0; j < i; j++) {
                double dot = 0;
                for (int k = 0; k < MANY; k++) dot += (double) streams[i][k] * streams[j][k];
                assertEquals(0, dot / MANY, 5 / Math.sqrt(MANY), "streams " + i + " and " + j);
            }
    }

    /** Seeds 0, 1, 2, …, and call after call of one generator: first draws, which a weak mix would make alike. */
    @Test void firstDrawsAreUniform() {
        Rng rng = Rng.seed(0);
        int[] seeds = {0};
        for (DoubleSupplier draw : new DoubleSupplier[] {rng::nextDouble, () -> Rng.seed(seeds[0]++).nextDouble(),
                () -> Rng.seed(5).split(seeds[0]++).nextDouble()}) {
            int[] counts = new int[20];
            for (int i = 0; i < 20_000; i++) counts[(int) (20 * draw.getAsDouble())]++;
            assertChiSquare(counts, IntStream.range(0, 20).mapToDouble(i -> 1000).toArray());
        }
    }

    @Test void stateAndRestoreGoOn() {
        Rng rng = Rng.seed(3);
        rng.normal(5);
        Rng.State state = rng.state();
        float[] next = rng.normal(5).data();
        int then = rng.nextInt(1_000_000);
        rng.restore(state);
        assertArrayEquals(next, rng.normal(5).data());
        Rng other = Rng.of(state);
        other.normal(5);
        assertEquals(then, other.nextInt(1_000_000));
    }

    @Test void restoreRefusesTheStateOfAnotherSeed() {
        Rng.State state = Rng.seed(1).state();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Rng.seed(2).restore(state)).getMessage()
                .contains("another seed"));
    }

    @Test void uniformMoments() {
        double[] m = moments(Rng.seed(1).uniform(-1, 3, MANY));
        assertEquals(1, m[0], 5 * Math.sqrt(16.0 / 12 / MANY));
        assertEquals(16.0 / 12, m[1], .02);
    }

    /** Rounding to float must not reach the upper bound. */
    @Test void uniformStaysBelowItsBound() {
        for (float v : Rng.seed(1).uniform(16_777_215, 16_777_216, 100).data()) assertTrue(v < 16_777_216, "" + v);
        for (float v : Rng.seed(1).uniform(1 - 1e-7, 1, 100).data()) assertTrue(v < 1, "" + v);
    }

    @Test void normalMoments() {
        Tensor x = Rng.seed(2).normal(MANY);
        double[] m = moments(x);
        assertEquals(0, m[0], 5 / Math.sqrt(MANY));
        assertEquals(1, m[1], .02);
        double fourth = 0, beyond = 0;
        for (float v : x.data()) {
            fourth += Math.pow(v, 4) / MANY;
            if (Math.abs(v) > 1.959964) beyond += 1.0 / MANY;
        }
        assertEquals(3, fourth, .1);
        assertEquals(.05, beyond, .003);
    }

    private static double[] moments(Tensor x) {
        double mean = 0, variance = 0;
        for (float v : x.data()) mean += (double) v / x.size();
        for (float v : x.data()) variance += (v - mean) * (v - mean) / x.size();
        return new double[] {mean, variance};
    }

    @Test void bernoulliFrequency() {
        assertEquals(.3, Rng.seed(1).bernoulli(.3, MANY).mean().item(), .006);
        assertEquals(0, Rng.seed(1).bernoulli(0, 1000).sum().item());
        assertEquals(1000, Rng.seed(1).bernoulli(1, 1000).sum().item());
    }

    @Test void permutationHoldsEachNumberOnce() {
        for (int n : new int[] {0, 1, 2, 17, 1000}) {
            int[] sorted = Rng.seed(n).permutation(n);
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
        }
    }

    @Test void eachOrderIsEquallyLikely() {
        Rng rng = Rng.seed(9);
        int[] counts = new int[27];
        for (int i = 0; i < 12_000; i++) {
            int[] p = rng.permutation(3);
            counts[p[0] * 9 + p[1] * 3 + p[2]]++;
        }
        int[] seen = Arrays.stream(counts).filter(c -> c > 0).toArray();
        assertEquals(6, seen.length);
        assertChiSquare(seen, new double[] {2000, 2000, 2000, 2000, 2000, 2000});
    }

    @Test void categoricalFrequencies() {
        float[] weights = {1, 0, 2, 5, .5f, 0};
        Rng rng = Rng.seed(4);
        int[] counts = new int[6];
        for (int i = 0; i < 17_000; i++) counts[rng.categorical(weights)]++;
        assertEquals(0, counts[1] + counts[5]);
        assertChiSquare(new int[] {counts[0], counts[2], counts[3], counts[4]},
                new double[] {2000, 4000, 10_000, 1000});
    }

    /** Σ (seen - expected)² / expected: its mean is the degrees of freedom d, its deviation √(2 d). */
    private static void assertChiSquare(int[] seen, double[] expected) {
        double sum = 0;
        int d = seen.length - 1;
        for (int i = 0; i < seen.length; i++) sum += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
        assertTrue(sum < d + 4 * Math.sqrt(2 * d) && sum > d - 4 * Math.sqrt(2 * d),
                "chi-square " + sum + " for " + d + " degrees of freedom");
    }

    @Test void wrongArguments() {
        Rng rng = Rng.seed(1);
        assertTrue(message(() -> rng.nextInt(0)).contains("but got 0"));
        assertTrue(message(() -> rng.uniform(1, 1, 2)).contains("low < high"));
        assertTrue(message(() -> rng.uniform(Double.NaN, 1, 2)).contains("NaN"));
        assertTrue(message(() -> rng.bernoulli(1.5, 2)).contains("1.5"));
        assertTrue(message(() -> rng.permutation(-1)).contains("-1"));
        assertTrue(message(() -> rng.categorical(new float[] {0, 0})).contains("at least one weight above 0"));
        assertTrue(message(() -> rng.categorical(new float[] {1, -2})).contains("-2"));
        assertTrue(message(() -> rng.categorical(new float[] {1, Float.NaN})).contains("NaN"));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
