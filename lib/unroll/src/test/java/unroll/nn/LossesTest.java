package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unroll.Close;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Losses and their gradients against their formulas in double precision. */
class LossesTest {
    private static IntTensor targets(int rows, int symbols, boolean withIgnored) {
        Rng rng = Rng.seed(9);
        int[] t = new int[rows];
        for (int i = 0; i < rows; i++) t[i] = withIgnored && i % 3 == 1 ? Losses.IGNORE : rng.nextInt(symbols);
        return IntTensor.of(t, rows);
    }

    /** Rows and symbols below, at and above the blocks in which rows are taken together. */
    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "5,3", "63,65", "64,64", "200,65", "3,4096", "3,5001", "1000,2"}) void crossEntropy(
            int rows,
            int symbols) {
        IntTensor targets = targets(rows, symbols, true);
        Tensor mask = Rng.seed(4).uniform(0, 2, rows),
                logits = Rng.seed(5).normal(rows, symbols).mul(3).detach().tracked();
        Tensor loss = Losses.crossEntropy(logits, targets, mask);
        loss.mul(2).backward();
        double total = 0, sum = 0;
        double[] gradient = new double[rows * symbols];
        for (int r = 0; r < rows; r++) if (targets.get(r) >= 0) total += mask.get(r);
        for (int r = 0; r < rows; r++) {
            if (targets.get(r) < 0) continue;
            double z = 0;
            for (int j = 0; j < symbols; j++) z += Math.exp(logits.get(r, j));
            sum += mask.get(r) * (Math.log(z) - logits.get(r, targets.get(r)));
            for (int j = 0; j < symbols; j++)
                gradient[r * symbols + j] = 2 * mask.get(r) / total
                        * (Math.exp(logits.get(r, j)) / z - (j == targets.get(r) ? 1 : 0));
        }
        assertEquals(sum / total, loss.item(), 1e-6 * (1 + sum / total));
        Close.assertWithin("gradient", gradient, logits.gradient(), 1e-6, 1e-6);
    }

    @Test void meanOverTheTargetsThatCount() {
        Tensor logits = Rng.seed(1).normal(4, 3);
        IntTensor two = IntTensor.of(new int[] {2, -1, -1, 0}, 4);
        Tensor kept = Tensor.concat(0, java.util.List.of(logits.slice(0, 0, 1), logits.slice(0, 3, 4)));
        assertEquals(Losses.crossEntropy(kept, IntTensor.of(new int[] {2, 0}, 2)).item(),
                Losses.crossEntropy(logits, two).item(), 1e-6);
        Tensor mask = Tensor.of(new float[] {1, 0, 0, 1}, 4);
        assertEquals(Losses.crossEntropy(logits, two).item(),
                Losses.crossEntropy(logits, IntTensor.of(new int[] {2, 1, 1, 0}, 4), mask).item(),
                1e-6);
    }

    @Test void nothingThatCountsIsNoLoss() {
        Tensor logits = Rng.seed(1).normal(2, 3, 4).tracked();
        Tensor loss = Losses.crossEntropy(logits, IntTensor.of(new int[] {-1, -1, -1, -1, -1, -1}, 2, 3));
        loss.backward();
        assertEquals(0, loss.item());
        assertArrayEquals(new float[24], logits.gradientData());
        assertEquals(0,
                Losses.crossEntropy(logits.detach(), IntTensor.of(new int[6], 2, 3), Tensor.zeros(2, 3)).item());
        assertEquals(0, Losses.crossEntropy(Tensor.zeros(0, 4), IntTensor.of(new int[0], 0)).item());
    }

    @Test void extremeLogitsStayFinite() {
        Tensor logits = Tensor.of(new float[] {1e4f, -1e4f, 0, -1e4f, 1e4f, 0}, 2, 3).tracked();
        Tensor loss = Losses.crossEntropy(logits, IntTensor.of(new int[] {0, 0}, 2));
        loss.backward();
        assertEquals(1e4, loss.item(), 1e-2);                              // (0 + 20,000) / 2
        assertArrayEquals(new float[] {0, 0, 0, -.5f, .5f, 0}, logits.gradientData(), 1e-6f);
    }

    @Test void uniformGuessCostsTheLogarithmOfTheNumberOfSymbols() {
        assertEquals(Math.log(65), Losses.crossEntropy(Tensor.zeros(7, 65), targets(7, 65, false)).item(), 1e-6);
    }

    @Test void gradients() {
        Parameter z = new Parameter("z", Rng.seed(2).normal(4, 3)),
                y = new Parameter("y", Rng.seed(3).uniform(0, 1, 4, 3));
        Close.assertGradient(() -> Losses.crossEntropy(z, targets(4, 3, true)), z);
        Close.assertGradient(() -> Losses.meanSquaredError(z, y), z, y);
        Close.assertGradient(() -> Losses.binaryCrossEntropy(z, y), z, y);
    }

    @Test void binaryCrossEntropy() {
        Tensor z = Rng.seed(2).normal(50).mul(3), y = Rng.seed(3).uniform(0, 1, 50);
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            double p = 1 / (1 + Math.exp(-z.get(i)));
            sum -= y.get(i) * Math.log(p) + (1 - y.get(i)) * Math.log(1 - p);
        }
        assertEquals(sum / 50, Losses.binaryCrossEntropy(z, y).item(), 1e-6);
    }

    @Test void binaryCrossEntropyOfExtremes() {
        Tensor z = Tensor.of(new float[] {1e4f, -1e4f, 1e4f}, 3).tracked(),
                loss = Losses.binaryCrossEntropy(z, Tensor.of(new float[] {1, 0, 0}, 3));
        loss.backward();
        assertEquals(1e4 / 3, loss.item(), 1e-3);
        assertArrayEquals(new float[] {0, 0, 1 / 3f}, z.gradientData(), 1e-6f);
    }

    /** A right and certain answer costs little, but the little is right: log(1 + exp(-12)) is 6.1e-6. */
    @Test void binaryCrossEntropyOfCertainAnswersIsPrecise() {
        assertEquals(Math.log1p(Math.exp(-12)), Losses.binaryCrossEntropy(Tensor.full(12, 1), Tensor.ones(1)).item(),
                1e-9);
    }

    @Test void wrongArguments() {
        Tensor logits = Tensor.zeros(2, 3);
        assertSays(() -> Losses.crossEntropy(logits, IntTensor.of(new int[3], 3)), "crossEntropy", "[2, 3]", "[3]");
        assertSays(() -> Losses.crossEntropy(Tensor.scalar(1), IntTensor.of(new int[1])), "crossEntropy", "[]");
        assertSays(() -> Losses.crossEntropy(logits, IntTensor.of(new int[] {0, 3}, 2)), "target 3", "place 1",
                "0 to 2");
        assertSays(() -> Losses.crossEntropy(logits, IntTensor.of(new int[] {-2, 0}, 2)), "target -2", "place 0");
        assertSays(() -> Losses.crossEntropy(logits, IntTensor.of(new int[2], 2), Tensor.ones(3)), "mask", "[2]",
                "[3]");
        assertSays(() -> Losses.crossEntropy(logits, IntTensor.of(new int[2], 2), Tensor.of(new float[] {1, -1}, 2)),
                "mask -1.0", "place 1");
        assertSays(() -> Losses.meanSquaredError(logits, Tensor.zeros(3, 2)), "meanSquaredError", "[2, 3]", "[3, 2]");
        assertSays(() -> Losses.binaryCrossEntropy(logits, Tensor.zeros(2)), "binaryCrossEntropy", "[2, 3]", "[2]");
    }

    /**
     * Padding may hold anything: rows without a target, or with a mask of 0, have no gradient even where their logits
     * are NaN.
     */
    @Test void whatDoesNotCountMayBeNaN() {
        float nan = Float.NaN, big = Float.POSITIVE_INFINITY;
        Tensor logits = Tensor.of(new float[] {nan, 1, 0, 0, big, nan}, 3, 2).tracked();
        Tensor loss = Losses.crossEntropy(logits, IntTensor.of(new int[] {-1, 1, 0}, 3),
                Tensor.of(new float[] {1, 1, 0}, 3));
        loss.backward();
        assertEquals(Math.log(2), loss.item(), 1e-6);
        assertArrayEquals(new float[] {0, 0, .5f, -.5f, 0, 0}, logits.gradientData(), 1e-6f);
        Tensor padding = Tensor.full(Double.NaN, 2, 3).tracked();
        Tensor nothing = Losses.crossEntropy(padding, IntTensor.of(new int[] {-1, -1}, 2));
        nothing.backward();
        assertEquals(0, nothing.item());
        assertArrayEquals(new float[6], padding.gradientData());
    }

    @Test void noSymbolsAndAnInfiniteMaskAreNamed() {
        assertSays(() -> Losses.crossEntropy(Tensor.zeros(2, 0), IntTensor.of(new int[] {-1, -1}, 2)),
                "at least one symbol", "[2, 0]");
        assertSays(
                () -> Losses.crossEntropy(Tensor.zeros(2, 3), IntTensor.of(new int[2], 2),
                        Tensor.of(new float[] {1, Float.POSITIVE_INFINITY}, 2)),
                "mask Infinity", "place 1");
    }
}
