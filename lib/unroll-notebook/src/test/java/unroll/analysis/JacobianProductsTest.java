package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.LstmCell;
import unroll.recurrent.Nonlinearity;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Norms of products of Jacobians: powers of a number, explicit products, numbers that floats cannot hold. */
class JacobianProductsTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.9, 1, 1.1, -10}) void ofOneLinearUnitArePowersOfItsWeight(double w) {
        double[] norms = JacobianProducts.along(new ScalarCell(w, 1), Tensor.zeros(30, 1)).norms();
        for (int d = 0; d <= 30; d++) assertEquals(1, norms[d] / Math.pow(Math.abs(w), d), 1e-5);
    }

    @Test void holdsWhatFloatsCannot() {
        double[] norms = JacobianProducts.along(new ScalarCell(1e-2, 1), Tensor.zeros(100, 1)).norms();
        assertEquals(-200, Math.log10(norms[100]), 1e-4);
        assertEquals(0, JacobianProducts.along(new ScalarCell(1e-4, 1), Tensor.zeros(100, 1)).norms()[100]);
    }

    @Test void ofAnLstmAreThoseOfTheExplicitProducts() {
        LstmCell cell = new LstmCell(3, 4, Rng.seed(1));
        JacobianProducts products = JacobianProducts.along(cell, Rng.seed(2).normal(6, 3));
        Tensor product = products.steps().get(5).state();
        double[] all = products.norms(), memory = products.norms("c", "c"), across = products.norms("h", "c");
        for (int d = 1; d <= 6; d++) {
            if (d > 1) product = product.matmul(products.steps().get(6 - d).state());
            assertEquals(1, all[d] / LinearAlgebra.spectralNorm(product), 1e-5);
            assertEquals(1, memory[d] / LinearAlgebra.spectralNorm(product.slice(0, 4, 8).slice(1, 4, 8)), 1e-5);
            assertEquals(1, across[d] / LinearAlgebra.spectralNorm(product.slice(0, 0, 4).slice(1, 4, 8)), 1e-5);
        }
        double[] bounds = products.stepBounds();
        assertTrue(IntStream.rangeClosed(0, 6).allMatch(d -> all[d] <= bounds[d] * (1 + 1e-6)));
        assertTrue(products.bound().isEmpty());
        assertArrayEquals(new double[] {1, 0}, new double[] {memory[0], across[0]});
    }

    @Test void takesASequenceWithABatchOfOne() {
        ElmanCell cell = new ElmanCell(3, 4, Nonlinearity.TANH, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(6, 3);
        assertArrayEquals(JacobianProducts.along(cell, x).norms(),
                JacobianProducts.along(cell, x.reshape(6, 1, 3)).norms());
        assertEquals(
                "JacobianProducts of ElmanCell(input=3, hidden=4, tanh): expected one sequence of shape [T, 3] or [T, "
                        + "1, 3] but got [6, 2, 3]; "
                        + "choose one of the batch",
                assertThrows(ShapeException.class, () -> JacobianProducts.along(cell, Tensor.ones(6, 2, 3)))
                        .getMessage());
    }

    @Test void weightsThatAreNotNumbersGiveNormsThatAreNot() {
        ElmanCell cell = new ElmanCell(1, 2, Nonlinearity.TANH, Rng.seed(1));
        cell.parameters().get(1).set(Tensor.full(Double.NaN, 2, 2));
        JacobianProducts products = JacobianProducts.along(cell, Tensor.ones(3, 1));
        assertTrue(Double.isNaN(products.norms()[3]));
        assertTrue(Double.isNaN(products.bound().orElseThrow().factor()));
    }
}
