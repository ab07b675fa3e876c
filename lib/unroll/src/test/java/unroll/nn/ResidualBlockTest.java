package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import unroll.Close;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.statespace.H3;
import unroll.statespace.S4d;
import unroll.statespace.SelectiveSsm;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class ResidualBlockTest {
    /** Blocks and stacks around layers of all kinds. */
    private static List<SequenceLayer> layers() {
        return List.of(ResidualBlock.of(S4d.of(4, 6).steps(.01, .3)).build(Rng.seed(1)),
                ResidualBlock.of(Lstm.of(4, 7)).build(Rng.seed(2)),
                ResidualStack.of(3, 2, S4d.of(4, 6).steps(.01, .3)).build(Rng.seed(3)),
                ResidualStack.of(3, 3, Gru.of(4, 4)).build(Rng.seed(4)),
                ResidualStack.of(3, 2, H3.of(4, 2).heads(2)).build(Rng.seed(5)),
                ResidualStack.of(3, 1, SelectiveSsm.of(4, 3)).build(Rng.seed(6)));
    }

    @Test void aBlockIsItsEquations() {
        var block = ResidualBlock.of(Lstm.of(4, 7)).build(Rng.seed(2));
        Tensor x = Rng.seed(3).normal(5, 2, 4);
        var p = block.namedParameters();
        Tensor z = block.layer().apply(new LayerNorm(4).apply(x)).states();
        Tensor both = z.mul(z.sigmoid()).matmul(p.get("mix.w")).add(p.get("mix.b"));
        Tensor expected = x.add(both.columns(0, 4).mul(both.columns(4, 8).sigmoid()));
        var out = block.apply(x);
        Close.assertClose("y", expected, out.states(), 1e-6);
        Close.assertClose("last", expected.at(4), out.last().h(), 1e-6);
    }

    @Test void wholeAndStepByStepAreOneFunction() {
        for (SequenceLayer layer : layers()) {
            Tensor x = Rng.seed(7).normal(9, 2, layer.inputSize());
            var whole = layer.apply(x);
            List<Tensor> outputs = new ArrayList<>();
            State state = layer.initialState(2);
            for (int t = 0; t < 9; t++) {
                var one = layer.apply(x.slice(0, t, t + 1), state);
                outputs.add(one.states().at(0));
                state = one.last();
                state = state.with(state.tensors());
            }
            Close.assertClose(layer + ": outputs", whole.states(), Tensor.stack(outputs), 1e-5);
            for (int i = 0; i < state.tensors().size(); i++)
                Close.assertClose(layer + ": state " + i, whole.last().tensors().get(i), state.tensors().get(i), 1e-5);
        }
    }

    /** Sequences of different lengths side by side are each as if read alone. */
    @Test void padding() {
        int[] lengths = {9, 4, 1};
        for (SequenceLayer layer : layers()) {
            Tensor x = Rng.seed(8).normal(9, 3, layer.inputSize());
            var out = layer.apply(x, Lengths.of(lengths));
            for (int b = 0; b < 3; b++) {
                var alone = layer.apply(x.slice(0, 0, lengths[b]).slice(1, b, b + 1));
                Close.assertClose(layer + ": outputs", alone.states(),
                        out.states().slice(0, 0, lengths[b]).slice(1, b, b + 1), 1e-5);
                for (int t = lengths[b]; t < 9; t++)
                    for (float v : out.states().at(t).slice(0, b, b + 1).data())
                        assertTrue(v == 0, "padding holds " + v);
                for (int i = 0; i < alone.last().tensors().size(); i++)
                    Close.assertClose(layer + ": state " + i, alone.last().tensors().get(i),
                            out.last().tensors().get(i).slice(0, b, b + 1), 1e-5);
            }
        }
    }

    @Test void gradientsAreThoseOfDifferences() {
        Tensor x = Rng.seed(2).normal(4, 2, 3);
        var stack = ResidualStack.of(3, 2, Lstm.of(4, 3)).build(Rng.seed(9));
        int[] lengths = {4, 2};
        Close.assertGradient(() -> stack.apply(x, Lengths.of(lengths)).states(),
                stack.parameters().toArray(new Parameter[0]));
    }

    @Test void dropoutActsInTrainingOnly() {
        var block = ResidualBlock.of(S4d.of(4, 6)).dropout(.9).build(Rng.seed(1));
        Tensor x = Rng.seed(3).normal(6, 2, 4);
        Tensor trained = block.apply(x).states();
        int same = 0;
        for (int i = 0; i < 48; i++) if (trained.data()[i] == x.data()[i]) same++;
        assertTrue(same > 24 && same < 48, "dropped: " + same);
        block.eval();
        assertArrayEquals(block.apply(x).states().data(), block.apply(x).states().data());
        for (int i = 0; i < 48; i++) assertTrue(block.apply(x).states().data()[i] != x.data()[i]);
    }

    @Test void mistakesAreNamed() {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> ResidualBlock.of(Gru.of(4, 4)).dropout(1))
                        .getMessage().contains("but got 1.0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ResidualStack.of(3, 0, Gru.of(4, 4))).getMessage()
                .contains("depth=0"));
        var stack = ResidualStack.of(3, 2, Gru.of(4, 4)).build(Rng.seed(1));
        State other = ResidualStack.of(3, 1, Gru.of(4, 4)).build(Rng.seed(1)).initialState(2);
        assertThrows(IllegalArgumentException.class, () -> stack.apply(Tensor.zeros(2, 2, 3), other));
    }
}
