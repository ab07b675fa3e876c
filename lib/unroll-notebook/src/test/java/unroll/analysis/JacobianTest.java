package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;
import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.recurrent.EveryCell;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.Hidden;
import unroll.recurrent.LstmCell;
import unroll.recurrent.LstmState;
import unroll.recurrent.Nonlinearity;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Jacobians against central differences and closed forms. */
class JacobianTest {
    static Stream<EveryCell> cells() { return EveryCell.all(); }

    @SuppressWarnings("unchecked") // a cell takes the states that it makes
    @ParameterizedTest
    @MethodSource("cells") void everyCellAgainstDifferences(EveryCell entry) {
        Cell<State> cell = (Cell<State>) entry.cell(3, 4, Rng.seed(5));
        Rng rng = Rng.seed(6);
        Tensor x = rng.uniform(-1, 1, 1, 3);
        State s = cell.initialState(1);
        // away from the corner of ReLU
        s = s.with(s.tensors().stream().map(t -> rng.uniform(0.2, 1, t.shape())).toList());
        Jacobian j = Jacobian.of(cell, x, s);
        int n = j.state().size(0);
        double step = 1e-2;
        for (int column = 0; column < n + 3; column++) {
            float[] above = after(cell, x, s, column, step, n), below = after(cell, x, s, column, -step, n);
            for (int row = 0; row < n; row++) {
                double exact = column < n ? j.state().get(row, column) : j.input().get(row, column - n);
                assertEquals((above[row] - below[row]) / (2 * step), exact, 2e-3,
                        entry.name() + " [" + row + ", " + column + "]");
            }
        }
    }

    /** All numbers of the state after a step from a state or input with one number changed. */
    private static float[] after(Cell<State> cell, Tensor x, State s, int number, double by, int n) {
        List<Tensor> tensors = new ArrayList<>();
        int at = 0;
        for (Tensor t : s.tensors()) {
            tensors.add(changed(t, number - at, by));
            at += t.size();
        }
        Tensor input = changed(x, number - n, by);
        return Tape.noGrad(() -> Tensor.concat(1, cell.step(input, s.with(tensors)).tensors())).data();
    }

    private static Tensor changed(Tensor t, int index, double by) {
        float[] v = t.data().clone();
        if (index >= 0 && index < v.length) v[index] += (float) by;
        return Tensor.of(v, t.shape());
    }

    @Test void ofASimpleNetworkIsSlopesTimesTheTransposedWeights() {
        ElmanCell cell = new ElmanCell(3, 5, Nonlinearity.TANH, Rng.seed(1));
        Hidden s = new Hidden(Rng.seed(2).uniform(-1, 1, 1, 5));
        Tensor x = Rng.seed(3).normal(3);
        Tensor slopes = cell.step(x.reshape(1, 3), s).h().square().rsub(1).detach().reshape(5, 1);
        Jacobian j = Jacobian.of(cell, x, s);
        Close.assertClose("state", slopes.mul(cell.parameters().get(1).transpose()).detach(), j.state(), 1e-6);
        Close.assertClose("input", slopes.mul(cell.parameters().get(0).transpose()).detach(), j.input(), 1e-6);
    }

    @Test void theMemoryOfAnLstmReachesItselfThroughTheForgetGate() {
        LstmCell cell = new LstmCell(2, 3, Rng.seed(1));
        LstmState s = new LstmState(Rng.seed(2).uniform(-1, 1, 1, 3), Rng.seed(3).uniform(-1, 1, 1, 3));
        Tensor x = Tensor.ones(1, 2);
        Tensor gates = x.matmul(cell.parameters().get(0)).add(s.h().matmul(cell.parameters().get(1)))
                .add(cell.parameters().get(2));
        Tensor forget = gates.columns(3, 6).sigmoid();
        Jacobian j = Jacobian.of(cell, x, s);
        assertEquals(List.of("h", "c"), j.names());
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) assertEquals(r == c ? forget.get(0, c) : 0, j.block("c", "c").get(r, c), 1e-6);
        assertArrayEquals(new int[] {3, 3}, j.block("h", "c").shape());
        Close.assertClose("h by h", j.state().slice(0, 0, 3).slice(1, 0, 3), j.block("h", "h"), 0);
    }

    @Test void leavesTheGradientsOfTheWeightsAlone() {
        ElmanCell cell = new ElmanCell(2, 2, Nonlinearity.TANH, Rng.seed(1));
        float[] before = {1, 2, 3, 4};
        cell.parameters().get(1).accumulate(before);
        Jacobian.of(cell, Tensor.ones(2), cell.initialState(1));
        assertArrayEquals(before, cell.parameters().get(1).gradientData());
        assertEquals(null, cell.parameters().get(0).gradientData());
    }

    @Test void wrongShapes() {
        LstmCell cell = new LstmCell(2, 3, Rng.seed(1));
        assertTrue(assertThrows(ShapeException.class, () -> Jacobian.of(cell, Tensor.ones(3), cell.initialState(1)))
                .getMessage()
                .contains("expected one input of 2 numbers but got shape [3]"));
        assertTrue(assertThrows(ShapeException.class, () -> Jacobian.of(cell, Tensor.ones(2), cell.initialState(4)))
                .getMessage()
                .contains("[4, 3]"));
        Jacobian j = Jacobian.of(cell, Tensor.ones(2), cell.initialState(1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> j.block("z", "c")).getMessage()
                .contains("no part z; it has [h, c]"));
    }
}
