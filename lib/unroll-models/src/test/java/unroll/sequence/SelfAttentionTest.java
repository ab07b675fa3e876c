package unroll.sequence;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class SelfAttentionTest {
    private static final SequenceLayer LAYER = SelfAttention.of(4).build(Rng.seed(1));

    @Test void aStepSeesItselfAndThePast() {
        Tensor x = Rng.seed(2).normal(3, 1, 4);
        var p = LAYER.namedParameters();
        double[][] placed = new double[3][4];
        for (int t = 0; t < 3; t++)
            for (int j = 0; j < 4; j++)
                placed[t][j] = x.get(t, 0, j)
                        + (j % 2 == 0 ? Math.sin(t / (j < 2 ? 1. : 100)) : Math.cos(t / (j < 2 ? 1. : 100)));
        double[] expected = new double[12];
        for (int t = 0; t < 3; t++) {
            double[] weight = new double[3];
            double sum = 0;
            for (int s = 0; s <= t; s++) {
                double dot = 0;
                for (int c = 0; c < 4; c++) dot += times(placed[t], p.get("wq"), c) * times(placed[s], p.get("wk"), c);
                sum += weight[s] = Math.exp(dot / 2);
            }
            double[] mean = new double[4];
            for (int s = 0; s <= t; s++)
                for (int c = 0; c < 4; c++)
                    for (int j = 0; j < 4; j++) mean[c] += weight[s] / sum * x.get(s, 0, j) * p.get("wv").get(j, c);
            for (int c = 0; c < 4; c++) expected[4 * t + c] = times(mean, p.get("wo"), c);
        }
        Close.assertClose("y", expected, LAYER.apply(x).states(), 1e-5);
    }

    private static double times(double[] row, Tensor w, int column) {
        double sum = 0;
        for (int j = 0; j < 4; j++) sum += row[j] * w.get(j, column);
        return sum;
    }

    @Test void wholeAndStepByStepAreOneFunction() {
        Tensor x = Rng.seed(3).normal(7, 2, 4);
        List<Tensor> outputs = new ArrayList<>();
        State state = LAYER.initialState(2);
        for (int t = 0; t < 7; t++) {
            var one = LAYER.apply(x.slice(0, t, t + 1), state);
            outputs.add(one.states().at(0));
            state = one.last();
        }
        var whole = LAYER.apply(x);
        Close.assertClose("outputs", whole.states(), Tensor.stack(outputs), 1e-5);
        for (int i = 0; i < 3; i++)
            Close.assertClose("state " + i, whole.last().tensors().get(i), state.tensors().get(i), 1e-5);
    }

    @Test void gradientsAreThoseOfDifferences() {
        Tensor x = Rng.seed(4).normal(4, 2, 4);
        Close.assertGradient(() -> LAYER.apply(x).states(), LAYER.parameters().toArray(new Parameter[0]));
    }

    @Test void differentLengthsAreRefused() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> LAYER.apply(Tensor.zeros(3, 2, 4), Lengths.of(3, 1))).getMessage();
        assertTrue(message.contains("[3, 1]"), message);
    }
}
