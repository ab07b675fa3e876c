package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Sequences of different lengths in one batch give what each gives alone, outputs, states and gradients. */
class LengthsTest {
    private static final int T = 7, I = 3, H = 4;
    private static final int[] LENGTHS = {7, 2, 5, 1, 7};

    static Stream<SequenceLayer> layers() {
        List<SequenceLayer> all = new ArrayList<>();
        for (RecurrentSpec<?> spec : List.of(Lstm.of(I, H), Gru.of(I, H),
                Gru.of(I, H).convention(GruConvention.KEEPS_NEW_RESET_BEFORE),
                Lstm.of(I, H).peepholes(), Rnn.of(I, H), Rnn.of(I, H, Nonlinearity.RELU),
                Rnn.of(I, H, Nonlinearity.LOGISTIC)))
            for (RecurrentSpec<?> s : List.of(spec, spec.bidirectional(), spec.bidirectionalAdded(), spec.layers(3),
                    spec.layers(3).bidirectional(),
                    spec.layers(2).separateDirections(), spec.layers(3).residual()))
                all.add(s.build(Rng.seed(1)));
        // not ReLU: a row of zeros has no norm to divide by
        for (RecurrentSpec<?> spec : List.of(Lstm.of(I, H), Gru.of(I, H), Rnn.of(I, H)))
            all.add(spec.layers(3).residual().layerNorm().build(Rng.seed(1)));
        all.add(new Unrolled<>(new LstmCell(I, H, Rng.seed(2))));
        all.add(new Unrolled<>(new GruCell(I, H, Rng.seed(2))));
        all.add(MinGru.of(I, H).build(Rng.seed(2)));
        all.add(MinLstm.of(I, H).build(Rng.seed(2)));
        all.add(InputShortcut.around(Lstm.of(I, H)).build(Rng.seed(2)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("layers") void aBatchOfMixedLengthsEqualsEachSequenceAlone(SequenceLayer layer) {
        int B = LENGTHS.length, N = layer.outputSize();
        Tensor x = Rng.seed(3).normal(T, B, I).tracked(), seed = Rng.seed(4).normal(T, B, N);
        State zero = layer.initialState(B);
        Rng starts = Rng.seed(5), ends = Rng.seed(6);
        List<Tensor> start = zero.tensors().stream().map(t -> starts.normal(t.shape()).tracked()).toList();
        List<Tensor> endSeed = zero.tensors().stream().map(t -> ends.normal(t.shape())).toList();
        layer.zeroGradients();
        SequenceLayer.Output out = layer.apply(x, zero.with(start), Lengths.of(LENGTHS));
        Tensor loss = out.states().mul(seed).sum();
        for (int i = 0; i < endSeed.size(); i++) loss = loss.add(out.last().tensors().get(i).mul(endSeed.get(i)).sum());
        loss.backward();
        List<float[]> together = layer.parameters().stream().map(p -> p.gradientData().clone()).toList();

        layer.zeroGradients();
        for (int b = 0; b < B; b++) {
            int n = LENGTHS[b], row = b;
            Tensor alone = x.detach().slice(0, 0, n).slice(1, b, b + 1).tracked();
            List<Tensor> from = start.stream().map(s -> s.detach().slice(0, row, row + 1).tracked()).toList();
            SequenceLayer.Output single = layer.apply(alone, layer.initialState(1).with(from));
            Tensor l = single.states().mul(seed.slice(0, 0, n).slice(1, b, b + 1)).sum();
            for (int i = 0; i < endSeed.size(); i++)
                l = l.add(single.last().tensors().get(i).mul(endSeed.get(i).slice(0, b, b + 1)).sum());
            l.backward();
            close(single.states(), out.states().slice(0, 0, n).slice(1, b, b + 1));
            for (int i = 0; i < endSeed.size(); i++) {
                close(single.last().tensors().get(i), out.last().tensors().get(i).slice(0, b, b + 1));
                close(from.get(i).gradient(), start.get(i).gradient().slice(0, b, b + 1));
            }
            close(alone.gradient(), x.gradient().slice(0, 0, n).slice(1, b, b + 1));
            Tensor padding = x.gradient().slice(0, n, T).slice(1, b, b + 1);
            assertEquals(0, padding.norm(), "padding gets no gradient");
        }
        for (int i = 0; i < together.size(); i++) {
            float[] sum = layer.parameters().get(i).gradientData();
            for (int k = 0; k < sum.length; k++)
                assertEquals(sum[k], together.get(i)[k], 2e-5 * (1 + Math.abs(sum[k])),
                        layer.parameters().get(i).name());
        }
    }

    private static void close(Tensor expected, Tensor actual) {
        for (int k = 0; k < expected.size(); k++)
            assertEquals(expected.data()[k], actual.data()[k], 2e-5 * (1 + Math.abs(expected.data()[k])));
    }

    @Test void whatStandsInThePaddingIsNeverLookedAt() {
        SequenceLayer layer = Gru.of(I, H).layers(2).bidirectional().build(Rng.seed(1));
        float[] values = Rng.seed(3).normal(T, 2, I).data().clone();
        Tensor clean = layer.apply(Tensor.of(values.clone(), T, 2, I), Lengths.of(T, 3)).states();
        for (int t = 3; t < T; t++) for (int i = 0; i < I; i++) values[(t * 2 + 1) * I + i] = 1e6f;
        Tensor dirty = layer.apply(Tensor.of(values, T, 2, I), Lengths.of(T, 3)).states();
        for (int k = 0; k < clean.size(); k++) assertEquals(clean.data()[k], dirty.data()[k]);
    }

    @Test void lengthsOutsideTheSequenceAreNamed() {
        SequenceLayer layer = Lstm.of(I, H).build(Rng.seed(1));
        assertSays(() -> layer.apply(Tensor.zeros(T, 2, I), Lengths.of(8, 3)), layer.toString(), "1 to 7",
                "sequence 0 has 8");
        for (int wrong : new int[] {0, -1})
            assertSays(() -> Lengths.of(wrong, 3), "at least 1", "sequence 0 has " + wrong, "leave empty");
        ShapeException e = assertThrows(ShapeException.class,
                () -> layer.apply(Tensor.zeros(T, 2, I), Lengths.of(1, 2, 3)));
        assertTrue(e.getMessage().contains("expected 2 lengths") && e.getMessage().contains("3"), e.getMessage());
    }
}
