package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.IndRnnCell;
import unroll.recurrent.LearnedInitialState;
import unroll.recurrent.LstmCell;
import unroll.recurrent.Nonlinearity;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class NormBoundTest {
    private static final Tensor U = Tensor.of(new double[][] {{0, 2}, {1, 0}});

    @Test void theLogisticFunctionHasAQuarterOfTheSlope() {
        assertEquals(2, NormBound.of(U, Nonlinearity.TANH).factor(), 1e-6);
        assertEquals(0.5, NormBound.of(U, Nonlinearity.LOGISTIC).factor(), 1e-6);
        assertTrue(NormBound.of(U, Nonlinearity.LOGISTIC).factor() < 1);
        assertFalse(NormBound.of(U, Nonlinearity.RELU).factor() < 1);
    }

    @Test void growsAsAPower() { assertArrayEquals(new double[] {1, 2, 4, 8}, new NormBound(2, 1).over(3)); }

    @Test void failsForANormAboveIt() {
        assertTrue(new NormBound(2, 1).holds(1, 2, 3.9));
        assertFalse(new NormBound(2, 1).holds(1, 2, 4.001));
        assertFalse(new NormBound(2, 1).holds(1, Double.NaN));
    }

    /** A linear unit with the weight 2 goes exactly along the bound. */
    @Test void isReached() {
        ElmanCell cell = new ElmanCell(1, 1, Nonlinearity.RELU, Rng.seed(1));
        cell.parameters().get(0).set(Tensor.ones(1, 1));
        cell.parameters().get(1).set(Tensor.full(2, 1, 1));
        cell.parameters().get(2).set(Tensor.ones(1));
        assertArrayEquals(new NormBound(2, 1).over(8), JacobianProducts.along(cell, Tensor.ones(8, 1)).norms(), 1e-3);
    }

    @Test void ofADiagonalItIsTheLargestElement() {
        IndRnnCell cell = new IndRnnCell(1, 3, Nonlinearity.RELU, Rng.seed(1));
        cell.parameters().get(1).set(Tensor.of(new float[] {0.5f, -3, 1}, 3));
        assertEquals(3, NormBound.of(cell).factor());
    }

    @Test void ofALearnedInitialStateItIsThatOfItsCell() {
        ElmanCell cell = new ElmanCell(1, 3, Nonlinearity.TANH, Rng.seed(1));
        assertEquals(NormBound.of(cell), NormBound.of(new LearnedInitialState<>(cell)));
    }

    @Test void anLstmHasNone() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> NormBound.of(new LstmCell(1, 2, Rng.seed(1))))
                .getMessage()
                .contains("LstmCell(input=1, hidden=2) is not of the form"));
    }
}
