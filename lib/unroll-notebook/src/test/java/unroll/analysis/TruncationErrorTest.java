package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unroll.recurrent.LstmCell;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Truncated gradients: closed forms of one linear unit, and that nothing is lost where nothing is cut. */
class TruncationErrorTest {
    /** h_T = w^T h_0: the full gradient is T w^(T-1) h_0, that through the last k steps k w^(T-1) h_0. */
    @Test void ofOneLinearUnitTheLastStepsGiveTheirShare() {
        int[] k = {1, 2, 5, 9, 10};
        TruncationError error = TruncationError.last(new ScalarCell(0.9, 2), Tensor.zeros(10, 1, 1),
                h -> h.at(9).sum(), k);
        for (int i = 0; i < k.length; i++) {
            assertEquals(1 - k[i] / 10.0, error.errors()[i], 1e-5);
            assertEquals(1, error.cosines()[i], 1e-6);
        }
    }

    /** A loss of the last state reaches back to the border of the last chunk. */
    @Test void chunksEndAtTheirBorders() {
        TruncationError error = TruncationError.chunks(new ScalarCell(0.9, 2), Tensor.zeros(10, 1, 1),
                h -> h.at(9).sum(), 3, 4, 5, 6);
        assertArrayEquals(new double[] {0.9, 0.8, 0.5, 0.6}, error.errors(), 1e-5);
    }

    /**
     * Without a cut Σ_t h_t has the gradient Σ t w^(t-1) h_0; in chunks of k each term counts the steps since the last
     * border.
     */
    @Test void chunksOfALossOnEveryState() {
        double w = 0.9, full = 0, cut = 0;
        for (int t = 1; t <= 10; t++) {
            full += t * Math.pow(w, t - 1);
            cut += ((t - 1) % 4 + 1) * Math.pow(w, t - 1);
        }
        TruncationError error = TruncationError.chunks(new ScalarCell(w, 2), Tensor.zeros(10, 1, 1),
                Tensor::sum, 4);
        assertEquals(1 - cut / full, error.errors()[0], 1e-5);
    }

    @ParameterizedTest
    @EnumSource void nothingIsLostWhereNothingIsCut(TruncationError.Where where) {
        LstmCell cell = new LstmCell(2, 3, Rng.seed(1));
        TruncationError error = TruncationError.of(where, cell, Rng.seed(2).normal(7, 4, 2),
                h -> h.square().mean(), 1, 7);
        assertEquals(0, error.errors()[1]);
        assertEquals(1, error.cosines()[1], 1e-9);
        assertTrue(error.errors()[0] > 0.01, error::toString);
    }

    @Test void aGradientThatIsCutAwayHasNoAngle() {
        TruncationError error = TruncationError.last(new ScalarCell(0.9, 2), Tensor.zeros(5, 1, 1),
                h -> h.at(1).sum(), 2);
        assertTrue(Double.isNaN(error.cosines()[0]));
        assertEquals(1, error.errors()[0], 1e-6);
    }

    @Test void leavesTheGradientsAlone() {
        ScalarCell cell = new ScalarCell(0.9, 2);
        cell.w.accumulate(new float[] {5});
        TruncationError.last(cell, Tensor.zeros(5, 1, 1), Tensor::sum, 2);
        assertArrayEquals(new float[] {5}, cell.w.gradientData());
    }

    @Test void stepsLieBetweenOneAndT() {
        for (int k : new int[] {0, 6})
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> TruncationError.last(new ScalarCell(1, 1), Tensor.zeros(5, 1, 1), Tensor::sum,
                            k))
                    .getMessage()
                    .contains("from 1 to 5 but got [" + k + "]"));
    }
}
