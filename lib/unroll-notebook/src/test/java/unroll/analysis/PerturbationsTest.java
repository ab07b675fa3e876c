package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.LstmCell;
import unroll.recurrent.Nonlinearity;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Changes of the first state: by Jacobians and by runs that start beside each other. */
class PerturbationsTest {
    @Test void growByTheSingularValuesOfTheWholeWay() {
        LstmCell cell = new LstmCell(2, 3, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(4, 2);
        Perturbations growth = Perturbations.of(cell, x, 1e-2);
        assertEquals(1, growth.singularValues()[0] / JacobianProducts.along(cell, x).norms()[4], 1e-5);
        for (int i = 0; i < 6; i++) {
            assertEquals(1, growth.linear()[i][0], 1e-6);
            assertEquals(growth.singularValues()[i], growth.linear()[i][4], 1e-6);
            assertEquals(growth.linear()[i][2], growth.measured()[i][2], 2e-3);
        }
    }

    @Test void runsAgreeWithTheJacobiansWhereTheChangeIsSmall() {
        ElmanCell cell = new ElmanCell(2, 4, Nonlinearity.TANH, Rng.seed(1));
        Perturbations growth = Perturbations.of(cell, Rng.seed(2).normal(5, 2), 1e-2);
        for (int i = 0; i < 4; i++)
            for (int t = 0; t <= 5; t++) assertEquals(growth.linear()[i][t], growth.measured()[i][t], 5e-3);
    }

    /** ReLU units that stay above zero are linear, so even a large change grows by U alone. */
    @Test void aLinearUnitGrowsByItsWeight() {
        ElmanCell cell = new ElmanCell(1, 1, Nonlinearity.RELU, Rng.seed(1));
        cell.parameters().get(0).set(Tensor.ones(1, 1));
        cell.parameters().get(1).set(Tensor.full(1.5, 1, 1));
        cell.parameters().get(2).set(Tensor.ones(1));
        Perturbations growth = Perturbations.of(cell, Tensor.ones(6, 1), 0.5);
        for (int t = 0; t <= 6; t++) assertEquals(1, growth.measured()[0][t] / Math.pow(1.5, t), 1e-5);
    }

    @Test void theSizeIsAboveZero() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Perturbations.of(new ScalarCell(1, 1), Tensor.ones(2, 1), 0)).getMessage()
                .contains("above 0 but got 0"));
    }
}
