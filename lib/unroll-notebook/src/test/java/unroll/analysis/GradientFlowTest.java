package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.LstmCell;
import unroll.recurrent.LstmState;
import unroll.recurrent.Nonlinearity;
import unroll.recurrent.PreactivationCell;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Gradients per time step: closed forms, the gradient through products of Jacobians, and what was not recorded. */
class GradientFlowTest {
    @Test void ofOneLinearUnitIsAPowerOfTheStepsLeft() {
        double[] norms = GradientFlow.through(new ScalarCell(0.8, 1), Tensor.zeros(20, 3, 1), h -> h.at(19).sum())
                .norms();
        for (int t = 0; t < 20; t++) assertEquals(1, norms[t] / Math.pow(0.8, 19 - t), 1e-5);
    }

    /** ∂L/∂h_k = ∂L/∂h_T ∂h_T/∂h_k. */
    @Test void isTheProductOfTheJacobians() {
        ElmanCell cell = new ElmanCell(2, 4, Nonlinearity.TANH, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(5, 2), v = Rng.seed(3).normal(1, 4), gradient = v;
        double[] norms = GradientFlow.through(cell, x.reshape(5, 1, 2), h -> h.at(4).mul(v).sum()).norms();
        List<Jacobian> steps = JacobianProducts.along(cell, x).steps();
        for (int t = 4; t >= 0; t--) {
            assertEquals(1, norms[t] / gradient.norm(), 1e-5);
            gradient = gradient.matmul(steps.get(t).state());
        }
    }

    /**
     * One unit: the gradient of each step is that of the last times the product of the Jacobians between, ∂z_T/∂z_t.
     */
    @Test void goesThroughWhatTheCellRemembers() {
        PreactivationCell cell = new PreactivationCell(2, 1, Nonlinearity.LOGISTIC, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(5, 2);
        double[] norms = GradientFlow.through(cell, x.reshape(5, 1, 2), h -> h.at(4).sum()).norms(),
                products = JacobianProducts.along(cell, x).norms();
        for (int t = 0; t < 5; t++) assertEquals(1, norms[t] / (norms[4] * products[4 - t]), 1e-5);
    }

    /** ∂L/∂(h_t, c_t) = ∂L/∂(h_T, c_T) ∂(h_T, c_T)/∂(h_t, c_t), and the loss sees only h_T. */
    @Test void reachesEachPartOfAnLstm() {
        LstmCell cell = new LstmCell(2, 3, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(4, 2);
        double[] h = GradientFlow.through("h", cell, x.reshape(4, 1, 2), s -> s.at(3).sum()).norms(),
                c = GradientFlow.through("c", cell, x.reshape(4, 1, 2), s -> s.at(3).sum()).norms();
        Tensor gradient = Tensor.of(new float[] {1, 1, 1, 0, 0, 0}, 1, 6);
        List<Jacobian> steps = JacobianProducts.along(cell, x).steps();
        assertEquals(Math.sqrt(3), h[3], 1e-5);
        for (int t = 2; t >= 0; t--) {
            gradient = gradient.matmul(steps.get(t + 1).state());
            assertEquals(1, h[t] / gradient.columns(0, 3).norm(), 1e-5);
            // The tape counts o ∘ tanh(c_t) as part of what reaches c_t.
            Tensor all = gradient.columns(3, 6).add(gradient.columns(0, 3).mul(outputByMemory(cell, x, t)));
            assertEquals(1, c[t] / all.norm(), 1e-4);
        }
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> GradientFlow.through("z", cell, x.reshape(4, 1, 2), Tensor::sum)).getMessage()
                .contains("no part z; it has [h, c]"));
    }

    /** ∂h_t/∂c_t within one step: o (1 - tanh²(c_t)). */
    private static Tensor outputByMemory(LstmCell cell, Tensor x, int t) {
        LstmState s = cell.initialState(1);
        for (int i = 0; i <= t; i++) s = cell.step(x.slice(0, i, i + 1), s);
        Tensor tanh = s.c().tanh();
        return s.h().div(tanh).mul(tanh.square().rsub(1)).detach();
    }

    @Test void leavesTheGradientOfTheInputAlone() {
        Tensor x = Tensor.ones(3, 1, 1).tracked();
        GradientFlow.through(new ElmanCell(1, 2, Nonlinearity.TANH, Rng.seed(1)), x, Tensor::sum);
        assertEquals(null, x.gradientData());
    }

    @Test void isTheMeanOverTheBatchOfNormsOverTheUnits() {
        GradientFlow flow = GradientFlow.of("a", Tensor.of(new float[] {3, 4, 0, 5, 0, 0, 0, 1}, 2, 2, 2));
        assertArrayEquals(new double[] {5, 0.5}, flow.norms(), 1e-9);
        assertEquals(10, flow.left(), 1e-9);
    }

    @Test void keepsWhatIsNotFinite() {
        GradientFlow flow = GradientFlow.of("a",
                Tensor.of(new float[] {Float.NaN, 1, Float.POSITIVE_INFINITY}, 3, 1, 1));
        assertArrayEquals(new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY}, flow.norms());
    }

    @Test void stepsThatTheLossDoesNotSeeHaveNone() {
        double[] norms = GradientFlow.through(new ScalarCell(0.8, 1), Tensor.zeros(4, 1, 1), h -> h.at(1).sum())
                .norms();
        assertArrayEquals(new double[] {0.8, 1, 0, 0}, norms, 1e-6);
    }

    @Test void whatWasNotRecordedIsAnError() {
        String states = assertThrows(IllegalStateException.class,
                () -> GradientFlow.of("mine", List.of(Tensor.ones(1, 2)))).getMessage();
        assertTrue(states.contains("none of 1 states kept a gradient; call keepGradient()"), states);
        assertThrows(IllegalStateException.class, () -> GradientFlow.of("mine", (Tensor) null));
        assertThrows(IllegalStateException.class, () -> GateMap.of("forget", null, 0));
    }

    @Test void wrongShapes() {
        assertTrue(assertThrows(ShapeException.class, () -> GradientFlow.of("a", Tensor.ones(2, 2))).getMessage()
                .contains("[2, 2]"));
        assertTrue(assertThrows(ShapeException.class,
                () -> GradientFlow.through(new ScalarCell(1, 1), Tensor.ones(2, 1), Tensor::sum)).getMessage()
                .contains("expected x of shape [T, B, 1] but got [2, 1]"));
    }

    @Test void aGateMapIsOneSequenceOfTheBatch() {
        GateMap map = GateMap.of("forget", Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 3, 2, 2), 1,
                List.of("a", "b"));
        assertArrayEquals(new float[] {2, 3, 6, 7}, map.values().data());
        assertArrayEquals(new double[] {2.5, 6.5}, map.mean());
        assertTrue(assertThrows(ShapeException.class, () -> GateMap.of("forget", Tensor.ones(3, 2, 2), 2)).getMessage()
                .contains("a sequence 2"));
        assertTrue(assertThrows(ShapeException.class,
                () -> GateMap.of("forget", Tensor.ones(1, 2, 2), 0, List.of("a", "b"))).getMessage()
                .contains("2 labels for 1 steps"));
    }
}
